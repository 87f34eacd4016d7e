"""How Bluesky counts: characters as people see them, of the text as it is posted; and bytes, ten a character."""

from __future__ import annotations

from collections.abc import Mapping

from koor.connectors.bluesky import facets
from koor.connectors.bluesky.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, Limits

BYTES_A_CHARACTER = 10  # 3,000 bytes beside 300 characters


def limits_for(settings: Mapping[str, str]) -> Limits:
    """The same on every server."""
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    """Characters that count. A text of few characters and many bytes counts for its bytes, so that it is seen while
    somebody writes."""
    text = facets.wording(draft)
    return max(logic.graphemes(text), -(-len(text.encode()) // BYTES_A_CHARACTER))
