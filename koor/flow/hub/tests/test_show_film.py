"""A film and a voice note, from what came in to what stands in the library."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from koor.flow.hub import actions, queries, tasks
from koor.flow.hub.actions import captures
from koor.flow.hub.choices import CaptureState
from koor.flow.hub.logic import Photo
from koor.flow.hub.media.tests.films import MARK, recorded
from koor.flow.hub.models import Capture, Item
from koor.flow.hub.tests.conftest import jpeg
from koor.ground.people.models import Person
from koor.kernel import clock, files
from koor.kernel.access import SYSTEM


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_a_film_ready(bram: Person, run_jobs: Callable[[], None], client: Client) -> None:
    made = actions.capture(by=bram, photos=[Photo("IMG_1.MOV", recorded("mov"))], sentence="Turn it on")
    client.force_login(bram)
    waiting = client.get(f"/capture/{made.pk}/").content.decode()
    assert "it goes on by itself" in waiting
    run_jobs()
    made.refresh_from_db()
    assert (made.state, made.reason) == (CaptureState.READY, "")
    item = queries.item(bram, Item.objects.get(capture=made).pk)
    medium = item.media.get()
    assert (item.kind, medium.kind, medium.progress, medium.upload) == ("film", "film", 100, None)
    assert {one.format for one in medium.renditions.all()} == {"jpeg", "webp", "mp4"}
    assert all(MARK.encode() not in files.read(one.file) for one in queries.renditions_of(made))
    film = queries.recording(medium)
    assert film is not None
    page = client.get(f"/library/{item.pk}/").content.decode()
    assert f'src="{files.url_of(film.file)}" poster=' in page
    assert "autoplay" not in page
    assert "0:01" in client.get("/library/").content.decode()


def test_a_voice_note_stands_in_the_library(bram: Person, client: Client) -> None:
    made = actions.capture(by=bram, photos=[Photo("note.ogg", recorded("ogg"))], sentence="What I saw")
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    item = Item.objects.get(capture=made)
    assert (item.kind, item.media.get().width) == ("voice", None)
    client.force_login(bram)
    for address in (f"/library/{item.pk}/", f"/capture/{made.pk}/"):
        assert "<audio" in client.get(address).content.decode()
    assert client.get("/library/").status_code == client.get("/capture/mine/").status_code == 200


def test_a_photo_among_films_makes_it_a_photo(bram: Person) -> None:
    made = actions.capture(by=bram, photos=[Photo("a.mp4", recorded("mp4")), Photo("b.jpg", jpeg())])
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    assert [one.kind for one in made.media.all()] == ["film", "photo"]
    assert Item.objects.get(capture=made).kind == "photo"


def test_how_far_it_is(bram: Person) -> None:
    made = actions.capture(by=bram, photos=[Photo("a.mp4", recorded("mp4"))])
    captures._tell(made.media.get(), 0.424)
    assert made.media.get().progress == 42


@pytest.mark.django_db(transaction=True)
def test_a_film_that_waits_too_long_is_taken_up_again(bram: Person, run_jobs: Callable[[], None]) -> None:
    from datetime import timedelta

    from procrastinate.contrib.django.models import ProcrastinateJob

    made = actions.capture(by=bram, photos=[Photo("a.mp4", recorded("mp4"))])
    ProcrastinateJob.objects.all()._raw_delete("default")
    Capture.objects.update(received_at=clock.now() - timedelta(hours=1))
    tasks.sweep_captures(0)
    assert "koor:hub.develop_film" in ProcrastinateJob.objects.values_list("task_name", flat=True)
    run_jobs()
    made.refresh_from_db()
    assert made.state == CaptureState.READY
