"""Which house this is: a copy, or one that was restored before messages and letters were held too."""

from pathlib import Path
from typing import Any

import pytest

from koor.ground.people.models import House
from koor.kernel.identity import COPIED, RESTORED, identity, is_apart
from koor.shell.preparation import know_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(house: House, tmp_path: Path, settings: Any) -> Path:
    settings.KOOR_HOME = tmp_path
    House.objects.update(identity=identity(tmp_path))
    return tmp_path


@pytest.mark.parametrize("said", [COPIED, f"{RESTORED}2026-05-01T12:00: look at what was due."])
def test_what_was_restored_before_is_apart_too(home: Path, said: str) -> None:
    House.objects.update(publishing_held=said)
    heard: list[str] = []
    know_house(heard.append)
    assert is_apart(home)
    assert len(heard) == 1
    know_house(heard.append)
    assert len(heard) == 1  # said once


@pytest.mark.parametrize("said", ["", "A fire in the workshop"])
def test_a_pause_is_not_a_copy(home: Path, said: str) -> None:
    House.objects.update(publishing_held=said)
    know_house(lambda _line: None)
    assert not is_apart(home)


def test_a_copy_is_apart_and_held(home: Path) -> None:
    (home / "house").unlink()
    know_house(lambda _line: None)
    assert is_apart(home)
    assert House.objects.get().publishing_held == COPIED
