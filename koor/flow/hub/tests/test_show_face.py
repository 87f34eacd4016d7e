"""A colleague's own photo: clean, small, and gone when it is taken away."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from koor.flow.hub import actions
from koor.flow.hub.media.tests.pictures import MARK, marked
from koor.ground.people.models import Person
from koor.kernel import files
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import StoredFile


def test_it_is_clean_and_small(bram: Person, visit: Callable[..., Any]) -> None:
    shown = actions.show_face(by=bram, person=bram, photo=marked("jpeg", size=(1600, 1200)))
    content = files.read(shown.picture)
    assert MARK not in content
    assert Image.open(io.BytesIO(content)).size[0] == 400
    served = visit(None).get(shown.picture_url)  # beside what they post in the newsroom
    assert served.status_code == 200
    assert served["Content-Type"] == "image/webp"


def test_another_one_takes_its_place(bram: Person, visit: Callable[..., Any]) -> None:
    first = actions.show_face(by=bram, person=bram, photo=marked("jpeg"))
    second = actions.show_face(by=bram, person=bram, photo=marked("png"))
    assert first.picture_handle != second.picture_handle
    assert StoredFile.objects.count() == 1
    client = visit(bram)
    assert "Take my photo away" in client.get(reverse("hub:face")).content.decode()
    client.post(reverse("hub:face_take_away"))
    bram.refresh_from_db()
    assert (bram.picture, bram.picture_url) == (None, "")
    assert not StoredFile.objects.exists()


def test_only_ones_own(bram: Person, henk: Person) -> None:
    with pytest.raises(Forbidden):
        actions.show_face(by=henk, person=bram, photo=marked("jpeg"))


def test_what_is_no_photo_says_why(bram: Person, visit: Callable[..., Any]) -> None:
    with pytest.raises(Refused, match="SVG"):
        actions.show_face(by=bram, person=bram, photo=b"<svg xmlns='x'/>")
    client = visit(bram)
    for content in (b"", b"hello", b"<svg xmlns='x'/>"):
        answer = client.post(reverse("hub:face"), {"photo": SimpleUploadedFile("me.jpg", content)})
        assert "errorlist" in answer.content.decode()
    assert not StoredFile.objects.exists()
    photo = SimpleUploadedFile("me.jpg", marked("jpeg"), content_type="image/jpeg")
    assert client.post(reverse("hub:face"), {"photo": photo}).status_code == 302
    assert "/files/" in client.get(reverse("people:me_edit")).content.decode()
