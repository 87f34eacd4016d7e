"""Which sizes a picture gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from koor.flow.hub.media.sizes import LONGEST, MAX_SIDE, WIDTHS, sizes_for, too_heavy


@pytest.mark.parametrize(
    ("width", "height", "widths"),
    [
        (4000, 3000, [400, 1080, 2048]),
        (3000, 4000, [400, 1080, 2048]),
        (2048, 10, [400, 1080, 2048]),
        (1200, 900, [400, 800, 1200]),
        (1080, 1080, [400, 720, 1080]),
        (640, 480, [213, 400, 640]),
        (450, 300, [150, 300, 450]),
        (200, 150, [67, 133, 200]),
        (3, 3, [1, 2, 3]),
        (2, 2, [1, 2]),
        (1, 1, [1]),
        (3000, 30_000, [137, 273, 410]),
    ],
)
def test_three_widths_and_never_larger_than_the_picture(width: int, height: int, widths: list[int]) -> None:
    assert [one for one, _ in sizes_for(width, height)] == widths


@given(some.integers(3, MAX_SIDE), some.integers(1, MAX_SIDE))
def test_every_picture_gets_sizes_that_fit(width: int, height: int) -> None:
    sizes = sizes_for(width, height)
    assert 1 <= len(sizes) <= len(WIDTHS)
    assert len({wide for wide, _ in sizes}) == len(sizes)
    assert all(1 <= wide <= width and 1 <= high <= min(max(height, 1), LONGEST) for wide, high in sizes)
    if height <= width * 1000:
        assert len(sizes) == 3


def test_what_takes_too_long_is_known_by_its_header() -> None:
    """A phone's photo always fits, also of 48 megapixels; what was measured to take over two seconds does not."""
    for kind, megapixels, megabytes, heavy in (
        ("heic", 48, 7.5, False),
        ("heic", 12, 3, False),
        ("heic", 100, 12, True),
        ("jpeg", 100, 40, False),
        ("jpeg slow", 99, 18, False),
        ("jpeg slow", 99, 34, True),
        ("webp", 99, 15, False),
        ("webp", 99, 25, True),
        ("webp lossless", 99, 37, False),
        ("png", 100, 40, False),
        ("gif", 79, 31, False),
        ("gif", 99, 5, True),
    ):
        assert too_heavy(kind, megapixels * 1_000_000, round(megabytes * 1_000_000)) is heavy, kind
