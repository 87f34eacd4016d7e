"""What becomes of the conversation that stays when another goes on in it, and of that when they part again: what nobody
changed since is as it was."""

from datetime import UTC, datetime
from typing import Any

from koor.flow.conversations import logic
from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import Conversation, Join
from koor.kernel import clock

Values = dict[str, Any]  # `open` is its state, until when it was put off, and up to which message it was settled


def of(one: Conversation, went: Join | None = None) -> Values:
    """As it is; of one that went, as it was then."""
    row = went or one
    until = row.snoozed_until.astimezone(UTC).isoformat() if row.snoozed_until else None
    return {"known": one.known, "ohoh": one.ohoh, "open": [row.state, until, row.settled]}


def put(values: Values, one: Conversation, went: Join | None = None) -> None:
    row = went or one
    one.known, one.ohoh = values["known"], values["ohoh"]
    row.state, until, row.settled = values["open"]
    row.snoozed_until = datetime.fromisoformat(until) if until else None


def together(stays: Values, goes: Values) -> Values:
    """Of both: what is known, whether it is urgent, and whether it is open."""
    return {
        "known": _both(stays["known"], goes["known"]),
        "ohoh": stays["ohoh"] or goes["ohoh"],
        "open": _as_open_as(stays["open"], goes["open"]),
    }


def _both(first: str, second: str) -> str:
    """What nobody has to ask again, of both."""
    if not second or second in first:
        return first
    return f"{first} {second}".strip()[: logic.LONGEST_KNOWN]


def _as_open_as(stays: list[Any], goes: list[Any]) -> list[Any]:
    """What was open stays open, and what was put off comes back."""
    if goes[0] == ConversationState.OPEN:
        return [ConversationState.OPEN, None, stays[2]]
    if goes[0] == ConversationState.SNOOZED and stays[0] == ConversationState.DONE:
        return [*goes[:2], stays[2]]
    return stays


def put_back(join: Join, holder: Conversation) -> None:
    """Without what this join added. Others that came later are added to it anew, also where it went on since; who
    holds it all is saved by the caller."""
    if "after" not in join.stayed:
        return
    into = holder if join.into_id == holder.pk else join.into
    went = None if into is holder else Join.objects.filter(gone=into, undone_at=None).select_related("into").first()
    later = Join.objects.filter(into=into, undone_at=None, pk__gte=join.pk).exclude(pk=join.pk if join.undone_at else 0)
    made, value = join.stayed["after"], join.stayed["before"]
    for one in later.exclude(stayed={}).select_related("gone").order_by("pk"):
        made, before = one.stayed["after"], value
        value = together(before, of(one.gone, one))
        one.stayed |= {"before": before, "after": value}
        one.save(update_fields=["stayed"])
    now = of(into, went)
    same = {key for key in now if _due(now, key) == _due({key: made[key]}, key)}
    if into is holder and _said_since(join, holder):
        same.discard("open")
    put({key: _due(value, key) if key in same else now[key] for key in now}, into, went)
    if into is not holder:
        into.save(update_fields=["known", "ohoh"])
    if went is not None:
        went.save(update_fields=["state", "snoozed_until", "settled"])
        put_back(went, holder)


def _due(values: Values, key: str) -> Any:
    """What was put off until a moment that has passed is open."""
    value = values[key]
    if key == "open" and value[1] and datetime.fromisoformat(value[1]) <= clock.now():
        return [ConversationState.OPEN, None, value[2]]
    return value


def _said_since(join: Join, holder: Conversation) -> bool:
    """It went on after all."""
    said = holder.messages.filter(joined=None, pk__gt=join.upto).exclude(direction=Direction.NOTE)
    return said.exists()
