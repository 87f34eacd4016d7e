"""Faces are proposed where the package is there; what is hidden can't be brought back."""

from __future__ import annotations

import io
import math
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from koor.flow.hub.media import boxes, faces, renditions
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.boxes import Box, box
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.hub.media.tests.faces import crowd, jpeg_of
from koor.flow.hub.media.tests.films import recorded

looks = pytest.mark.optional("faces", "cv2")
TWO = ((200, 200, 240), (900, 300, 120))


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.jpg"
    path.write_bytes(jpeg_of(crowd(TWO)))
    return path


def made(source: Path, tmp_path: Path, *hide: Box) -> dict[str, Path]:
    folder = tmp_path / "made"
    folder.mkdir(exist_ok=True)
    picture = renditions.make(source, folder, hide=hide)
    return {one.name: folder / one.name for one in picture.renditions}


# ── Geometry ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(*(st.floats(allow_nan=True, allow_infinity=True) for _ in range(4)))
def test_a_box_lies_within_the_picture_or_there_is_none(left: float, top: float, wide: float, high: float) -> None:
    found = box(left, top, wide, high)
    if found is None:
        return
    assert all(0 <= part <= 1 for part in found)
    assert found.left + found.wide <= 1.00002
    assert boxes.overlap(found, found) == pytest.approx(1)
    for width, height in ((1, 1), (3, 2000), (2048, 1536)):
        x, y, across, down = found.dots(width, height)
        assert 0 <= x < x + across <= width
        assert 0 <= y < y + down <= height


@pytest.mark.parametrize(
    "said", [(0, 0, 0, 1), (2, 0, 1, 1), (-1, 0, 1, 1), (0, 0, math.nan, 1), (0, 0, math.inf, 1), (0.5, 0.5, 0.001, 1)]
)
def test_what_is_no_box_is_none(said: tuple[float, float, float, float]) -> None:
    assert box(*said) is None


def test_a_box_is_cut_off_at_the_edge() -> None:
    assert box(-0.5, 0.9, 1, 1) == Box(0, 0.9, 0.5, 0.1)
    assert boxes.read(boxes.written([(-0.5, 0.9, 1, 1)])) == [Box(0, 0.9, 0.5, 0.1)]


@given(st.integers(1, 4096), st.integers(1, 4096))
def test_few_blocks_stay(width: int, height: int) -> None:
    across, down = boxes.blocks(width, height)
    assert 1 <= across <= min(width, boxes.LONGEST)
    assert 1 <= down <= min(height, boxes.LONGEST)


def test_two_places_far_apart_share_nothing() -> None:
    assert boxes.overlap(Box(0, 0, 0.1, 0.1), Box(0.5, 0.5, 0.1, 0.1)) == 0


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@looks
def test_faces_are_proposed_with_room_around_them(two: Path) -> None:
    found = renditions.find_faces(two)
    assert found is not None
    assert len(found) == 2
    for (left, top, width), place in zip(TWO, found, strict=True):
        x, y, across, down = place.dots(1600, 1200)
        assert x <= left + width * 0.2
        assert x + across >= left + width * 0.8
        assert y <= top + width * 0.5
        assert y + down >= top + width


@looks
def test_a_picture_without_faces_has_no_proposals(tmp_path: Path) -> None:
    plain = tmp_path / "plain.jpg"
    plain.write_bytes(jpeg_of(crowd(())))
    assert renditions.find_faces(plain) == []


def test_without_the_package_nobody_looks(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renditions, "can_look", lambda: False)
    assert renditions.find_faces(two) is None


@looks
def test_what_can_t_be_read_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "none.jpg").write_bytes(b"\xff\xd8\xffnothing")
    with pytest.raises(MediaTrouble):
        renditions.find_faces(tmp_path / "none.jpg")


@looks
def test_the_child_has_no_network_and_little_memory(two: Path) -> None:
    code, said, errors = renditions._run("faces", [str(two)], two.parent, 30, None)
    assert (code, b'"shut": true' in said) == (0, True), errors


# ── Hiding ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@looks
def test_what_is_hidden_is_hidden_in_every_size(two: Path, tmp_path: Path) -> None:
    found = renditions.find_faces(two)
    assert found
    for name, path in made(two, tmp_path, *found).items():
        picture = tmp_path / f"again-{name}.jpg"
        picture.write_bytes(jpeg_of(Image.open(path).convert("RGB")))
        assert renditions.find_faces(picture) == [], name


def test_only_a_few_blocks_stay_and_the_rest_is_untouched(two: Path, tmp_path: Path) -> None:
    place = Box(0.125, 0.2, 0.15, 0.25)
    files = made(two, tmp_path, place)
    largest = Image.open(files["1600.jpg"]).convert("RGB")
    x, y, across, down = place.dots(1600, 1200)
    columns, rows = boxes.blocks(across, down)
    assert (columns, rows) == (4, 5)
    for column, line in product(range(columns), range(rows)):  # one colour each, but for what JPEG makes of it
        corner = (x + column * across // columns, y + line * down // rows)
        block = largest.crop((*corner, corner[0] + across // columns, corner[1] + down // rows))
        inner = block.crop((8, 8, block.width - 8, block.height - 8))
        assert all(most - least < 12 for least, most in inner.getextrema()), (column, line)  # type: ignore[misc]
    before = Image.open(two).convert("RGB")
    for spot in ((x - 20, y - 20), (x + across + 20, y + down + 20), (960, 440)):
        was, now = before.getpixel(spot), largest.getpixel(spot)
        assert all(abs(one - other) < 16 for one, other in zip(was, now, strict=True)), spot  # type: ignore[arg-type]


def test_the_same_picture_twice_gives_other_blocks(two: Path, tmp_path: Path) -> None:
    place = Box(0.125, 0.2, 0.15, 0.25)
    first = made(two, tmp_path, place)["400.jpg"].read_bytes()
    assert made(two, tmp_path, place)["400.jpg"].read_bytes() != first


@pytest.mark.broad
@pytest.mark.parametrize(
    ("size", "places"),
    [
        ((3, 3), [Box(0, 0, 1, 1)]),
        ((1, 900), [Box(0, 0.5, 1, 0.1)]),
        ((4000, 30), [Box(0.99, 0.9, 0.01, 0.1)]),
        ((640, 480), [Box(0, 0, 1, 1), Box(0.1, 0.1, 0.004, 0.9), Box(0.996, 0.996, 0.004, 0.004)]),
        ((1200, 800), [Box(n / 40, n / 40, 0.3, 0.02) for n in range(28)]),
    ],
)
def test_odd_sizes_are_hidden_too(tmp_path: Path, size: tuple[int, int], places: list[Box]) -> None:
    source = tmp_path / "odd.png"
    Image.effect_noise(size, 90).convert("RGB").save(source)
    for path in made(source, tmp_path, *places).values():
        assert Image.open(io.BytesIO(path.read_bytes())).size[0] <= size[0]


def test_a_film_hides_nothing(tmp_path: Path) -> None:
    source = tmp_path / "film.mp4"
    source.write_bytes(recorded("mp4"))
    with pytest.raises(ValueError, match="photos only"):
        renditions.make(source, tmp_path, hide=[Box(0, 0, 1, 1)])
    assert renditions.check(source) is Kind.FILM


def test_the_module_says_whether_it_can_look() -> None:
    assert isinstance(faces.can_look(), bool)
