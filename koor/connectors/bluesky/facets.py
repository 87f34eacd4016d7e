"""What in a text is a link, a name or a tag. Bluesky counts their places in bytes of UTF-8."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from koor.ground.channels import logic
from koor.ground.channels.contract import Draft

# Bounded, so that no text makes them slow
LINK = re.compile(r"https?://[^\s<>\"]{1,1000}")
NAME = re.compile(r"(?<![\w@./])@((?:[a-zA-Z0-9][a-zA-Z0-9-]{0,62}\.){1,6}[a-zA-Z][a-zA-Z0-9-]{0,62})")
TAG = re.compile(r"(?<![\w#/&])#(\w{1,64})")
TRAILING = ".,;:!?)]}'\u2019\u201d"
MOST_NAMES = 10


def wording(draft: Draft) -> str:
    """The text as it is posted: beside pictures there is no card, so the link stands under the text."""
    return logic.wording(draft, card=True)


def links(text: str) -> list[tuple[int, int]]:
    """Where links stand, in order."""
    return [(match.start(), match.start() + len(match[0].rstrip(TRAILING))) for match in LINK.finditer(text)]


def named(text: str) -> list[str]:
    """The handles in a text, each once."""
    return list(dict.fromkeys(match[1].lower() for match in NAME.finditer(text)))[:MOST_NAMES]


def marks(text: str, people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of a text, in order and without overlap; `people` maps handles to lasting names."""
    made, end = [], 0
    for first, last, feature in sorted(_found(text, people), key=lambda one: one[:2]):
        if first >= end:
            place = {"byteStart": len(text[:first].encode()), "byteEnd": len(text[:last].encode())}
            made.append({"index": place, "features": [feature]})
            end = last
    return made


def _found(text: str, people: Mapping[str, str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    for match in LINK.finditer(text):
        uri = match[0].rstrip(TRAILING)
        yield match.start(), match.start() + len(uri), {"$type": "app.bsky.richtext.facet#link", "uri": uri}
    for match in NAME.finditer(text):
        if did := people.get(match[1].lower()):
            yield match.start(), match.end(), {"$type": "app.bsky.richtext.facet#mention", "did": did}
    for match in TAG.finditer(text):
        if not match[1].isdecimal():
            yield match.start(), match.end(), {"$type": "app.bsky.richtext.facet#tag", "tag": match[1]}
