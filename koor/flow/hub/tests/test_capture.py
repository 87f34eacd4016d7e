"""A colleague shows something: it comes in at once, and once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.choices import CaptureState
from koor.flow.hub.logic import MAX_PHOTOS, MAX_PORTRAYED, InPicture, Photo
from koor.flow.hub.models import Capture, Medium
from koor.flow.hub.tests.conftest import ASK, NO, YES, jpeg
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import files
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, StoredFile


def test_it_comes_in_at_once(noon: datetime, bram: Person, flat: Project, photo: Photo) -> None:
    people = [InPicture("Jelle  Kuiper", YES, bram), InPicture("Somebody right", ASK)]
    made = actions.capture(by=bram, photos=[photo], sentence=" All labelled. ", project=flat, portrayed=people)
    assert (made.state, made.sentence, made.project, made.received_at) == ("received", "All labelled.", flat, noon)
    upload = made.media.get().upload
    assert upload is not None
    assert files.read(upload) == photo.content
    assert [(one.name, one.agrees, one.person) for one in made.portrayed.order_by("pk")] == [
        ("Jelle Kuiper", "yes", bram),
        ("Somebody right", "ask", None),
    ]
    entry = AuditEntry.objects.get(verb="hub.capture")
    assert (entry.actor_name, entry.target_id, entry.detail) == ("Bram Wolters", made.pk, {"photos": 1})


def test_the_same_capture_again_is_the_same(bram: Person, photo: Photo) -> None:
    key = uuid.uuid4()
    first = actions.capture(by=bram, photos=[photo], sentence="One", client_id=key)
    again = actions.capture(by=bram, photos=[photo], sentence="One", client_id=key)
    assert again.pk == first.pk
    assert (Capture.objects.count(), Medium.objects.count(), StoredFile.objects.count()) == (1, 1, 1)


def test_another_colleague_does_not_get_it_by_its_key(bram: Person, henk: Person, photo: Photo) -> None:
    made = actions.capture(by=bram, photos=[photo], client_id=uuid.uuid4())
    with pytest.raises(Refused):
        actions.capture(by=henk, photos=[photo], client_id=made.client_id)


@pytest.mark.django_db(transaction=True)
def test_ten_times_at_once_is_one(bram: Person) -> None:
    key, failures = uuid.uuid4(), []

    def send() -> None:
        try:
            actions.capture(by=bram, photos=[Photo("a.jpg", jpeg())], client_id=key)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (Capture.objects.count(), Medium.objects.count(), StoredFile.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("photos", "sentence", "people", "field"),
    [
        (0, "", 0, "photos"),
        (MAX_PHOTOS + 1, "", 0, "photos"),
        (1, "x" * 501, 0, "sentence"),
        (1, "x" * 1_000_000, 0, "sentence"),
        (1, "", MAX_PORTRAYED + 1, "portrayed"),
    ],
)
def test_too_little_or_too_much_is_refused(
    bram: Person, photo: Photo, photos: int, sentence: str, people: int, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.capture(by=bram, photos=[photo] * photos, sentence=sentence, portrayed=[InPicture("x")] * people)
    assert refusal.value.field == field
    assert not Capture.objects.exists()


def test_who_left_shows_nothing(bram: Person, photo: Photo) -> None:
    bram.is_active = False
    with pytest.raises(Forbidden):
        actions.capture(by=bram, photos=[photo])


def test_another_does_not_see_it(bram: Person, henk: Person, photo: Photo) -> None:
    made = actions.capture(by=bram, photos=[photo], portrayed=[InPicture("Henk", NO)])
    assert queries.capture(bram, made.pk) == made
    assert queries.waiting(bram) == 1
    with pytest.raises(NotFound):
        queries.capture(henk, made.pk)
    assert made.state == CaptureState.RECEIVED


def test_the_next_photo_is_of_the_same_project(noon: datetime, bram: Person, flat: Project, photo: Photo) -> None:
    assert queries.capture_start(bram).project is None
    flat.people.add(bram)
    assert (queries.capture_start(bram).project, queries.capture_start(bram).how) == (flat, "mine")
    actions.capture(by=bram, photos=[photo], project=flat)
    assert queries.capture_start(bram).how == "last"
    Project.objects.filter(pk=flat.pk).update(state="done")
    attic = Project.objects.create(name="Attic")
    attic.people.add(bram)
    assert (queries.capture_start(bram).project, queries.capture_start(bram).how) == (attic, "mine")


def test_the_project_that_one_chooses_at_this_time_of_the_week_is_proposed_with_why(
    noon: datetime, bram: Person, henk: Person, flat: Project, photo: Photo, visit: Callable[[Person | None], Client]
) -> None:
    other = Project.objects.create(name="Attic")
    days = {7: flat, 14: flat, 1: other}
    for ago, project in days.items():
        made = actions.capture(by=bram, photos=[photo], project=project)
        Capture.objects.filter(pk=made.pk).update(received_at=noon - timedelta(days=ago))
    start = queries.capture_start(bram)
    assert (start.project, start.how) == (flat, "habit")
    assert "as you often choose on this day and time" in visit(bram).get("/capture/").content.decode()
    assert queries.capture_start(henk).project is None
    Project.objects.filter(pk=flat.pk).update(state="done")
    assert (queries.capture_start(bram).project, queries.capture_start(bram).how) == (other, "last")
