"""What kind of media came with a post, told from what a platform or a file says of it."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from koor.ground.channels.contract import Incoming

_KINDS = {"photo": "photo", "image": "photo", "picture": "photo", "gif": "photo", "film": "film", "video": "film"}
_KINDS |= {"gifv": "film", "voice": "voice", "audio": "voice"}
_PLACES = ("media", "media_attachments", "pictures", "images", "attachments")  # where it may stand in what came in
OTHER = "other"  # media of which nothing tells the kind
_MOST = 100  # pieces looked at, lists among them
_DEEPEST = 3  # lists in each other


def media_kinds(given: Any) -> frozenset[str]:
    """The kinds of what is given as media: `true`, a word, an address, `{"type": "image"}`, or a list of these."""
    return frozenset(filter(None, map(_kind_of, islice(_pieces(given, _DEEPEST), _MOST + 1))))


def _pieces(given: Any, deep: int) -> Iterator[Any]:
    """What is given, and what stands in it where it is a list: people write no lists deeper than a few."""
    yield given
    if isinstance(given, list | tuple) and deep:
        for one in given:
            yield from _pieces(one, deep - 1)


def _kind_of(piece: Any) -> str:
    """The kind of one piece; empty when there is nothing in it, or a list."""
    if isinstance(piece, list | tuple) or not piece:
        return ""
    if isinstance(piece, Mapping):
        said = next((piece[name] for name in ("type", "kind", "mime", "url") if isinstance(piece.get(name), str)), "")
        return _kind(said) or OTHER
    if isinstance(piece, str):
        return (_kind(piece) or OTHER) if piece.strip() else ""
    return OTHER


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
