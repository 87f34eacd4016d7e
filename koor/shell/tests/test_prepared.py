"""A start that finds nothing to prepare: what it notices, and that doubt means preparing again."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from koor.ground.people.models import House, Person
from koor.kernel.identity import identity, renew
from koor.shell import prepared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    identity(tmp_path)
    yield tmp_path
    with connection.cursor() as cursor:  # this table outlives a test
        cursor.execute("delete from django_migrations where app = 'of a test'")


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small Koor of its own, so that a test may change it."""
    folder = tmp_path / "code"
    (folder / "room" / "migrations").mkdir(parents=True)
    (folder / "room" / "migrations" / "0001.py").write_text("one")
    (folder / "room" / "tests").mkdir()
    monkeypatch.setattr(prepared, "CODE", folder)
    return folder


def test_nothing_has_changed(home: Path, house: House) -> None:
    prepared.remember(home, ["as said"], demo=True)
    assert prepared.still_holds(home, demo=True) == ["as said"]
    assert stat.S_IMODE((home / "prepared").stat().st_mode) == 0o600


def test_never_prepared(home: Path, house: House) -> None:
    assert prepared.still_holds(home, demo=False) is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"mark": 1}', "null", "\x00"])
def test_a_broken_mark_means_prepare_again(home: Path, house: House, content: str) -> None:
    (home / "prepared").write_text(content)
    assert prepared.still_holds(home, demo=False) is None


def _other_migrations(home: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into django_migrations (app, name, applied) values ('of a test', 'other', now())")


def _other_house(home: Path) -> None:
    House.objects.all().delete()


def _a_colleague_left(home: Path) -> None:
    Person.objects.update(is_active=False)


def _copied(home: Path) -> None:
    renew(home)


def _a_new_file(home: Path) -> None:
    (home / "code" / "room" / "migrations" / "0002.py").write_text("two")


def _a_changed_file(home: Path) -> None:
    file = home / "code" / "room" / "migrations" / "0001.py"
    file.write_text("eno")
    os.utime(file, ns=(1, 1))


def _static_files_gone(home: Path) -> None:
    (home / "static" / ".gathered").unlink()


def _another_address(home: Path) -> None:
    os.environ["KOOR_URL"] = "https://other.example"


CHANGES = (
    _other_migrations,
    _other_house,
    _a_colleague_left,
    _copied,
    _a_new_file,
    _a_changed_file,
    _static_files_gone,
    _another_address,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_it_is_noticed(
    home: Path, code: Path, bram: Person, change: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOOR_URL", "https://koor.example")
    (home / "static").mkdir()
    (home / "static" / ".gathered").write_text("these")
    prepared.remember(home, [], demo=False)
    assert prepared.still_holds(home, demo=False) == []
    assert prepared.still_holds(home, demo=True) is None
    change(home)
    assert prepared.still_holds(home, demo=False) is None


def test_tests_and_caches_do_not_matter(home: Path, code: Path, house: House) -> None:
    prepared.remember(home, [], demo=False)
    (code / "room" / "tests" / "test_new.py").write_text("new")
    assert prepared.still_holds(home, demo=False) == []


def test_without_a_database_it_is_prepared_again(home: Path, house: House) -> None:
    prepared.remember(home, [], demo=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", "postgresql://koor@/koor?host=/nowhere")
        assert prepared.still_holds(home, demo=False) is None
