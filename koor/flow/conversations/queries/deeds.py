"""What can be done with a message that came in, and what was."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.choices import AGAIN, DONE_WORDS, SHUTS, DeedKind, DeedState
from koor.flow.conversations.models import Conversation, Deed
from koor.flow.conversations.models.deeds import DID_NOT_WORK
from koor.flow.publishing.logic import refusals
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Because
from koor.ground.people.models import Person
from koor.kernel.access import NotFound


def of_message() -> ArraySubquery:
    """What was done with it, as part of the query for messages."""
    rows = Deed.objects.filter(message=OuterRef("pk")).exclude(state=DeedState.UNDONE).order_by("pk")
    told = JSONObject(
        pk=F("pk"),
        kind=F("kind"),
        state=F("state"),
        name=F("by__name"),
        answer=F("answer"),
        because=F("because"),
        seen=F("seen_at"),
        undoing=F("undoing"),
        asked_by=F("asked_by"),
    )
    return ArraySubquery(rows.values_list(told))


def offered(message: Any) -> list[tuple[str, object, bool]]:
    """What can still be done with it: kind, words, and whether it is for good and so asked twice."""
    if not message.connector or not message.external_id:
        return []
    kinds, back = channels.acts_on(message.connector)
    there = {one["kind"] for one in message.deed_rows if not _may_be_asked(one["kind"], one["state"])}
    return [(kind, DeedKind(kind).label, kind not in back) for kind in kinds if kind not in there]


def _may_be_asked(kind: str, state: str) -> bool:
    """Again: it failed, or nobody knows and once more does no harm."""
    return state == DeedState.FAILED or (state == DeedState.UNSURE and kind in AGAIN)


@dataclass(frozen=True)
class DoneWith:
    """What was done with a message, in words, and what can be done about it; its number, or None where it can't."""

    words: str
    css: str = ""
    why: str = ""  # it did not work
    theirs: str = ""  # what the platform itself said of that
    undo: int | None = None
    again: int | None = None
    leave: int | None = None  # say that one read it: for who asked
    asked_by: int | None = None
    shuts: bool = False  # nobody reads or answers them here any more


def told(message: Any, may: bool) -> list[DoneWith]:
    """What was done."""
    _kinds, back = channels.acts_on(message.connector or "")
    return [_told(one, back, may) for one in message.deed_rows]


def _told(one: dict[str, Any], back: tuple[str, ...], may: bool) -> DoneWith:
    kind, state, pk = DeedKind(one["kind"]), DeedState(one["state"]), one["pk"] if may else None
    why = why_not(one["because"], one["answer"]) if one["because"] else ""
    theirs = one["answer"] if one["because"] == Because.REJECTED else ""
    not_done = state in (DeedState.FAILED, DeedState.UNSURE)
    unread = one["pk"] if (why or not_done) and not one["seen"] else None
    shuts = may and kind in SHUTS and state in (DeedState.ASKED, DeedState.DONE) and not one["undoing"]
    rest = {"leave": unread, "asked_by": one["asked_by"], "shuts": shuts}
    undo = pk if kind in back else None
    if state == DeedState.DONE:
        name = (one["name"] or _("A colleague")).split(" ")[0]
        words = _("%(deed)s: it was not undone") % {"deed": kind.label} if why else DONE_WORDS[kind] % {"name": name}
        return DoneWith(words, "ohoh" if why else "", why, theirs, undo=undo, **rest)
    css = {"failed": "ohoh", "unsure": "wait", "asked": "wait"}.get(state, "")
    if state == DeedState.UNSURE and one["undoing"]:
        words = _("%(deed)s: nobody knows whether it was undone") % {"deed": kind.label}
        return DoneWith(words, css, why, theirs, undo=undo, **rest)
    again = pk if _may_be_asked(kind, state) else None
    return DoneWith(f"{kind.label}: {state.label}", css, why, theirs, again=again, **rest)


def why_not(because: str, answer: str) -> str:
    """Why a platform did not do it, in a sentence."""
    if because == Because.AUTH:
        return _("The platform no longer lets this account in. Its owner can connect it again.")
    if because == Because.RATE:
        return _("The platform asked us to wait, each time.")
    if because == Because.REJECTED:
        return _refused(answer)
    return _("The platform gave no clear answer, however often Koor asked.")


def _refused(answer: str) -> str:
    """What a refusal means, as far as its own words tell."""
    said = {
        refusals.AUTH: _("This account may not do that there. Its owner can connect it again."),
        refusals.RATE: _("It has had enough of this account for now. Try again later."),
        refusals.RULES: _("The platform holds it against its own rules."),
        refusals.LONG: _("The words that went along are too long for this platform."),
        refusals.GONE: _("What they wrote is not there any more."),
    }
    return said.get(refusals.kind_of(answer), _("The platform does not do it. Nothing changed there."))


def not_worked_for(person: Person) -> QuerySet[Deed]:
    """What this colleague asked of a platform, did not happen, and they did not read yet."""
    seen = Conversation.objects.filter(access.visible_to(person))
    rows = Deed.objects.filter(DID_NOT_WORK, asked_by=person, seen_at=None, message__conversation__in=seen)
    return rows.select_related("message__conversation__contact").order_by("-asked_at", "-pk")


def deed(person: Person, id: int) -> Deed:
    """A deed on a message in a conversation that this person may see."""
    seen = Conversation.objects.filter(access.visible_to(person))
    found = Deed.objects.select_related("message__conversation").filter(pk=id, message__conversation__in=seen).first()
    if found is None:
        raise NotFound
    return found
