"""Why a file is not taken, each in one sentence for the person who sent it."""

from __future__ import annotations

import enum


def _(text: str) -> str:
    """Marks a sentence for translation; the caller translates it when it is shown."""
    return text


class Reason(enum.StrEnum):
    """Stored as it stands, so values stay."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LONG = "too_long"
    NOT_A_PICTURE = "not_a_picture"
    DRAWING = "drawing"
    FILM = "film"
    DOCUMENT = "document"
    OTHER_FORMAT = "other_format"
    BROKEN = "broken"
    TOO_HEAVY = "too_heavy"

    @property
    def sentence(self) -> str:
        """In English; a message id."""
        return _SENTENCES[self]


_SENTENCES = {
    Reason.EMPTY: _("This file is empty. Something went wrong on the way: choose the photo again."),
    Reason.TOO_MANY_BYTES: _("This photo is larger than 40 MB. Send it in a smaller size."),
    Reason.TOO_MANY_PIXELS: _("This photo has more than 100 megapixels. Send it in a smaller size."),
    Reason.TOO_LONG: _("This picture is more than 30,000 dots long or wide. Cut it into pieces."),
    Reason.NOT_A_PICTURE: _("This is not a photo. Koor takes JPEG, PNG, WebP, GIF and HEIC."),
    Reason.DRAWING: _("SVG drawings can hold more than a picture, so Koor does not take them. Send it as PNG."),
    Reason.FILM: _("Koor does not take films yet. Send a photo of it for now."),
    Reason.DOCUMENT: _("This is a document, not a photo. Send a picture of the page."),
    Reason.OTHER_FORMAT: _("Koor can't open this kind of picture. Save it as JPEG or PNG and send that."),
    Reason.BROKEN: _("This photo is incomplete or damaged and can't be opened. Send it again from where you took it."),
    Reason.TOO_HEAVY: _("This picture takes too much time or memory to open. Send it in a smaller size."),
}


class PictureRefused(Exception):
    """The file is not taken, and sending the same one again will not help."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


class MediaTrouble(Exception):
    """Not the file's fault: the child process could not work. Worth trying again."""
