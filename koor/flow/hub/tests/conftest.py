"""What the tests of the hub share: photos, a project, and a capture that is in the library already."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from typing import Any

import pytest
from PIL import Image

from koor.flow.hub import actions, queries
from koor.flow.hub.actions import mailbox as reading
from koor.flow.hub.actions.captures import _finish
from koor.flow.hub.choices import Agrees
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.media.renditions import Picture, Rendition
from koor.flow.hub.models import Capture, Item, Mailbox, Medium
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import clock, panels, secrets
from koor.kernel.access import SYSTEM


@cache
def jpeg(width: int = 640, height: int = 480, colour: int = 90) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).point(lambda dot: (dot + colour) % 256).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photo() -> Photo:
    return Photo("IMG_2041.jpg", jpeg())


@pytest.fixture
def flat(db: None) -> Project:
    return Project.objects.create(name="Meter cupboards, flat De Slagheurne")


@pytest.fixture
def bare_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the numbers that other rooms put beside their places: they cost queries of their own."""
    monkeypatch.setattr(panels, "_counts", {})


@pytest.fixture
def show(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Item]:
    """`show(bram, "One sentence", jelle=Agrees.YES)`: a capture that stands in the library, without opening a photo."""

    def made(by: Person, sentence: str = "The first cabinet without help", *, photos: int = 1, **who: Any) -> Item:
        project, people, alt = who.pop("project", None), who.pop("people", {}), who.pop("alt", "A cabinet with wires")
        inside = [InPicture(name, agrees, people.get(name)) for name, agrees in who.items()]
        given = [Photo(f"{n}.jpg", f"{by.pk} {sentence} {n}".encode()) for n in range(photos)]
        capture = actions.capture(by=by, photos=given, sentence=sentence, project=project, portrayed=inside)
        place = tmp_path_factory.mktemp("made")
        sizes = [Rendition(f"{w}.{e}", m, w, w * 3 // 4, 3) for w in (400, 1080, 2048) for e, m in KINDS]
        for one in sizes:
            (place / one.name).write_bytes(jpeg(one.width, one.height) if made.whole else jpeg(40, 30))  # type: ignore[attr-defined]
        picture = Picture("jpeg", 4000, 3000, 1, "00ff00ff00ff00ff", tuple(sizes))
        _finish(capture, [(medium, picture, place) for medium in capture.media.all()], SYSTEM)
        Medium.objects.filter(capture=capture).update(alt=alt)
        return Item.objects.get(capture=capture)

    made.whole = False  # type: ignore[attr-defined]
    return made


@pytest.fixture
def whole(show: Any) -> None:
    """Pictures of `show` have the size that they say."""
    show.whole = True


KINDS = (("webp", "image/webp"), ("jpg", "image/jpeg"))
YES, NO, ASK = Agrees.YES, Agrees.NO, Agrees.ASK
__all__ = ["ASK", "NO", "YES", "Capture", "jpeg"]


# ── Letters that come in ──────────────────────────────────────────────────────────────────────────────────────────────


OWN = "photos@reurslag.example"
SERVER = "mx.reurslag.example"


@pytest.fixture
def box(noon: datetime, db: None) -> Mailbox:
    password = secrets.seal(b"secret", reading.CONTEXT)
    return Mailbox.objects.create(
        pk=1, address=OWN, host="imap.reurslag.example", user="photos", password=password, server_name=SERVER,
        validity=7, read_at=clock.now(),
    )  # fmt: skip


def letter(to: str, text: str = "The new board is in.", *files: bytes, **headers: str) -> bytes:
    made = EmailMessage()
    first = {"From": "Bram <bram@private.example>", "Subject": "Photo", "Message-ID": "<1@phone>", "To": to}
    for name, value in (first | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        made[name] = value
    made.set_content(text)
    for number, content in enumerate(files):
        made.add_attachment(content, "image", "jpeg", filename=f"IMG_{number}.jpg")
    return made.as_bytes()


def address_of(person: Person) -> str:
    actions.make_address(by=person)
    return queries.own_address(person)[1]
