"""The one list of what may come in: which kinds of file, how large, and what a browser is asked to offer.

`check` asks the bytes and never the name. Whether a container holds a film or only sound is known when it is opened."""

from __future__ import annotations

import enum

from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.sniff import HEAD_BYTES, Format, file_format

MB = 1_000_000


class Kind(enum.StrEnum):
    """What somebody shows. Stored as it stands, so values stay."""

    PHOTO = "photo"
    FILM = "film"
    VOICE = "voice"


KINDS = {
    **dict.fromkeys((Format.JPEG, Format.PNG, Format.WEBP, Format.GIF, Format.HEIC), Kind.PHOTO),
    **dict.fromkeys((Format.MP4, Format.WEBM), Kind.FILM),
    **dict.fromkeys((Format.M4A, Format.OGG, Format.MP3, Format.WAV), Kind.VOICE),
}
MOST_BYTES = {Kind.PHOTO: 40 * MB, Kind.FILM: 500 * MB, Kind.VOICE: 100 * MB}
LARGEST = max(MOST_BYTES.values())  # of any one file
FILM_SECONDS, VOICE_SECONDS = 600, 1800  # how long a recording may be
TOO_LARGE = {
    Kind.PHOTO: Reason.TOO_MANY_BYTES,
    Kind.FILM: Reason.FILM_TOO_LARGE,
    Kind.VOICE: Reason.VOICE_TOO_LARGE,
}

OFFERED = tuple(Kind)  # what can be made ready; a page, a phone and the share sheet offer nothing else

# For `accept` of a file field. A hint only: browsers let people choose otherwise.
ACCEPT_PHOTOS = "image/*,.heic,.heif"
ACCEPT = f"{ACCEPT_PHOTOS},video/mp4,video/quicktime,video/webm,.mov,audio/*,.m4a,.ogg,.opus,.mp3,.wav"

BY_BROWSERS = {Kind.PHOTO: "image/", Kind.FILM: "video/", Kind.VOICE: "audio/"}  # how their types begin


def kind_of(head: bytes) -> Kind:
    """Of a file that begins with `head` (its first `HEAD_BYTES`). Raises `PictureRefused`."""
    return KINDS[file_format(head)]


def check(head: bytes, size: int) -> Kind:
    """The same, and whether it is too large. Raises `PictureRefused`."""
    kind = kind_of(head)
    if size > MOST_BYTES[kind]:
        raise PictureRefused(TOO_LARGE[kind])
    return kind


__all__ = ["ACCEPT", "ACCEPT_PHOTOS", "HEAD_BYTES", "LARGEST", "MOST_BYTES", "Kind", "check", "kind_of"]
