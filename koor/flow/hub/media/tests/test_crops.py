"""Which part of a picture a shape shows, and that it is cut so."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from koor.flow.hub.media.crops import Box, Cut, box, cut_of, fits, kept, nearest
from koor.flow.hub.media.cutting import cut
from koor.flow.hub.media.reasons import MediaTrouble
from koor.ground.channels.contract import RATIOS

FEED = ("landscape", "square", "portrait")


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (Cut(), Box(500, 0, 1000, 1000)),
        (Cut(0, 0), Box(0, 0, 1000, 1000)),
        (Cut(100, 50), Box(1000, 0, 1000, 1000)),
        (Cut(30, 50), Box(100, 0, 1000, 1000)),
        (Cut(50, 10, 200), Box(750, 0, 500, 500)),
        (Cut(99, 99, 300), Box(1667, 667, 333, 333)),
    ],
)
def test_a_square_follows_the_point_and_stays_within(cut: Cut, expected: Box) -> None:
    assert box(2000, 1000, 1.0, cut) == expected


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2048, 1), (1080, 1351)])
def test_no_picture_is_too_odd(size: tuple[int, int]) -> None:
    for ratio in RATIOS.values():
        found = box(*size, ratio, Cut(100, 100, 300))
        assert found.left + found.width <= size[0]
        assert found.top + found.height <= size[1]
        assert min(found.width, found.height) >= 1


def test_the_nearest_shape_takes_least_away() -> None:
    assert nearest(1600, 1200, FEED, RATIOS) == "square"
    assert nearest(1200, 1600, FEED, RATIOS) == "portrait"
    assert nearest(1920, 1080, FEED, RATIOS) == "landscape"
    assert kept(100, 100, 1.0) == 1
    assert fits(1600, 1200, FEED, RATIOS)
    assert not fits(1200, 1600, FEED, RATIOS)
    assert not fits(1600, 1200, ("story",), RATIOS)


@pytest.mark.parametrize("kept_as", [None, "x", [1, 2], [1, 2, "3"], {"x": 1}])
def test_nonsense_is_no_cut(kept_as: object) -> None:
    assert cut_of(kept_as, Cut(1, 2)) == Cut(1, 2)
    assert cut_of([-5, 300, 9000], Cut()) == Cut(0, 100, 300)


def test_it_is_cut_so(tmp_path: Path) -> None:
    picture = Image.new("RGB", (400, 200), "white")
    picture.paste("red", (300, 0, 400, 200))
    picture.save(tmp_path / "whole.jpg", quality=95)
    made = cut(tmp_path / "whole.jpg", tmp_path, box(400, 200, 0.5, Cut(100, 50)))
    with Image.open(io.BytesIO(made.read_bytes())) as found:
        assert found.size == (100, 200)
        red, green, _blue = found.getpixel((50, 100))  # type: ignore[misc]
        assert red > 200
        assert green < 60


def test_what_is_no_picture_is_said(tmp_path: Path) -> None:
    (tmp_path / "whole.jpg").write_bytes(b"no picture")
    with pytest.raises(MediaTrouble):
        cut(tmp_path / "whole.jpg", tmp_path, Box(0, 0, 1, 1))
