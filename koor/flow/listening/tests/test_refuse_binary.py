"""A file that is no text is refused as a whole; of lines that can't be read no more are kept than somebody mends."""

import gzip
import io
import json
import random
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from koor.flow.listening import actions
from koor.flow.listening.actions import storing
from koor.flow.listening.logic.plain import looked_at
from koor.flow.listening.models import Mention, RawEvent, Source
from koor.ground.people.models import House, Person
from koor.kernel.access import SYSTEM, Refused

NOISE = random.Random(5).randbytes(300_000)
POST = json.dumps({"id": "1", "author": "Els", "text": "Eén", "created_at": "2026-11-20T09:00:00Z"})
BINARIES = {
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + NOISE, "a picture or a document"),
    "png": (b"\x89PNG\r\n\x1a\n" + NOISE, "a picture or a document"),
    "pdf": (b"%PDF-1.7\n" + NOISE, "a picture or a document"),
    "gzip": (gzip.compress(POST.encode() * 100), "packed"),
    "spreadsheet": (b"PK\x03\x04" + NOISE, "packed"),
    "utf-16": (f"text\n{POST}".encode("utf-16"), "UTF-16"),
    "utf-16 without a mark": (f"text\n{POST}".encode("utf-16-le"), "not text"),
    "noise": (b"text\n" + NOISE, "not text"),
}


def bring_in(content: bytes, form: str = "jsonl") -> actions.Tally:
    return actions.import_file(by=SYSTEM, source_name="Foto", stream=io.BytesIO(content), form=form)[1]


@pytest.mark.parametrize("form", ["jsonl", "csv", "rss"])
@pytest.mark.parametrize("kind", BINARIES)
def test_what_is_no_text_leaves_nothing_behind(house: House, kind: str, form: str) -> None:
    content, words = BINARIES[kind]
    with pytest.raises(Refused, match=words if (kind, form) != ("utf-16", "rss") else "not a feed"):
        bring_in(content, form)
    assert not RawEvent.objects.exists()
    assert (form == "rss" and kind == "utf-16") or not Source.objects.exists()


def test_a_feed_may_be_in_utf_16(house: House) -> None:
    feed = """<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><title>Borculo</title>
        <item><guid>1</guid><title>Café open</title></item></channel></rss>"""
    assert bring_in(feed.encode("utf-16"), "rss").stored == 1


def test_one_line_of_nonsense_between_good_ones_is_set_aside(house: House) -> None:
    other = POST.replace('"1"', '"2"')
    tally = bring_in(f"{POST}\n\x00\x01\x02\n{other}\n".encode())
    assert (tally.stored, tally.quarantined) == (2, 1)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00"])
def test_an_empty_or_tiny_file_is_no_riddle(house: House, content: bytes) -> None:
    assert bring_in(content).stored == 0


def test_a_file_that_cannot_go_back_is_read_from_its_beginning() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    content = b"".join(b"%d\n" % number for number in range(60_000))
    stream, why_not = looked_at(Pipe(content), "csv")
    assert (b"".join(iter(stream.readline, b"")), why_not) == (content, "")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "BATCH", 4)
    monkeypatch.setattr(storing, "MOST_BROKEN", 5)


def test_only_the_first_that_cannot_be_read_are_kept(house: House, small: None) -> None:
    content = "\n".join([*(f"nope {n}" for n in range(9)), POST]).encode()
    tally = bring_in(content)
    assert tally.as_dict() == {
        "read": 10,
        "stored": 1,
        "duplicates": 0,
        "matched": 0,
        "quarantined": 5,
        "passed_over": 4,
    }
    assert (RawEvent.objects.count(), Mention.objects.count()) == (6, 1)
    assert "4 more could not be read" in tally.beyond()
    again = bring_in(content)
    assert (again.quarantined, again.passed_over, again.duplicates, RawEvent.objects.count()) == (5, 4, 1, 6)


LONG = "a" * 1_000_000


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (f'{{"id": 0, "text": "{LONG}", "author": "x"}}\n{LONG}\n{POST}', "jsonl"),
        (f'text\n{LONG}\n"{LONG}\nEén', "csv"),
        (f"<rss><channel><item><title>{LONG}</title></item><item><title>Eén</title></item></channel></rss>", "rss"),
    ],
)
def test_lines_of_a_million_signs_break_only_themselves(house: House, content: str, form: str) -> None:
    assert bring_in(content.encode(), form).stored == 1
    assert Mention.objects.get().text == "Eén"
    assert all(len(event.body) <= 110_000 for event in RawEvent.objects.all())


def test_the_page_says_both(visit: Callable[[Person], Client], marloes: Person, small: None) -> None:
    browser, address = visit(marloes), reverse("listening:import")
    file = SimpleUploadedFile("foto.jpg", BINARIES["jpeg"][0])
    answer = browser.post(address, {"source": "Foto", "file": file})
    assert answer.status_code == 422
    assert "a picture or a document" in answer.content.decode()
    lines = SimpleUploadedFile("x.jsonl", b"\n".join(b"no %d" % n for n in range(8)))
    answer = browser.post(address, {"source": "Lijst", "file": lines}, follow=True)
    assert "3 more could not be read" in answer.content.decode()
