"""How LinkedIn counts: the text as people see it, without what marks a mention; as UTF-16, which never counts less."""

from __future__ import annotations

from collections.abc import Mapping

from koor.connectors.linkedin import little
from koor.connectors.linkedin.manifest import DOCUMENTS, MANIFEST
from koor.ground.channels.contract import Because, Draft, Limits, Prepared
from koor.ground.channels.contract import message_id as _


def limits_for(settings: Mapping[str, str]) -> Limits:
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    """Characters of the text as it is posted. An emoji may count as two: whether LinkedIn does so is not written."""
    return len(little.shown(little.wording(draft)).encode("utf-16-le", "surrogatepass")) // 2


def problem(draft: Draft) -> Prepared | None:
    """A film or a document goes alone."""
    alone = [one for one in draft.media if one.mime.startswith("video/") or one.mime in DOCUMENTS]
    if alone and len(draft.media) > 1:
        return Prepared(problem=_("A film or a document goes alone on LinkedIn."), because=Because.REJECTED)
    return None
