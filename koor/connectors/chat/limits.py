"""How long a message may be in each chat, all that Koor adds included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from koor.connectors.chat.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, Limits

# Slack: 50 parts of 3,000. Mattermost: 16,383, of which marks for plain text take their share. Teams: 28 kB for all.
MOST = {"slack": 12_000, "teams": 6_000, "mattermost": 7_500}


def limits_for(settings: Mapping[str, str]) -> Limits:
    """Those of the chosen chat."""
    return replace(MANIFEST.limits, characters=MOST.get(settings.get("kind", ""), min(MOST.values())))


def length(draft: Draft, limits: Limits) -> int:
    """Characters as people see them, the line above it too. In bytes at most four times as many: Teams counts those."""
    text = "".join((draft.options.get("title", ""), draft.text.strip()))
    return max(logic.graphemes(text), -(-len(text.encode()) // 4))
