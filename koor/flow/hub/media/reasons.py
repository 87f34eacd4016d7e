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
    TOO_MANY_FRAMES = "too_many_frames"
    FILM = "film"  # of an earlier Koor, that took no films
    OTHER_FILM = "other_film"
    FILM_TOO_LARGE = "film_too_large"
    FILM_TOO_LONG = "film_too_long"
    FILM_BROKEN = "film_broken"
    VOICE_TOO_LARGE = "voice_too_large"
    VOICE_TOO_LONG = "voice_too_long"
    NOTHING_IN_IT = "nothing_in_it"
    DOCUMENT = "document"
    NOT_A_PDF = "not_a_pdf"
    DOCUMENT_TOO_LARGE = "document_too_large"
    TOO_MANY_PAGES = "too_many_pages"
    DOCUMENT_LOCKED = "document_locked"
    DOCUMENT_BROKEN = "document_broken"
    DOCUMENT_HEAVY = "document_heavy"
    OTHER_FORMAT = "other_format"
    BROKEN = "broken"
    TOO_HEAVY = "too_heavy"
    NOT_NOW = "not_now"  # no fault of the file

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
    Reason.TOO_MANY_FRAMES: _(
        "This moving picture has more than 1,000 frames. Send it as a film, or one picture of it."
    ),
    Reason.FILM: _("Koor can't open this kind of film. Save it as MP4 and send that."),
    Reason.OTHER_FILM: _("Koor can't open this kind of film. Save it as MP4 and send that."),
    Reason.FILM_TOO_LARGE: _("This film is larger than 500 MB. Send a shorter piece of it."),
    Reason.FILM_TOO_LONG: _("This film is longer than 10 minutes. Send the part that matters."),
    Reason.FILM_BROKEN: _("This recording is incomplete or damaged and can't be opened. Send it again."),
    Reason.VOICE_TOO_LARGE: _("This recording is larger than 100 MB. Send a shorter piece of it."),
    Reason.VOICE_TOO_LONG: _("This recording is longer than half an hour. Send the part that matters."),
    Reason.NOTHING_IN_IT: _("There is nothing to see or to hear in this file."),
    Reason.DOCUMENT: _("This is a document, not a photo. Send a picture of the page."),
    Reason.NOT_A_PDF: _("Koor takes documents as PDF. Save it as PDF and send that."),
    Reason.DOCUMENT_TOO_LARGE: _("This document is larger than 100 MB. Save it in a smaller size."),
    Reason.TOO_MANY_PAGES: _("This document has more than 300 pages. Send the part that matters."),
    Reason.DOCUMENT_LOCKED: _("This document is locked with a password or against copying. Save it without that."),
    Reason.DOCUMENT_BROKEN: _("This document is incomplete or damaged and can't be opened. Save it again as PDF."),
    Reason.DOCUMENT_HEAVY: _(
        "This document takes too much time or memory to open. Save it in a smaller size, or in parts."
    ),
    Reason.OTHER_FORMAT: _("Koor can't open this kind of picture. Save it as JPEG or PNG and send that."),
    Reason.BROKEN: _("This photo is incomplete or damaged and can't be opened. Send it again from where you took it."),
    Reason.TOO_HEAVY: _("This picture takes too much time or memory to open. Send it in a smaller size."),
    Reason.NOT_NOW: _("The house tried for two days and could not make this ready. Koor keeps it: try it again there."),
}


class PictureRefused(Exception):
    """The file is not taken, and sending the same one again will not help."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


class MediaTrouble(Exception):
    """Not the file's fault: the child process could not work. Worth trying again."""
