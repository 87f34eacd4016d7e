"""How Threads counts: characters, and an emoji as its bytes in UTF-8 (docs/threads/posts, read 22 November 2026). A
text for a thread is cut into parts that fit."""

from __future__ import annotations

from collections.abc import Mapping

import regex

from koor.connectors import meta
from koor.connectors.threads.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, Limits
from koor.ground.channels.logic.parts import Cutter, is_thread, told
from koor.kernel.signs import signs

_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[0-9#*]\uFE0F?\u20E3")


def limits_for(settings: Mapping[str, str]) -> Limits:
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    """Of a thread that of its longest part, which always fits."""
    return max((measure(piece) for piece in posts(draft, limits)), default=0)


def measure(text: str) -> int:
    """A flag or a family is an emoji of many bytes; all else is one a sign that people see."""
    return sum(len(sign.encode()) if _EMOJI.search(sign) else 1 for sign in signs(text))


def _links(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in logic.LINK.finditer(text)]


def posts(draft: Draft, limits: Limits) -> list[str]:
    """The posts that this draft becomes, as they are cut."""
    text = meta.wording(draft)
    return Cutter(measure, _links, limits.characters or 500).parts(text) if is_thread(draft) else [text]


def beforehand(draft: Draft, limits: Limits) -> tuple[str, Mapping[str, int]]:
    """What people should know before it goes."""
    return told(posts(draft, limits))
