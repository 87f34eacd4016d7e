"""From a file of outside to clean files: upright, in sRGB, and with nothing left of where and with what."""

from __future__ import annotations

import io
from pathlib import Path

import piexif
import pytest
import pyvips
from PIL import Image

from koor.flow.hub.media.renditions import make
from koor.flow.hub.media.tests.pictures import MARK, jpeg_segments, marked, photo, webp_chunks

KINDS = ("jpeg", "png", "webp", "gif", "heic")
WAYS = tuple(range(1, 9))
TURNED = [  # a kind is read in its own way, and turned as all others: each way of one kind, one way of each
    pytest.param(way, kind, marks=() if kind == "jpeg" or way == 6 else pytest.mark.long)
    for kind in ("jpeg", "png", "webp", "heic")
    for way in WAYS
]


def put(tmp_path: Path, data: bytes) -> tuple[Path, Path]:
    source, folder = tmp_path / "from-outside", tmp_path / "made"
    source.write_bytes(data)
    folder.mkdir(exist_ok=True)
    return source, folder


def near(pixel: object, wanted: tuple[int, int, int], within: int = 40) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= within for one, other in zip(pixel[:3], wanted, strict=True))


def upright(image: Image.Image) -> bool:
    width, height = image.size
    dots = image.convert("RGB")
    corners = [(5, 5), (width - 6, 5), (width - 6, height - 6), (5, height - 6)]
    colours = [(220, 20, 20), (20, 180, 20), (20, 20, 220), (250, 250, 250)]
    return all(near(dots.getpixel(place), colour) for place, colour in zip(corners, colours, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_picture_gets_three_widths_in_two_formats(tmp_path: Path, kind: str) -> None:
    source, folder = put(tmp_path, marked(kind, size=(1600, 1200)))
    made = make(source, folder)
    assert (made.format, made.width, made.height, made.frames) == (kind, 1600, 1200, 1)
    sizes = [(400, 300), (1080, 810), (1600, 1200)]
    assert [(one.width, one.height) for one in made.renditions] == [size for size in sizes for _ in ("webp", "jpeg")]
    for one in made.renditions:
        with Image.open(folder / one.name) as image:
            assert image.size == (one.width, one.height)
            assert image.mode == "RGB"
            assert Image.MIME[image.format or ""] == one.mime
            assert upright(image)
        assert (folder / one.name).stat().st_size == one.bytes
    assert {path.name for path in folder.iterdir()} == {one.name for one in made.renditions}


@pytest.mark.broad
@pytest.mark.parametrize(("way", "kind"), TURNED)
def test_picture_comes_out_upright(tmp_path: Path, kind: str, way: int) -> None:
    source, folder = put(tmp_path, marked(kind, orientation=way))
    made = make(source, folder)
    assert (made.width, made.height) == (640, 480)
    for one in made.renditions:
        assert upright(Image.open(folder / one.name)), (kind, way, one.name)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_of_place_device_and_owner(tmp_path: Path, kind: str) -> None:
    data = marked(kind, orientation=1)
    assert MARK in data, "the test itself must plant its marks"
    source, folder = put(tmp_path, data)
    for one in make(source, folder).renditions:
        bytes_made = (folder / one.name).read_bytes()
        for spelling in (
            MARK,
            MARK.decode().encode("utf-16le"),
            MARK.decode().encode("utf-16be"),
            b"GPS",
            b"Exif",
            b"http",
        ):
            assert spelling not in bytes_made
        with Image.open(io.BytesIO(bytes_made)) as image:
            assert not dict(image.getexif())
            harmless = "jfif jfif_version jfif_unit jfif_density progressive progression loop background timestamp"
            assert set(image.info) <= {*harmless.split(), "duration"}
        if one.mime == "image/jpeg":
            tags = piexif.load(bytes_made)
            assert not any(tags.values())
            assert not [marker for marker in jpeg_segments(bytes_made) if marker == 0xFE or 0xE1 <= marker <= 0xEF]
        else:
            assert set(webp_chunks(bytes_made)) == {b"VP8 "}


def test_what_is_see_through_becomes_white(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "PNG")
    source, folder = put(tmp_path, out.getvalue())
    for one in make(source, folder).renditions:
        assert near(Image.open(folder / one.name).convert("RGB").getpixel((10, 10)), (255, 255, 255))


def test_colours_are_converted_not_dropped(tmp_path: Path) -> None:
    """A phone writes green as other numbers with a profile beside them (Display P3); ours has to look the same."""
    plain = pyvips.Image.new_from_array([[0] * 300] * 200).new_from_image([20, 180, 20]).cast("uchar")
    plain = plain.copy(interpretation="srgb")
    wide = plain.icc_transform("p3", input_profile="srgb")
    assert abs(wide.getpoint(9, 9)[0] - 20) > 40, "the test itself must use other numbers"
    source, folder = put(tmp_path, wide.write_to_buffer(".jpg", Q=95))
    for one in make(source, folder).renditions:
        assert near(Image.open(folder / one.name).convert("RGB").getpixel((9, 9)), (20, 180, 20), within=8)


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "P", "I;16", "RGBA", "LA"])
def test_every_kind_of_colour_becomes_rgb(tmp_path: Path, mode: str) -> None:
    out = io.BytesIO()
    image = photo().convert("L").convert(mode) if mode != "I;16" else Image.new("I;16", (300, 200), 40_000)
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")
    source, folder = put(tmp_path, out.getvalue())
    for one in make(source, folder).renditions:
        assert Image.open(folder / one.name).mode == "RGB"


def test_moving_picture_gives_its_first_frame(tmp_path: Path) -> None:
    for kind in ("GIF", "WEBP"):
        out = io.BytesIO()
        frames = [photo(), *(Image.new("RGB", (640, 480), (9, 9, 9 * n)) for n in range(1, 5))]
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
        source, folder = put(tmp_path, out.getvalue())
        made = make(source, folder)
        assert (made.frames, made.height) == (5, 480)
        assert upright(Image.open(folder / made.renditions[-1].name))


def test_small_picture_is_never_enlarged(tmp_path: Path) -> None:
    for size in ((200, 150), (1, 1), (3, 900)):
        out = io.BytesIO()
        photo(*size).save(out, "PNG")
        source, folder = put(tmp_path, out.getvalue())
        made = make(source, folder)
        assert (made.renditions[-1].width, made.renditions[-1].height) == size


def test_the_same_picture_in_another_size_and_format_has_nearly_the_same_fingerprint(tmp_path: Path) -> None:
    prints = []
    for kind, size in (("jpeg", (1600, 1200)), ("webp", (640, 480)), ("heic", (800, 600))):
        source, folder = put(tmp_path, marked(kind, size=size))
        prints.append(int(make(source, folder).fingerprint, 16))
    assert all((prints[0] ^ other).bit_count() <= 6 for other in prints)
    other = io.BytesIO()
    Image.radial_gradient("L").resize((640, 480)).save(other, "JPEG")
    source, folder = put(tmp_path, other.getvalue())
    assert (prints[0] ^ int(make(source, folder).fingerprint, 16)).bit_count() > 10
