"""What a file is, by its first bytes and never by its name: an allow-list, and words for the rest."""

from __future__ import annotations

import enum

from koor.flow.hub.media.reasons import PictureRefused, Reason

HEAD_BYTES = 4096


class Format(enum.StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    HEIC = "heic"
    MP4 = "mp4"  # also MOV: the same boxes
    WEBM = "webm"
    M4A = "m4a"
    OGG = "ogg"
    MP3 = "mp3"
    WAV = "wav"
    PDF = "pdf"


PHOTOS = frozenset({Format.JPEG, Format.PNG, Format.WEBP, Format.GIF, Format.HEIC})

_STARTS = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"OggS", Format.OGG),
    (b"%PDF-", Format.PDF),  # at its very beginning: what stands before it makes it something else too
    (b"ID3", Format.MP3),
    (b"\xff\xfb", Format.MP3),
    (b"\xff\xf3", Format.MP3),
    (b"\xff\xf2", Format.MP3),
)
_OTHERS = (
    (b"%PDF", Reason.DOCUMENT),  # without a version: not one that we open
    (b"PK\x03\x04", Reason.DOCUMENT),  # also Word, Excel and the like
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Reason.DOCUMENT),
    (b"FLV\x01", Reason.OTHER_FILM),
    (b"\x00\x00\x01\xba", Reason.OTHER_FILM),
    (b"\x00\x00\x01\xb3", Reason.OTHER_FILM),
    (b"II*\x00", Reason.OTHER_FORMAT),  # TIFF and most raw formats
    (b"MM\x00*", Reason.OTHER_FORMAT),
    (b"BM", Reason.OTHER_FORMAT),
    (b"8BPS", Reason.OTHER_FORMAT),
    (b"\xff\x0a", Reason.OTHER_FORMAT),  # JPEG XL
    (b"\x00\x00\x00\x0cJXL ", Reason.OTHER_FORMAT),
    (b"\x00\x00\x00\x0cjP  ", Reason.OTHER_FORMAT),
)
# ISO base media files say in their brands what they hold; https://mp4ra.org/registered-types/brands
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_SOUND_BRANDS = {b"M4A ", b"M4B "}
_STILL_BRANDS = {b"mif1", b"msf1", b"avif", b"avis", b"miaf"}


def picture_format(head: bytes) -> Format:
    """The format of a photo that begins with `head` (its first `HEAD_BYTES`). Raises `PictureRefused`, also for a
    film or a voice note."""
    found = file_format(head)
    if found not in PHOTOS:
        raise PictureRefused(Reason.DOCUMENT if found is Format.PDF else Reason.NOT_A_PICTURE)
    return found


def file_format(head: bytes) -> Format:
    """The same for everything that may come in: `allowed.KINDS`."""
    if not head:
        raise PictureRefused(Reason.EMPTY)
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    if head.startswith(b"RIFF"):
        return _riff(head)
    if head.startswith(b"\x1aE\xdf\xa3"):  # EBML: the name of what it holds stands in the first bytes
        if b"webm" in head[:64]:
            return Format.WEBM
        raise PictureRefused(Reason.OTHER_FILM)
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    raise PictureRefused(_what_else(head))


def _riff(head: bytes) -> Format:
    found = {b"WEBP": Format.WEBP, b"WAVE": Format.WAV}.get(head[8:12])
    if found is None:
        raise PictureRefused(Reason.OTHER_FILM if head[8:11] == b"AVI" else Reason.NOT_A_PICTURE)
    return found


def _iso_media(head: bytes) -> Format:
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[at : at + 4] for at in (8, *range(16, length - 3, 4))}
    if brands & _HEIC_BRANDS:
        return Format.HEIC
    if brands & _STILL_BRANDS:
        raise PictureRefused(Reason.OTHER_FORMAT)
    return Format.M4A if head[8:12] in _SOUND_BRANDS else Format.MP4


def _what_else(head: bytes) -> Reason:
    for start, reason in _OTHERS:
        if head.startswith(start):
            return reason
    if head[4:8] in (b"moov", b"mdat", b"wide"):  # QuickTime from before brands
        return Reason.OTHER_FILM
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"").lower()
    if (text.startswith(b"<") and b"<svg" in text) or text.startswith(b"\x1f\x8b"):  # also packed, as svgz
        return Reason.DRAWING
    return Reason.NOT_A_PICTURE
