"""How it goes with an answer of ours that the ledger carries: whether it is up, why not, and taking it away."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from koor.flow.conversations.choices import Delivery, Direction
from koor.flow.conversations.models import Message
from koor.flow.conversations.queries.deeds import why_not
from koor.flow.hub.models import Medium
from koor.flow.publishing.logic import refusals
from koor.flow.publishing.models import PostMedium
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Because

_WORDS: dict[str, tuple[str, object]] = {
    "published": ("", _("is up")),
    "scheduled": ("", _("on its way")),
    "claimed": ("", _("on its way")),
    "sending": ("", _("on its way")),
    "waiting": ("wait", _("did not go yet; Koor tries again")),
    "unknown": ("wait", _("unknown whether it arrived; Koor looks")),
    "reconciling": ("wait", _("unknown whether it arrived; Koor looks")),
    "needs_person": ("wait", _("somebody has to look whether it arrived")),
    "missed": ("ohoh", _("did not go in time")),
    "rejected": ("ohoh", _("refused by the platform; it did not go")),
    "cancelled": ("ohoh", _("cancelled; it did not go")),
}
_GOES: dict[str, tuple[str, object]] = {
    "asked": ("wait", _("is being taken away")),
    "person": ("wait", _("Koor can't take it away there; a colleague is asked to")),
}
_ELSEWHERE: dict[str, tuple[str, object]] = {
    Delivery.BY_HAND: ("wait", _("not sent yet: you do that yourself")),
    Delivery.PAGE: ("", _("on their page")),
}


@dataclass(frozen=True)
class Failed:
    """An answer that never went: what is known of why, and what the platform itself said."""

    why: str = ""
    theirs: str = ""


def state(message: Any) -> tuple[str, object]:
    """In words, with how they are shown."""
    if message.target is None or message.delivery in _ELSEWHERE:
        return _ELSEWHERE.get(message.delivery, ("", ""))
    if message.failed and message.target.state == "published":
        return "ohoh", _("the letter came back")
    if message.target.removed_at:
        return "", _("taken away")
    return _GOES.get(message.removal) or _WORDS.get(message.target.state, ("", ""))


def went(message: Message) -> bool:
    """An answer of ours that arrived, is on its way or stands ready."""
    return message.direction == Direction.OUT and not message.failed


def failed(message: Any) -> Failed | None:
    """Of what never went."""
    target = message.target
    if not message.failed:
        return None
    if target.state != "rejected" or target.because not in (Because.REJECTED, Because.AUTH):
        return Failed()
    known = target.because == Because.AUTH or refusals.kind_of(target.note)
    return Failed(why_not(target.because, target.note) if known else "", target.note)


def went_along(message: Message) -> list[tuple[Medium, str]]:
    """The pictures of an answer, with what they show."""
    if message.target is None:
        return []
    rows = PostMedium.objects.filter(post=message.target.post_id).select_related("medium")
    return [(one.medium, one.alt) for one in rows]


def can_take_away(message: Any) -> bool:
    """Whether an answer of ours is up where Koor can take it away, and was not asked to."""
    target = message.target
    if target is None or target.state != "published" or target.removed_at is not None or message.removal:
        return False
    found = channels.connectors().get(message.connector)
    return found is not None and found.manifest.deletes and bool(target.remote_id)
