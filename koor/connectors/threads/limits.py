"""How Threads counts: characters, and an emoji as its bytes in UTF-8 (docs/threads/posts, read 22 November 2026)."""

from __future__ import annotations

from collections.abc import Mapping

import regex

from koor.connectors.threads.manifest import MANIFEST
from koor.ground.channels.contract import Draft, Limits
from koor.kernel.signs import signs

_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[0-9#*]\uFE0F?\u20E3")


def limits_for(settings: Mapping[str, str]) -> Limits:
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    """A flag or a family is an emoji of many bytes; all else is one a sign that people see."""
    return sum(len(sign.encode()) if _EMOJI.search(sign) else 1 for sign in signs(draft.text))
