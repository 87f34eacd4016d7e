"""How Mastodon counts: docs, user/posting and api/guidelines (a link is 23, a mention leaves out its domain)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from koor.connectors.mastodon.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, Limits

# Bounded, so that no text makes it slow: a name of at most 64 signs, a domain in parts
MENTION = re.compile(r"(?<![\w/@.])(@\w[\w.-]{0,63})@[\w-]+(?:\.[\w-]+)*(?::\d+)?")


def limits_for(settings: Mapping[str, str]) -> Limits:
    """The limits before the server was asked; `check` gives the server's own."""
    return MANIFEST.limits


def wording(draft: Draft) -> str:
    """The text as it is posted: with the link under it, unless it is in the text already."""
    text = draft.text.strip()
    return f"{text}\n\n{draft.link}".strip() if draft.link and draft.link not in text else text


def without_domains(text: str) -> str:
    """`@els@social.example` as people read it: `@els`."""
    return MENTION.sub(r"\1", text)


def length(draft: Draft, limits: Limits) -> int:
    """Characters that count: content warning and text together, as people see characters."""
    links = "x" * (limits.link_characters or 0)
    text = logic.LINK.sub(links, wording(draft)) if limits.link_characters is not None else wording(draft)
    return logic.graphemes(draft.options.get("content_warning", "") + without_domains(text))
