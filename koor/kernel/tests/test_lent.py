"""A file that a platform may fetch: by its ticket alone, for some hours, and only where the world can reach us."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from koor.kernel import files, lent
from koor.kernel.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(settings: Any) -> StoredFile:
    settings.KOOR_URL = "https://koor.reurslag.example"
    return files.store(b"jpeg", mime="image/jpeg")


def test_fetched_by_its_ticket(photo: StoredFile) -> None:
    address = lent.address_of(photo)
    assert address.startswith("https://koor.reurslag.example/lent/")
    assert address.endswith("/media.jpg")
    path = address.removeprefix("https://koor.reurslag.example")
    answer = Client().get(path)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"jpeg")  # type: ignore[attr-defined]
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert Client().get(path.replace("/lent/", "/lent/x")).status_code == 404
    assert Client().get(files.url_of(photo)).status_code == 404  # without the ticket it stays inside
    with time_machine.travel(timezone.now() + timedelta(hours=7)):
        assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "url", ["http://koor.example", "https://localhost:8300", "https://10.0.0.8", "https://koor.lan", "https://koor", ""]
)
def test_not_where_nobody_comes(photo: StoredFile, settings: Any, url: str) -> None:
    settings.KOOR_URL = url
    assert lent.address_of(photo) == ""
    assert not lent.is_reachable()
