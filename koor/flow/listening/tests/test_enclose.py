"""Files that came with what somebody said: pictures and voices are made clean and shown, of others the name is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from koor.flow.hub.media.reasons import MediaTrouble, PictureRefused, Reason
from koor.flow.hub.media.renditions import Picture, Rendition
from koor.flow.listening import queries
from koor.flow.listening.actions import changing, enclosing, storing
from koor.flow.listening.choices import SourceKind
from koor.flow.listening.models import Change, Enclosure, Mention, Source
from koor.ground.channels.contract import Enclosed, Incoming
from koor.ground.people.models import Person
from koor.kernel import clock, files
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import StoredFile, ToldFact

JPEG, VOICE = b"\xff\xd8\xff\xe0" + bytes(60), b"OggS" + bytes(60)
Came = Callable[..., list[Enclosure]]


@pytest.fixture
def came(house: object) -> Came:
    """Somebody says something with these files: `came(Enclosed("a.jpg", b"…"), …)`."""
    source = Source.objects.create(name="Letters", kind=SourceKind.FILE, made_at=clock.now())

    def make(*enclosed: Enclosed) -> list[Enclosure]:
        storing.store_entries(source, [Incoming("1", "Els", text="Kijk", files=enclosed)], "jsonl")
        return list(Enclosure.objects.all())

    return make


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """What the closed process makes of a file: these sizes, or the reason why not."""

    def answers(made: Any) -> None:
        def make(_source: Path, place: Path, **_only: Any) -> Picture:
            if isinstance(made, Exception):
                raise made
            for one in made:
                (place / one.name).write_bytes(f"{one.width}".encode())
            return Picture("jpeg", 4000, 3000, 1, "00ff00ff00ff00ff", tuple(made))

        monkeypatch.setattr(enclosing, "make", make)

    return answers


def test_a_picture_is_kept_clean_in_a_size_for_a_page(
    came: Came, opened: Callable[[Any], None], visit: Callable[[Person], Client], marloes: Person
) -> None:
    (row,) = came(Enclosed("De ketel.jpg", JPEG))
    browser, page = visit(marloes), reverse("listening:mention", args=[row.mention_id])
    assert "De ketel.jpg: being made ready" in browser.get(page).content.decode()
    assert (row.kind, row.size, row.address) == ("photo", len(JPEG), "")
    sizes = [(400, "webp"), (400, "jpeg"), (1080, "jpeg"), (2048, "jpeg")]
    opened([Rendition(f"{width}.{kind}", f"image/{kind}", width, 300, 3) for width, kind in sizes])
    for _again in range(2):
        enclosing.open_enclosure(row.pk)
    row.refresh_from_db()
    assert row.file
    assert (row.width, row.upload, files.read(row.file)) == (1080, None, b"1080")
    assert row.address.endswith(".jpg")
    assert f'<img src="{row.address}" alt="De ketel.jpg"' in browser.get(page).content.decode()
    assert StoredFile.objects.count() == 1  # the one that came in is gone
    assert ToldFact.objects.filter(kind__endswith="EnclosureReady").count() == 1


@pytest.mark.parametrize(
    ("error", "says"), [(PictureRefused(Reason.TOO_HEAVY), Reason.TOO_HEAVY), (FileNotFoundError(), Reason.BROKEN)]
)
def test_what_can_t_be_opened_says_why(
    came: Came, opened: Callable[[Any], None], error: Exception, says: Reason
) -> None:
    (row,) = came(Enclosed("note.ogg", VOICE))
    opened(error)
    enclosing.open_enclosure(row.pk)
    row.refresh_from_db()
    assert (row.kind, row.problem, row.file, row.upload) == ("voice", says.sentence, None, None)
    assert not StoredFile.objects.exists()


def test_trouble_of_the_house_is_said_and_tried_again(
    came: Came, opened: Callable[[Any], None], marloes: Person
) -> None:
    (row,) = came(Enclosed("De ketel.jpg", JPEG))
    opened(MediaTrouble("no memory"))
    for _try in range(4):  # as often as the task tries
        with pytest.raises(MediaTrouble):
            enclosing.open_enclosure(row.pk)
    row.refresh_from_db()
    assert (row.problem, row.upload is None) == (enclosing.NOT_NOW, False)
    assert ToldFact.objects.filter(kind__endswith="EnclosureReady").count() == 1  # so open pages say it
    enclosing.open_again(by=marloes, enclosure=row)
    row.refresh_from_db()
    assert row.problem == ""
    opened([Rendition("400.jpeg", "image/jpeg", 400, 300, 3)])
    enclosing.open_enclosure(row.pk)
    row.refresh_from_db()
    assert (row.problem, row.width) == ("", 400)
    with pytest.raises(Refused):
        enclosing.open_again(by=marloes, enclosure=row)


def test_what_waits_is_taken_up_by_the_hour(came: Came) -> None:
    (row,) = came(Enclosed("De ketel.jpg", JPEG))
    jobs = ProcrastinateJob.objects.filter(task_name="koor:listening.open_enclosure")
    jobs._raw_delete("default")  # its process ended halfway
    for age, found in ((timedelta(minutes=5), 0), (timedelta(hours=1), 1), (timedelta(days=3), 0)):
        Mention.objects.update(stored_at=clock.now() - age)
        assert enclosing.open_waiting(by=SYSTEM) == found
    assert [job.args for job in jobs] == [{"enclosure": row.pk}]


def test_a_document_is_kept_as_it_was_drawn_anew(
    came: Came, opened: Callable[[Any], None], visit: Callable[[Person], Client], marloes: Person
) -> None:
    rows = came(Enclosed("De offerte.pdf", b"%PDF-1.7 an offer"), Enclosed("slot.pdf", b"%PDF-1.7 locked"))
    made = [("400.jpg", "image/jpeg", 400), ("document.pdf", "application/pdf", 1600)]
    for row, found in zip(
        rows, ([Rendition(*one, 300, 3) for one in made], PictureRefused(Reason.DOCUMENT_LOCKED)), strict=True
    ):
        opened(found)
        enclosing.open_enclosure(row.pk)
        row.refresh_from_db()
    whole, locked = rows
    assert whole.file
    assert (whole.kind, whole.file.mime, files.read(whole.file)) == ("document", "application/pdf", b"1600")
    assert (locked.file, locked.problem) == (None, enclosing.NOT_READ)
    page = visit(marloes).get(reverse("listening:mention", args=[whole.mention_id])).content.decode()
    assert f'href="{whole.address}"' in page
    assert "De offerte.pdf</a>" in page


def test_of_other_files_only_the_name_is_kept(came: Came) -> None:
    rows = came(
        Enclosed("page.zip", b"PK\x03\x04 a page"),
        Enclosed("nothing.jpg", b""),
        Enclosed("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(60)),
        Enclosed("large.zip", b"", problem="It is too large."),
    )
    assert [row.name for row in rows] == ["page.zip", "nothing.jpg", "film.mp4", "large.zip"]
    assert [row.problem for row in rows] == [
        enclosing.NOT_OPENED, enclosing.EMPTY, enclosing.NOT_OPENED, "It is too large.",
    ]  # fmt: skip
    assert not StoredFile.objects.exists()
    found = queries.enclosures_of([Mention.objects.get().pk])
    assert found == {Mention.objects.get().pk: rows}


def test_one_that_went_while_it_was_opened_is_left_alone(came: Came, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = came(Enclosed("a.jpg", JPEG))

    def slow(*_given: Any, **_only: Any) -> Picture:
        Enclosure.objects.all().delete()
        raise PictureRefused(Reason.BROKEN)

    monkeypatch.setattr(enclosing, "make", slow)
    enclosing.open_enclosure(row.pk)
    assert not ToldFact.objects.filter(kind__endswith="EnclosureReady").exists()


def test_what_is_taken_back_takes_its_files_along(came: Came, opened: Callable[[Any], None]) -> None:
    (row, _voice) = came(Enclosed("De ketel.jpg", JPEG), Enclosed("Zo klinkt hij.ogg", VOICE))
    opened([Rendition("400.webp", "image/webp", 400, 300, 3), Rendition("1080.jpeg", "image/jpeg", 1080, 300, 3)])
    enclosing.open_enclosure(row.pk)
    assert StoredFile.objects.count() == 2, "one is ready, one waits"
    source = Source.objects.get()
    Change.objects.create(source=source, external_id="1", deleted=True, at=clock.now(), stored_at=clock.now())
    with transaction.atomic():
        changing.change_what_is_here(source, {"1"})
    assert not StoredFile.objects.exists()
    assert not Mention.objects.exists()
