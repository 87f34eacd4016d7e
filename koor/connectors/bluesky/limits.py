"""How Bluesky counts: characters as people see them, of the text as it is posted; and bytes, ten a character. A
text for a thread is cut into parts that fit."""

from __future__ import annotations

from collections.abc import Mapping

from koor.connectors.bluesky import facets
from koor.connectors.bluesky.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, Limits
from koor.ground.channels.logic.parts import Cutter, is_thread, told

BYTES_A_CHARACTER = 10  # 3,000 bytes beside 300 characters


def limits_for(settings: Mapping[str, str]) -> Limits:
    """The same on every server."""
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    """Characters that count; of a thread those of its longest part, which always fits."""
    if is_thread(draft):
        return max((measure(part) for part in parts(draft, limits)), default=0)
    return measure(facets.wording(draft))


def measure(text: str) -> int:
    """A text of few characters and many bytes counts for its bytes, so that it is seen while somebody writes."""
    return max(logic.graphemes(text), -(-len(text.encode()) // BYTES_A_CHARACTER))


def parts(draft: Draft, limits: Limits) -> list[str]:
    """What goes as one post, or as several under each other."""
    text = facets.wording(draft)
    return Cutter(measure, facets.links, limits.characters or 300).parts(text) if is_thread(draft) else [text]


def posts(draft: Draft, limits: Limits) -> list[str]:
    """The posts that this draft becomes, as they are cut."""
    return parts(draft, limits)


def beforehand(draft: Draft, limits: Limits) -> tuple[str, Mapping[str, int]]:
    """What people should know before it goes."""
    return told(parts(draft, limits))
