"""Pictures inside a document, without what a camera wrote beside them: places, names, thumbnails. Works on bytes and
decodes nothing, so that not one dot changes.

JPEG: ITU-T T.81, annex B. JPEG 2000: ISO/IEC 15444-1, annex I."""

from __future__ import annotations

import re

_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")  # in the midst of a picture: not a stuffed byte, not a restart
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_JP2_KEPT = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})


def bare_jpeg(data: bytes) -> bytes:
    """The same picture without comments and application data; only how its colours are meant stays. Raises ValueError
    for what is none."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("not a JPEG")
    kept, at = [data[:2]], 2
    while found := _MARKER.search(data, at):
        kind = found[1][0]
        if kind == _END:
            return b"".join([*kept, data[at : found.end()]])  # what comes after its end is not the picture
        if kind == _START:
            raise ValueError("a JPEG in a JPEG")
        kept.append(data[at : found.start()] if at > 2 else b"")
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
        if at <= found.end() or at > len(data):
            raise ValueError("a segment that can't be")
        if _is_kept(kind, data[found.end() + 2 : at]):
            kept.append(data[found.start() : at])
    raise ValueError("a JPEG without an end")


def _is_kept(kind: int, content: bytes) -> bool:
    if kind == 0xE0:
        return content.startswith(b"JFIF\x00")
    if kind == 0xEE:
        return content.startswith(b"Adobe")
    return not (0xE0 <= kind <= 0xEF or kind == 0xFE)


def bare_jp2(data: bytes) -> bytes:
    """The same for JPEG 2000: the boxes that are the picture. A stream without boxes is as it is."""
    if data[:4] == b"\xff\x4f\xff\x51":
        return data
    kept, at = [], 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        size = size or len(data) - at
        if size < 8 or at + size > len(data):
            raise ValueError("a box that can't be")
        if data[at + 4 : at + 8] in _JP2_KEPT:
            kept.append(data[at : at + size])
        at += size
    return b"".join(kept)
