"""Pictures and files made on the spot, with marks in them that must not be found again."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import piexif
import pillow_heif
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from koor.flow.hub.media import boxes, renditions, worker

MARK = b"GEHEIM-5207N-0630E"
_MARK = MARK.decode()
pillow_heif.register_heif_opener()
_INVERSE = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}  # orientation that turns an upright picture into a stored one


def photo(width: int = 640, height: int = 480) -> Image.Image:
    """A picture whose corners tell which way up it is: red, green, blue, white, clockwise from top left."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    box = (width // 3, height // 3)
    for colour, place in (
        ((220, 20, 20), (0, 0)),
        ((20, 180, 20), (width - box[0], 0)),
        ((20, 20, 220), (width - box[0], height - box[1])),
        ((250, 250, 250), (0, height - box[1])),
    ):
        image.paste(colour, (*place, place[0] + box[0], place[1] + box[1]))
    return image


def stored_as(image: Image.Image, orientation: int) -> Image.Image:
    """The pixels as a camera would store them that notes `orientation`."""
    if orientation == 1:
        return image
    exif = Image.Exif()
    exif[0x0112] = _INVERSE[orientation]
    turned = image.copy()
    turned.info["exif"] = exif.tobytes()
    carrier = io.BytesIO()
    turned.save(carrier, "PNG", exif=exif)
    return ImageOps.exif_transpose(Image.open(carrier))


def exif(orientation: int = 1) -> bytes:
    """What a phone writes: place, device, owner, a thumbnail; each with the mark."""
    thumbnail = io.BytesIO()
    photo(160, 120).save(thumbnail, "JPEG", comment=MARK)
    tags = {
        "0th": {
            piexif.ImageIFD.Orientation: orientation,
            piexif.ImageIFD.Make: MARK,
            piexif.ImageIFD.Model: MARK,
            piexif.ImageIFD.ImageDescription: MARK,
            piexif.ImageIFD.Artist: MARK,
            piexif.ImageIFD.XPComment: tuple(_MARK.encode("utf-16le")),
        },
        "Exif": {piexif.ExifIFD.MakerNote: MARK * 20, piexif.ExifIFD.BodySerialNumber: MARK},
        "GPS": {
            piexif.GPSIFD.GPSLatitudeRef: b"N",
            piexif.GPSIFD.GPSLatitude: ((52, 1), (7, 1), (4242, 100)),
            piexif.GPSIFD.GPSLongitudeRef: b"E",
            piexif.GPSIFD.GPSLongitude: ((6, 1), (30, 1), (1717, 100)),
            piexif.GPSIFD.GPSAreaInformation: MARK,
        },
        "1st": {piexif.ImageIFD.Make: MARK},
        "thumbnail": thumbnail.getvalue(),
    }
    return piexif.dump(tags)


def xmp() -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="' + MARK + b'"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def marked(kind: str, orientation: int = 1, size: tuple[int, int] = (640, 480)) -> bytes:
    """A photo in format `kind` with the mark wherever that format has room for it."""
    image, out = stored_as(photo(*size), orientation), io.BytesIO()
    if kind == "jpeg":
        image.save(out, "JPEG", quality=92, exif=exif(orientation), icc_profile=profile(), comment=MARK, xmp=xmp())
        return _with_iptc(out.getvalue())
    if kind == "png":
        notes = PngInfo()
        notes.add_text("Comment", _MARK)
        notes.add_text("Packed", _MARK * 20, zip=True)
        notes.add_itxt("XML:com.adobe.xmp", xmp().decode())
        image.save(out, "PNG", exif=exif(orientation)[6:], icc_profile=profile(), pnginfo=notes)
    elif kind == "webp":
        image.save(out, "WEBP", exif=exif(orientation), xmp=xmp(), icc_profile=profile(), quality=90)
    elif kind == "gif":
        image.save(out, "GIF", comment=MARK)
    elif kind == "heic":
        # An HEIC says in its own box which way up it is; pillow-heif writes that from the tag.
        image.save(out, "HEIF", exif=exif(orientation), xmp=xmp(), icc_profile=profile(), quality=90)
    return out.getvalue()


def _with_iptc(jpeg: bytes) -> bytes:
    record = b"\x1c\x02\x5a" + struct.pack(">H", len(MARK)) + MARK  # city
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record
    segment = b"\xff\xed" + struct.pack(">H", len(block) + 2) + block
    return jpeg[:2] + segment + jpeg[2:] + MARK  # and some after the end, as some phones do


def png_of(width: int, height: int, *, bits: int = 1, kind: int = 0, interlaced: bool = False, rows: int = 0) -> bytes:
    """An honest or lying PNG of one colour, however large, without ever holding it in memory."""
    line = 1 + (width * bits * {0: 1, 2: 3, 6: 4}[kind] + 7) // 8
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, int(interlaced))
    chunks = (chunk(b"IHDR", head), chunk(b"IDAT", _zeros(line * (rows or height))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _zeros(number: int) -> bytes:
    """So many zeros as zlib packs them; a megabyte is packed once and said again."""
    many, rest = divmod(number, 2**20)
    packer = zlib.compressobj(9, wbits=-15)
    once = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, wbits=-15)
    last = packer.compress(bytes(rest)) + packer.flush()
    return b"\x78\xda" + once * many + last + struct.pack(">I", (number % 65521) << 16 | 1)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def jpeg_that_says(width: int, height: int) -> bytes:
    """A small JPEG whose header lies about its size."""
    out = io.BytesIO()
    photo(64, 48).save(out, "JPEG")
    data = bytearray(out.getvalue())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_segments(data: bytes) -> Iterator[int]:
    """The markers of a JPEG up to its pixels."""
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        yield data[at + 1]
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]


def webp_chunks(data: bytes) -> Iterator[bytes]:
    at = 12
    while at < len(data):
        size = struct.unpack("<I", data[at + 4 : at + 8])[0]
        yield data[at : at + 4]
        at += 8 + size + size % 2


_run = renditions._run
_opened: dict[bytes, tuple[dict[str, Any], dict[str, bytes]]] = {}  # the same photo again takes no time


def opened_here(
    module: str, given: Sequence[str], folder: Path, *more: float | renditions.Told | None
) -> tuple[int, bytes, bytes]:
    """In the place of `renditions._run`: a photo of our own is opened in this process instead of in one for itself."""
    if module != "worker":
        return _run(module, given, folder, *more)
    picture = _picture(Path(given[0]), Path(given[1]), boxes.read("".join(given[2:]) or "[]"))
    return 0, json.dumps({"picture": picture, "shut": []}).encode(), b""


def _picture(source: Path, into: Path, places: Sequence[boxes.Box]) -> dict[str, Any]:
    if places:  # what hides is other each time
        return worker.picture(str(source), into, places)
    content = source.read_bytes()
    if content not in _opened:
        picture = worker.picture(str(source), into)
        _opened[content] = picture, {file.name: file.read_bytes() for file in into.iterdir() if file.is_file()}
    picture, made = _opened[content]
    for name, data in made.items():
        (into / name).write_bytes(data)
    return picture
