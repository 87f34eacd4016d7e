"""How LinkedIn counts: the text as people see it, without what marks a mention; as UTF-16, which never counts less."""

from __future__ import annotations

from collections.abc import Mapping

from koor.connectors.linkedin import little
from koor.connectors.linkedin.manifest import MANIFEST
from koor.ground.channels.contract import Draft, Limits


def limits_for(settings: Mapping[str, str]) -> Limits:
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    """Characters of the text as it is posted. An emoji may count as two: whether LinkedIn does so is not written."""
    return len(little.shown(little.wording(draft)).encode("utf-16-le", "surrogatepass")) // 2
