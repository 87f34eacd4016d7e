"""What can be done with a message that came in, and what was."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.choices import AGAIN, DONE_WORDS, DeedKind, DeedState
from koor.flow.conversations.models import Conversation, Deed, Message
from koor.ground.channels import queries as channels
from koor.ground.people.models import Person
from koor.kernel.access import NotFound


def of_message() -> ArraySubquery:
    """What was done with it, as part of the query for messages."""
    rows = Deed.objects.filter(message=OuterRef("pk")).exclude(state=DeedState.UNDONE).order_by("pk")
    told = JSONObject(pk=F("pk"), kind=F("kind"), state=F("state"), name=F("by__name"), answer=F("answer"))
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


def told(message: Any, may: bool) -> list[tuple[str, str, int | None]]:
    """What was done: words, how they look, and the number with which it is undone."""
    _kinds, back = channels.acts_on(message.connector or "")
    found = []
    for one in message.deed_rows:
        kind, state = DeedKind(one["kind"]), DeedState(one["state"])
        name = (one["name"] or _("A colleague")).split(" ")[0]
        if state == DeedState.DONE:
            found.append((DONE_WORDS[kind] % {"name": name}, "", one["pk"] if may and kind in back else None))
        else:
            css = {"failed": "ohoh", "unsure": "wait", "asked": "wait"}.get(state, "")
            found.append((f"{kind.label}: {state.label}", css, None))
    return found


def deed(person: Person, id: int) -> Deed:
    """A deed on a message in a conversation that this person may see."""
    seen = Conversation.objects.filter(access.visible_to(person))
    found = Deed.objects.select_related("message__conversation").filter(pk=id, message__conversation__in=seen).first()
    if found is None:
        raise NotFound
    return found


def can_take_away(message: Message) -> bool:
    """Whether an answer of ours is up where Koor can take it away."""
    target = message.target
    if target is None or target.state != "published" or target.removed_at is not None:
        return False
    found = channels.connectors().get(message.connector)  # type: ignore[attr-defined]  # annotated
    return found is not None and found.manifest.deletes and bool(target.remote_id)
