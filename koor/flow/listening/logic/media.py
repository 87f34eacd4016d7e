"""What kind of media came with a post, told from what a platform or a file says of it."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from typing import Any

from koor.ground.channels.contract import Incoming

_KINDS = {"photo": "photo", "image": "photo", "picture": "photo", "gif": "photo", "film": "film", "video": "film"}
_KINDS |= {"gifv": "film", "voice": "voice", "audio": "voice"}
_PLACES = ("media", "media_attachments", "pictures", "images", "attachments")  # where it may stand in what came in
OTHER = "other"  # media of which nothing tells the kind
_MOST = 100  # pieces looked at


def media_kinds(given: Any) -> frozenset[str]:
    """The kinds of what is given as media: `true`, a word, an address, `{"type": "image"}`, or a list of these."""
    if isinstance(given, list | tuple):
        return frozenset(kind for one in given[:_MOST] for kind in media_kinds(one))
    if isinstance(given, Mapping):
        said = next((given[name] for name in ("type", "kind", "mime", "url") if isinstance(given.get(name), str)), "")
        return frozenset({_kind(said) or OTHER}) if given else frozenset()
    if isinstance(given, str):
        return frozenset({_kind(given) or OTHER}) if given.strip() else frozenset()
    return frozenset({OTHER}) if given else frozenset()


def _kind(said: str) -> str:
    """The kind that a word, a type such as `image/png` or an address tells; empty when it tells none."""
    said = said.strip().lower()
    by_name = mimetypes.guess_type(said.partition("?")[0])[0] or ""
    return next((_KINDS[one] for one in (said, said.partition("/")[0], by_name.partition("/")[0]) if one in _KINDS), "")


def media_of(entry: Incoming) -> frozenset[str]:
    """The media of what came in: its files, and what the platform told of pictures that stay there."""
    files = frozenset(filter(None, (_kind(one.name) for one in entry.files)))
    return files | frozenset().union(*(media_in(told) for told in (entry.raw, entry.raw.get("raw"))))


def media_in(told: Any) -> frozenset[str]:
    """The media that an object as it came tells of. A picture is one though its address does not say so."""
    if not isinstance(told, Mapping):
        return frozenset()
    found: Iterable[frozenset[str]] = (
        frozenset("photo" if kind == OTHER and name in ("pictures", "images") else kind for kind in media_kinds(given))
        for name in _PLACES
        if (given := told.get(name))
    )
    return frozenset().union(*found)
