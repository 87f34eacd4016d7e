"""The one list of what may come in: which kinds of file, how large, and what a browser is asked to offer.

`check` asks the bytes and never the name. Whether a container holds a film or only sound is known when it is opened."""

from __future__ import annotations

import enum
from collections.abc import Collection

from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.sniff import HEAD_BYTES, Format, file_format

MB = 1_000_000


class Kind(enum.StrEnum):
    """What somebody shows. Stored as it stands, so values stay."""

    PHOTO = "photo"
    FILM = "film"
    VOICE = "voice"
    DOCUMENT = "document"


KINDS = {
    **dict.fromkeys((Format.JPEG, Format.PNG, Format.WEBP, Format.GIF, Format.HEIC), Kind.PHOTO),
    **dict.fromkeys((Format.MP4, Format.WEBM), Kind.FILM),
    **dict.fromkeys((Format.M4A, Format.OGG, Format.MP3, Format.WAV), Kind.VOICE),
    Format.PDF: Kind.DOCUMENT,
}
MOST_BYTES = {Kind.PHOTO: 40 * MB, Kind.FILM: 500 * MB, Kind.VOICE: 100 * MB, Kind.DOCUMENT: 100 * MB}
LARGEST = max(MOST_BYTES.values())  # of any one file
FILM_SECONDS, VOICE_SECONDS = 600, 1800  # how long a recording may be
MOST_PAGES = 300  # of a document
TOO_LARGE = {
    Kind.PHOTO: Reason.TOO_MANY_BYTES,
    Kind.FILM: Reason.FILM_TOO_LARGE,
    Kind.VOICE: Reason.VOICE_TOO_LARGE,
    Kind.DOCUMENT: Reason.DOCUMENT_TOO_LARGE,
}

# What shows work. A document is taken only where one is asked for: in the library, and with a post.
OFFERED = (Kind.PHOTO, Kind.FILM, Kind.VOICE)

# For `accept` of a file field. A hint only: browsers let people choose otherwise.
ACCEPT_PHOTOS = "image/*,.heic,.heif"
ACCEPT = f"{ACCEPT_PHOTOS},video/mp4,video/quicktime,video/webm,.mov,audio/*,.m4a,.ogg,.opus,.mp3,.wav"

ACCEPT_DOCUMENT = "application/pdf,.pdf"

BY_BROWSERS = {Kind.PHOTO: "image/", Kind.FILM: "video/", Kind.VOICE: "audio/"}  # how their types begin


def kind_of(head: bytes, among: Collection[Kind] = OFFERED) -> Kind:
    """Of a file that begins with `head` (its first `HEAD_BYTES`). Raises `PictureRefused`."""
    kind = KINDS[file_format(head)]
    if kind not in among:
        raise PictureRefused(Reason.DOCUMENT if kind is Kind.DOCUMENT else Reason.NOT_A_PICTURE)
    return kind


def check(head: bytes, size: int, among: Collection[Kind] = OFFERED) -> Kind:
    """The same, and whether it is too large. Raises `PictureRefused`."""
    kind = kind_of(head, among)
    if size > MOST_BYTES[kind]:
        raise PictureRefused(TOO_LARGE[kind])
    return kind


def check_document(head: bytes, size: int) -> None:
    """Where a document is asked for: the same, in words about documents. Raises `PictureRefused`."""
    try:
        check(head, size, (Kind.DOCUMENT,))
    except PictureRefused as refusal:
        said = refusal.reason in (Reason.EMPTY, Reason.DOCUMENT_TOO_LARGE)
        raise PictureRefused(refusal.reason if said else Reason.NOT_A_PDF) from None


__all__ = ["ACCEPT", "ACCEPT_PHOTOS", "HEAD_BYTES", "LARGEST", "MOST_BYTES", "Kind", "check", "kind_of"]
