"""How Facebook counts: the text, with the link under it where a picture or a film goes along."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from koor.connectors import meta
from koor.connectors.facebook.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Limits, Medium, Prepared
from koor.ground.channels.contract import message_id as _


def limits_for(settings: Mapping[str, str]) -> Limits:
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    return logic.length(dataclasses.replace(draft, text=meta.wording(draft)), limits)


def is_film(medium: Medium) -> bool:
    return medium.mime.startswith("video/")


def problem(draft: Draft) -> Prepared | None:
    """What does not go together."""
    films = [one for one in draft.media if is_film(one)]
    if films and len(draft.media) > 1:
        return Prepared(problem=_("Here a film goes alone, without other films or pictures."), because=Because.REJECTED)
    if draft.in_reply_to and (films or len(draft.media) > 1):
        return Prepared(problem=_("With an answer here goes one picture at most."), because=Because.REJECTED)
    return None
