"""How long a letter may be: its words as anywhere, and all its pictures together."""

from __future__ import annotations

from collections.abc import Mapping

from koor.connectors.newsletter import readers
from koor.connectors.newsletter.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Limits, Prepared
from koor.ground.channels.contract import message_id as _


def limits_for(settings: Mapping[str, str]) -> Limits:
    """The same on every mail server."""
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    return logic.length(draft, limits)


def problem(draft: Draft) -> Prepared | None:
    """What is no letter, or too heavy a one."""
    if draft.in_reply_to:
        sentence = _("A newsletter answers nobody. Answer with an e-mail address of the house.")
        return Prepared(problem=sentence, because=Because.REJECTED)
    if sum(one.bytes_long for one in draft.media) * 4 // 3 > readers.MOST_BYTES:
        sentence = _("With these pictures each letter is larger than 8 MB. Leave some out.")
        return Prepared(problem=sentence, because=Because.REJECTED)
    return None
