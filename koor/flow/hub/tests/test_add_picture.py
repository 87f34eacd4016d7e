"""A picture for a post, opened at once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from koor.flow.hub import actions, queries
from koor.flow.hub.logic import Photo
from koor.flow.hub.media.tests.pictures import MARK, marked
from koor.flow.hub.models import Medium
from koor.flow.hub.tests.conftest import jpeg
from koor.ground.people.models import Person
from koor.kernel import files
from koor.kernel.access import Refused


@pytest.mark.parametrize("way", ["bytes", "path", "stream"])
def test_it_is_clean_and_ready(bram: Person, tmp_path: Path, way: str) -> None:
    data = marked("jpeg", size=(1600, 1200))
    (tmp_path / "a.jpg").write_bytes(data)
    content = {"bytes": data, "path": tmp_path / "a.jpg", "stream": io.BytesIO(data)}[way]
    medium = actions.add_picture(by=bram, photo=Photo("a.jpg", content), alt="A cabinet")
    assert (medium.alt, medium.width, medium.renditions.count()) == ("A cabinet", 1600, 6)
    sent = files.read(queries.rendition(medium, width=2048).file)
    assert MARK not in sent
    assert Image.open(io.BytesIO(sent)).size == (1600, 1200)


def test_the_right_size_is_found(bram: Person) -> None:
    medium = actions.add_picture(by=bram, photo=Photo("a.jpg", jpeg(1600, 1200)))
    width = lambda **asked: getattr(queries.rendition(medium, **asked), "width", None)  # noqa: E731
    assert [width(width=300), width(width=1000), width(width=9000)] == [400, 1080, 1600]
    small = min(one.file.size for one in medium.renditions.filter(format="jpeg"))
    assert width(width=9000, most_bytes=small) == 400
    assert width(most_bytes=10) is None


def test_what_is_no_photo_says_why(bram: Person) -> None:
    with pytest.raises(Refused, match="SVG"):
        actions.add_picture(by=bram, photo=Photo("a.svg", b"<svg xmlns='x'/>"))
    assert not Medium.objects.exists()
