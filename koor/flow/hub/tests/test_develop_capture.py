"""From what came in to what stands in the library, by the worker."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from koor.flow.hub import actions, queries, tasks
from koor.flow.hub.actions import captures, giving_up
from koor.flow.hub.choices import CaptureState
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.hub.media.renditions import Picture
from koor.flow.hub.media.tests.documents import pdf_of
from koor.flow.hub.media.tests.pictures import MARK, marked, png_of
from koor.flow.hub.models import Capture, Item, Letter, Medium
from koor.flow.hub.tests.conftest import YES, jpeg
from koor.ground.people.models import Person
from koor.kernel import clock, files
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import Mail, StoredFile, ToldFact


@pytest.mark.django_db(transaction=True)
def test_the_worker_puts_it_into_the_library(bram: Person, run_jobs: Callable[[], None]) -> None:
    photos = [Photo("IMG_1.jpg", marked("jpeg", 6, (1600, 1200))), Photo("IMG_2.heic", marked("heic"))]
    made = actions.capture(by=bram, photos=photos, sentence="Two photos", portrayed=[InPicture("Jelle", YES)])
    run_jobs()
    made.refresh_from_db()
    assert (made.state, made.reason) == (CaptureState.READY, "")
    item = queries.item(bram, Item.objects.get(capture=made).pk)
    assert (item.kind, item.title, item.by, item.state) == ("photo", "Two photos", bram, "new")
    first, second = item.media.all()
    assert (first.width, first.height, first.upload) == (1600, 1200, None)
    assert [(one.format, one.width) for one in queries.renditions_of(made) if one.medium_id == first.pk] == [
        (form, width) for width in (400, 1080, 1600) for form in ("jpeg", "webp")
    ]
    assert len({one.width for one in second.renditions.all()}) == 3
    assert [one.name for one in item.portrayed.all()] == ["Jelle"]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_place_and_device_is_left_in_the_house(
    bram: Person, run_jobs: Callable[[], None], house: object
) -> None:
    data = marked("jpeg")
    assert MARK in data
    made = actions.capture(by=bram, photos=[Photo("IMG_1.jpg", data)])
    upload = made.media.get().upload
    assert upload is not None
    assert files.default_storage.exists(upload.path)
    run_jobs()
    for one in queries.renditions_of(made):
        assert MARK not in files.read(one.file)
        assert not dict(Image.open(io.BytesIO(files.read(one.file))).getexif())
    assert StoredFile.objects.filter(mime="application/octet-stream").count() == 0
    assert not files.default_storage.exists(upload.path)


def test_a_second_run_does_nothing(bram: Person, photo: Photo) -> None:
    made = actions.capture(by=bram, photos=[photo])
    for _ in range(2):
        actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    assert Item.objects.count() == 1
    assert Medium.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<svg xmlns='x'></svg>", "drawing"),
        (jpeg()[:900], "broken"),
        (png_of(20_000, 10_000), "too_many_pixels"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_reason(bram: Person, data: bytes, reason: str) -> None:
    made = actions.capture(by=bram, photos=[Photo("IMG_1.jpg", data)], sentence="Kept")
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.reason, made.sentence) == (CaptureState.REFUSED, reason, "Kept")
    assert queries.reason_sentence(made).endswith(".")
    assert not Item.objects.exists()
    assert not StoredFile.objects.exists()


def test_one_bad_photo_does_not_spoil_the_others(bram: Person, photo: Photo) -> None:
    made = actions.capture(by=bram, photos=[photo, Photo("x.pdf", b"%PDF-1.4")])
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.reason, made.media.count()) == (CaptureState.READY, "document", 1)
    assert queries.reason_sentence(made).startswith("Not every photo")


def trouble(*_: object, **__: object) -> None:
    raise MediaTrouble("no memory on this machine")


def test_trouble_of_our_own_is_no_refusal(bram: Person, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    made = actions.capture(by=bram, photos=[photo])
    monkeypatch.setattr(captures, "make", trouble)
    with pytest.raises(MediaTrouble):
        actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    monkeypatch.undo()
    made.refresh_from_db()
    assert made.state == CaptureState.RECEIVED
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    made.refresh_from_db()
    assert made.state == CaptureState.READY


def test_trouble_without_end_is_told_after_two_days(
    bram: Person, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = actions.capture(by=bram, photos=[photo])
    film = Medium.objects.create(by=bram, kind="film", upload=files.store(b"x", mime="video/mp4", name="a.mp4"))
    tasks.sweep_captures(0)
    made.refresh_from_db()
    assert made.state == CaptureState.RECEIVED
    later = clock.now() + timedelta(days=2, minutes=1)
    with clock.fixed(later):
        tasks.sweep_captures(0)  # the worker stood still for a weekend: nothing was tried yet
    made.refresh_from_db()
    assert made.state == CaptureState.RECEIVED
    monkeypatch.setattr(captures, "make", trouble)
    for _time in range(giving_up.TRIES):
        with pytest.raises(MediaTrouble):
            actions.develop_capture(by=SYSTEM, capture_id=made.pk)
        with pytest.raises(MediaTrouble):
            actions.develop_medium(by=SYSTEM, medium_id=film.pk)
    Letter.objects.create(capture=made, person=bram, validity=1, uid=1, key="a", state="taken", at=clock.now())
    with clock.fixed(later):
        for _time in range(2):
            tasks.sweep_captures(0)
    made.refresh_from_db()
    film.refresh_from_db()
    assert (made.state, made.media.count(), film.refused) == (CaptureState.REFUSED, 1, "not_now")
    assert film.upload is not None  # no fault of the file
    assert [one.to for one in Mail.objects.filter(kind="hub.mailed")] == [bram.email]
    assert queries.reason_sentence(made).startswith("The house tried for two days")


def test_what_was_given_up_is_tried_again_by_who_sent_it(client: Client, bram: Person, hanna: Person) -> None:
    made = actions.capture(by=bram, photos=[Photo("a.jpg", jpeg())])
    document = actions.add_document(by=bram, document=Photo("a.pdf", pdf_of(1)), title="Verslag", alt="Wat we deden")
    page, pages = f"/capture/{made.pk}/again/", document.media.get()
    client.force_login(bram)
    client.post(page)  # nothing to try again yet
    Capture.objects.update(state=CaptureState.REFUSED, reason="not_now", tries=60)
    Medium.objects.filter(pk=pages.pk).update(refused="not_now", tries=60)
    assert page in client.get(f"/capture/{made.pk}/").content.decode()
    assert f"/pictures/{pages.pk}/again/" in client.get(f"/library/{document.pk}/").content.decode()
    client.force_login(hanna)
    assert client.post(page).status_code == 404
    assert client.post(f"/pictures/{pages.pk}/again/").status_code == 403
    client.force_login(bram)
    for address in (page, page, f"/pictures/{pages.pk}/again/"):
        assert client.post(address).status_code == 302
    made.refresh_from_db()
    pages.refresh_from_db()
    assert (made.state, made.tries, pages.refused, pages.tries) == (CaptureState.RECEIVED, 0, "", 0)
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    actions.develop_medium(by=SYSTEM, medium_id=pages.pk)
    made.refresh_from_db()
    assert made.state == CaptureState.READY
    assert queries.recording(Medium.objects.get(pk=pages.pk)) is not None
    Capture.objects.update(state=CaptureState.REFUSED, reason="broken")
    with pytest.raises(Refused):  # a fault of the file itself
        actions.try_capture_again(by=bram, capture=made)


def test_what_was_taken_back_is_not_opened(bram: Person, photo: Photo) -> None:
    made = actions.capture(by=bram, photos=[photo])
    actions.withdraw_capture(by=bram, capture=made)
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    assert not Item.objects.exists()


def test_an_upload_that_vanished_is_refused(bram: Person, photo: Photo) -> None:
    made = actions.capture(by=bram, photos=[photo])
    upload = made.media.get().upload
    assert upload is not None
    files.default_storage.delete(upload.path)
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.reason) == (CaptureState.REFUSED, "broken")


def test_a_curator_can_hear_of_it(bram: Person, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(captures.events, "tell", told.append)
    made = actions.capture(by=bram, photos=[photo])
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    assert [repr(fact) for fact in told] == [f"CaptureReady(capture_id={made.pk})"]
    assert not ToldFact.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_waits_too_long_is_taken_up_again(bram: Person, photo: Photo, run_jobs: Callable[[], None]) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    made = actions.capture(by=bram, photos=[photo])
    ProcrastinateJob.objects.all()._raw_delete("default")  # a job that died with its database connection
    Capture.objects.update(received_at=clock.now() - timedelta(hours=1))
    tasks.sweep_captures(0)
    tasks.sweep_captures(0)
    run_jobs()
    made.refresh_from_db()
    assert made.state == CaptureState.READY


def test_a_medium_without_its_upload_is_refused(bram: Person, photo: Photo) -> None:
    made = actions.capture(by=bram, photos=[photo])
    made.media.update(upload=None)
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.reason) == (CaptureState.REFUSED, "broken")


def test_two_workers_at_once_make_one_item(bram: Person, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one was ready first, while this one was still opening the photo."""
    made = actions.capture(by=bram, photos=[photo])
    real = captures.make

    def slow(*arguments: Path, **more: Any) -> Picture:
        monkeypatch.setattr(captures, "make", real)
        actions.develop_capture(by=SYSTEM, capture_id=made.pk)
        return real(*arguments, **more)

    monkeypatch.setattr(captures, "make", slow)
    actions.develop_capture(by=SYSTEM, capture_id=made.pk)
    assert (Item.objects.count(), Medium.objects.count()) == (1, 1)
