"""The child process: `python -I -m koor.flow.hub.media.worker SOURCE FOLDER [PLACES]`.

Opens one file from outside, hides PLACES in it (`boxes.written`), writes its renditions into FOLDER and one line of
JSON to standard output: {"picture": {…}} or {"refused": reason}. Imports the decoders only after the process is shut
in."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koor.flow.hub.media import boxes, sandbox
from koor.flow.hub.media.boxes import Box
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.sizes import MAX_FRAMES, MAX_PIXELS, MAX_SIDE, sizes_for, too_heavy
from koor.flow.hub.media.sniff import HEAD_BYTES, Format, picture_format

if TYPE_CHECKING:
    import pyvips

MEMORY = 512 * 1024 * 1024
PROCESSOR_SECONDS = 6  # on both cores together
WRITTEN = 60_000_000  # of one file
_SHRINK: dict[str, Any] = {"size": "force", "export_profile": "srgb", "intent": "perceptual"}
_COARSE, _SHIFT = 24, 20  # of 255: how coarse the colour of a hidden block is, and how far it is shifted at most
_FORMS: dict[str, dict[str, Any]] = {"webp": {"Q": 80, "effort": 2}, "jpg": {"Q": 84, "optimize_coding": True}}
_MIME = {"webp": "image/webp", "jpg": "image/jpeg"}
_LOADERS = {Format.JPEG: "jpegload", Format.PNG: "pngload", Format.WEBP: "webpload", Format.GIF: "gifload"}


def main(source: str, folder: str, places: str = "[]") -> int:
    def make() -> dict[str, Any]:
        return picture(source, Path(folder), boxes.read(places))

    limits = {"memory": MEMORY, "seconds": PROCESSOR_SECONDS, "written": WRITTEN}
    return sandbox.answered(make, heavy=Reason.TOO_HEAVY, **limits)


def picture(source: str, folder: Path, places: Sequence[Box] = ()) -> dict[str, Any]:
    """Decodes `source` once, hides what is to be hidden, and writes all renditions of that. Raises `PictureRefused`,
    or OSError for our own trouble."""
    import pyvips

    with open(source, "rb") as file:
        found = picture_format(file.read(HEAD_BYTES))
    try:
        base, width, height, frames = _opened(found, source)
        base = hidden(base.copy_memory(), places)
        written = all_written(base, sizes_for(width, height), folder)
        made = {"format": found.value, "width": width, "height": height, "frames": frames}
        return {**made, "fingerprint": fingerprint(base), "renditions": written}
    except pyvips.Error as error:
        if "no space left" in str(error).lower():
            raise OSError(str(error)) from error  # not the file's fault: worth trying again
        raise PictureRefused(_why(str(error))) from error


def _opened(found: Format, source: str) -> tuple[pyvips.Image, int, int, int]:
    """The picture in its largest rendition (not decoded yet), its own upright width and height, and its frames."""
    import pyvips

    if found is Format.HEIC:
        image = _from_heic(source)
        return _shrunk(image), image.width, image.height, 1
    width, height, frames = _measure(source, _LOADERS[found])
    wide, high = sizes_for(width, height)[-1]
    shrunk = pyvips.Image.thumbnail(source, wide, height=high, fail_on="error", **_SHRINK)
    return plain(shrunk), width, height, frames


def _measure(source: str, loader: str) -> tuple[int, int, int]:
    """Upright width and height and the number of frames, from the header alone. Raises `PictureRefused`."""
    import pyvips

    head = pyvips.Image.new_from_file(source, access="sequential")
    if not head.get("vips-loader").startswith(loader):
        raise PictureRefused(Reason.OTHER_FORMAT)
    check_size(head.width, head.height)
    turned = head.get_typeof("orientation") and head.get("orientation") >= 5
    frames = head.get("n-pages") if head.get_typeof("n-pages") else 1
    if frames > MAX_FRAMES:
        raise PictureRefused(Reason.TOO_MANY_FRAMES)
    check_cost(_kind(head, loader), head.width * head.height, source, frames)
    return (head.height, head.width, frames) if turned else (head.width, head.height, frames)


def check_size(width: int, height: int) -> None:
    """Before anything is decoded. Raises `PictureRefused`."""
    if width * height > MAX_PIXELS:
        raise PictureRefused(Reason.TOO_MANY_PIXELS)
    if max(width, height) > MAX_SIDE:
        raise PictureRefused(Reason.TOO_LONG)


def check_cost(kind: str, dots: int, source: str, frames: int = 1) -> None:
    """The same, by what it takes to open; of a moving picture the first frame is. Raises `PictureRefused`."""
    if too_heavy(kind, dots, os.path.getsize(source) // frames):
        raise PictureRefused(Reason.TOO_HEAVY)


def _kind(head: pyvips.Image, loader: str) -> str:
    """How it is written, as `sizes.COST` has it."""
    kind = loader.removesuffix("load")
    if kind == "webp":
        with open(str(head.filename), "rb") as file:
            return "webp lossless" if b"VP8L" in file.read(HEAD_BYTES) else kind
    slow = kind in ("jpeg", "png") and head.get_typeof("interlaced") and head.get("interlaced")
    return f"{kind} slow" if slow else kind


def _from_heic(source: str) -> pyvips.Image:
    """HEIC through libheif; it turns the picture upright by itself. Raises `PictureRefused`."""
    import pillow_heif
    import pyvips

    pillow_heif.options.DECODE_THREADS = 2
    try:
        opened = pillow_heif.open_heif(source, convert_hdr_to_8bit=True)
        check_size(*opened.size)
        check_cost("heic", math.prod(opened.size), source)
        data, bands = opened.data, len(opened.mode)
    except (PictureRefused, MemoryError):
        raise
    except Exception as error:  # a damaged file makes this library fail in every way there is
        raise PictureRefused(_why(str(error))) from error
    return _vips_from(opened, data, bands, pyvips)


def _vips_from(opened: Any, data: Any, bands: int, pyvips: Any) -> pyvips.Image:
    width, height = opened.size
    wide = pyvips.Image.new_from_memory(data, opened.stride // bands, height, bands, "uchar")
    image = wide.crop(0, 0, width, height).copy(interpretation="srgb" if bands >= 3 else "b-w")
    profile = opened.info.get("icc_profile")
    if profile:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


def _shrunk(image: pyvips.Image) -> pyvips.Image:
    wide, high = sizes_for(image.width, image.height)[-1]
    return plain(image.thumbnail_image(wide, height=high, **_SHRINK))


def plain(image: pyvips.Image) -> pyvips.Image:
    """Three bands of 8 bits in sRGB; what is see-through becomes white."""
    image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=255)
    return image.cast("uchar")


def all_written(base: pyvips.Image, sizes: Sequence[tuple[int, int]], folder: Path) -> list[dict[str, Any]]:
    """Every size in every form, two at a time: an encoder keeps one core busy."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        shrunk = [pool.submit(_in_size, base, size) for size in sizes]
        images = [one.result() for one in shrunk]
        # The longest first, so that the two end together
        asked = [pool.submit(_write, image, form, folder) for form in _FORMS for image in reversed(images)]
        return sorted((one.result() for one in asked), key=lambda made: (made["width"], made["name"]))


def _in_size(base: pyvips.Image, size: tuple[int, int]) -> pyvips.Image:
    width, height = size
    return base if base.width == width else base.thumbnail_image(width, height=height, size="force").copy_memory()


def _write(image: pyvips.Image, form: str, folder: Path) -> dict[str, Any]:
    """One size in one form, without metadata and without a profile (so: sRGB)."""
    path = folder / f"{image.width}.{form}"
    image.write_to_file(str(path), keep="none", **_FORMS[form])
    size = {"width": image.width, "height": image.height, "bytes": path.stat().st_size}
    return {"name": path.name, "mime": _MIME[form], **size}


def hidden(base: pyvips.Image, places: Sequence[Box]) -> pyvips.Image:
    """The picture with a few blocks of colour where each of these places was: averages of many dots, made coarser
    and shifted at random, so that nothing in the file can bring back what was there."""
    for place in places:
        left, top, width, height = place.dots(base.width, base.height)
        across, down = boxes.blocks(width, height)
        few = base.crop(left, top, width, height).shrink(width / across, height / down)
        few = few.copy_memory().resize(across / few.width, vscale=down / few.height, kernel="nearest")
        coarse = (few / _COARSE).floor() * _COARSE + _COARSE / 2 + _shifts(few)
        large = coarse.cast("uchar").resize(width / few.width, vscale=height / few.height, kernel="nearest")
        large = large.gravity("north-west", width, height, extend="copy")
        base = base.insert(large, left, top).copy_memory()
    return base


def _shifts(few: pyvips.Image) -> pyvips.Image:
    """Chance from the kernel, the same for the three colours of a block."""
    import pyvips

    chance = pyvips.Image.new_from_memory(os.urandom(few.width * few.height), few.width, few.height, 1, "uchar")
    return (chance - 127.5) * (_SHIFT / 127.5)


def fingerprint(image: pyvips.Image) -> str:
    """A difference hash of 64 bits as 16 hexadecimal digits: pictures that look alike differ in few bits.

    https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html"""
    small = image.thumbnail_image(9, height=8, size="force").colourspace("b-w").cast("uchar")
    dots = small.write_to_memory()
    bits = "".join("1" if dots[9 * y + x] < dots[9 * y + x + 1] else "0" for y in range(8) for x in range(8))
    return f"{int(bits, 2):016x}"


def _why(message: str) -> Reason:
    """Decoders tell of memory in their own ways; anything else that fails is a damaged file."""
    heavy = any(word in message.lower() for word in ("out of memory", "allocat", "limit", "too large"))
    return Reason.TOO_HEAVY if heavy else Reason.BROKEN


if __name__ == "__main__":
    os.environ.setdefault("VIPS_BLOCK_UNTRUSTED", "1")
    sys.exit(main(*sys.argv[1:4]))
