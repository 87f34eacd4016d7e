"""Whether a file is text at all, told from its beginning, before anything of it is stored.

A picture read line by line would otherwise become thousands of lines that nobody can mend."""

from __future__ import annotations

import io
from typing import BinaryIO

from koor.ground.channels.contract import message_id as _

LOOKED_AT = 65_536  # bytes
MOST_CONTROLS = 0.03  # of a file's beginning; in what is packed or random every tenth byte is one
FIRST_LINES = 10  # none of which is JSON: then the file is something else
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\f\r\x1b"))
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PACKED = _("This file is packed. Unpack it first; of a spreadsheet, save the sheet as CSV.")
_PICTURE = _("This file is a picture or a document, not text with posts.")
# What a file of these kinds begins with
_SIGNATURES = {
    b"\x1f\x8b": _PACKED,
    b"PK\x03\x04": _PACKED,
    b"BZh": _PACKED,
    b"\xfd7zXZ": _PACKED,
    b"7z\xbc\xaf\x27\x1c": _PACKED,
    b"\x28\xb5\x2f\xfd": _PACKED,
    b"\xff\xd8\xff": _PICTURE,
    b"\x89PNG": _PICTURE,
    b"GIF8": _PICTURE,
    b"%PDF-": _PICTURE,
}


def why_not_text(beginning: bytes, form: str) -> str:
    """Why a file that begins like this can't be read (a message id), or nothing. XML may be in UTF-16."""
    for signature, sentence in _SIGNATURES.items():
        if beginning.startswith(signature):
            return sentence
    if beginning.startswith(_UTF_16):
        return "" if form == "rss" else _("This file is in UTF-16. Save it in UTF-8.")
    controls = len(beginning) - len(beginning.translate(None, _CONTROLS))
    if controls > MOST_CONTROLS * len(beginning) and controls > 1:
        return _("This file is not text in UTF-8. Nothing of it was read.")
    return _no_lines(beginning) if form == "jsonl" else ""


def _no_lines(beginning: bytes) -> str:
    """Why these are no JSON lines, where that is plain; a few lines that can't be read are told each by itself."""
    bare = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare.startswith(b"[") and bare[1:].lstrip().startswith(b"{"):
        return _("This is one list of JSON. Koor reads JSON lines: each line an object of its own, no commas between.")
    lines = [line for line in bare.splitlines() if line.strip()][:FIRST_LINES]
    if len(lines) == FIRST_LINES and not any(line.lstrip().startswith(b"{") for line in lines):
        return _("These are no JSON lines: none of the first begins with {. Is it a table? Then choose that.")
    return ""


def looked_at(stream: BinaryIO, form: str) -> tuple[BinaryIO, str]:
    """The same stream from its beginning, which need not be able to go back (a pipe), and why it is no text."""
    beginning = stream.read(LOOKED_AT)
    again = io.BufferedReader(_Rejoined(beginning, stream), LOOKED_AT)  # type: ignore[type-var]
    return again, why_not_text(beginning, form)


class _Rejoined(io.RawIOBase):
    """What was read already, then the rest."""

    def __init__(self, beginning: bytes, rest: BinaryIO) -> None:
        self.beginning, self.rest = beginning, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if self.beginning:
            piece, self.beginning = self.beginning[: len(buffer)], self.beginning[len(buffer) :]
        else:
            piece = self.rest.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
