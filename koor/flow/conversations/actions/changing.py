"""People outside change what they said to us, or take it back: many at once in a few statements, as one by one."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from koor.flow.conversations import logic
from koor.flow.conversations.actions import threads
from koor.flow.conversations.actions.fires_words import forget_messages
from koor.flow.conversations.actions.talks import CHANGED
from koor.flow.conversations.choices import Direction
from koor.flow.conversations.events import MessageTakenBack
from koor.flow.conversations.models import Conversation, Join, Message, Told
from koor.flow.conversations.queries.asking import Asking, asking
from koor.flow.listening import queries as listening
from koor.flow.listening.models import Change, Mention
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock, events, sql, together
from koor.kernel.access import require

Changed = tuple[Message, Change]
Key = tuple[int | None, str, str]  # an account, a channel, and the number of what was said there


@transaction.atomic
def follow_changes(*, by: Colleague, change_ids: Iterable[int]) -> None:
    """What stands in conversations follows what its writers made of it. Again changes nothing."""
    require(is_system(by))
    found = list(_messages_of(listening.changes_of(change_ids)))
    talks = {one.pk: one for one in threads.held_with(message for message, _change in found)} if found else {}
    for some in logic.without_twins(found, lambda one: one[0].pk):
        _follow(by, some, talks)


def _messages_of(changes: Sequence[Change]) -> Iterator[Changed]:
    """Each with the message that it is about, as far as it became one."""
    keys = {one.pk: (one.source.account_id, listening.platform_of(one.source), one.external_id) for one in changes}
    found = {(row.account_id, row.channel, row.external_id): row for row in _said_as(set(keys.values()))}
    yield from ((found[keys[one.pk]], one) for one in changes if keys[one.pk] in found)


def _said_as(keys: Collection[Key]) -> QuerySet[Message]:
    """What was heard with these numbers, each on its own account and channel; `heard_from_once` holds them all."""
    numbers: dict[tuple[int | None, str], list[str]] = {}
    for account, channel, number in sorted(keys, key=str):
        if number:
            numbers.setdefault((account, channel), []).append(number)
    said = Q(pk__in=())
    for (account, channel), some in numbers.items():
        one = Q(account=account, channel=channel, external_id__in=some, direction=Direction.IN)
        said |= one & ~Q(external_id="")
    return Message.objects.filter(said)


def _follow(by: Colleague, some: Sequence[Changed], talks: dict[int, Conversation]) -> None:
    """The messages are looked at once more when nobody else can write in their conversations."""
    now = Message.objects.in_bulk([message.pk for message, _change in some])
    there = [(now[old.pk], change) for old, change in some if old.pk in now and now[old.pk].conversation_id in talks]
    taken = [message for message, change in there if change.deleted]
    said = _say_again([(message, change) for message, change in there if not change.deleted])
    events.tell_all(MessageTakenBack(message.pk) for message in taken)
    gone = _take_back(taken)
    new = {message.pk for message in (*taken, *said) if message.conversation_id not in gone}
    told = [(message, change) for message, change in there if message.pk in new]
    _catch_up([talks[pk] for pk in sorted({message.conversation_id for message, _change in told})])
    audit.record_all(
        by=by,
        deeds=[(_verb(change), talks[message.conversation_id], {"message": message.pk}) for message, change in told],
    )


def _verb(change: Change) -> str:
    return "conversations.they_took_back" if change.deleted else "conversations.they_changed"


def _say_again(there: Sequence[Changed]) -> list[Message]:
    """Those that have other words now."""
    said = Q()
    for _message, change in there:
        said |= Q(source=change.source_id, external_id=change.external_id)
    found = {(one.source_id, one.external_id): one for one in Mention.objects.filter(said)} if there else {}
    new = []
    for message, change in there:
        mention = found.get((change.source_id, change.external_id))
        if mention is not None and (message.text, message.edited_at) != (mention.text, mention.edited_at):
            message.text, message.edited_at = mention.text, mention.edited_at
            new.append(message)
    sql.write_rows(new, ["text", "edited_at"])
    return new


def _take_back(taken: Sequence[Message]) -> set[int]:
    """What we answered or noted since would hang in the air: then it is said that something was taken back. Else
    nothing of it is left, also not in the summary. The conversations in which nothing is left."""
    if not taken:
        return set()
    Told.objects.filter(message__in=[one.pk for one in taken]).delete()
    forget_messages(taken)
    ours = Message.objects.filter(conversation__in={one.conversation_id for one in taken})
    ours = ours.exclude(direction=Direction.IN)
    last = dict(ours.order_by().values_list("conversation").annotate(last=Max("pk")))
    stays = [one for one in taken if last.get(one.conversation_id, 0) > one.pk]
    for one in stays:
        one.text, one.waits_from, one.url = "", None, ""
        one.taken_back_at = one.taken_back_at or clock.now()
    sql.write_rows(stays, ["text", "waits_from", "url", "taken_back_at"])
    goes = [one for one in taken if last.get(one.conversation_id, 0) <= one.pk]
    if goes:
        Message.objects.filter(pk__in=[one.pk for one in goes]).delete()
    return _gone({one.conversation_id for one in goes})


def _gone(numbers: Collection[int]) -> set[int]:
    """Those of these conversations that are no more, for nothing is left in them."""
    rows = Conversation.objects.filter(pk__in=numbers, messages=None, fire_ties=None)
    joined = Join.objects.filter(Q(into=OuterRef("pk")) | Q(gone=OuterRef("pk")))
    empty = set(rows.exclude(Exists(joined)).values_list("pk", flat=True)) if numbers else set[int]()
    if empty:
        Conversation.objects.filter(pk__in=empty).delete()
    return empty


def _catch_up(talks: Sequence[Conversation]) -> None:
    """As `threads.retell` and `threads.recount` for each of them."""
    if not talks:
        return
    latest, questions = together.lists(_last_said(talks), _last_heard(talks))
    asks = asking(talks)
    shown = {one.conversation_id: one for one in latest}
    heard = {one.conversation_id: one for one in questions}
    free = []
    for one in talks:
        threads.show_last(one, shown.get(one.pk), heard.get(one.pk))
        waited, found = one.waiting_since, asks.get(one.pk) or Asking()
        one.waiting_since, one.asked = found.since, logic.preview(found.text)
        if threads.promised_again(one, waited):
            free.append(one.pk)
    threads.let_beside_go(free)
    sql.write_rows(talks, CHANGED)


def _last_said(talks: Sequence[Conversation]) -> QuerySet[Message]:
    rows = Message.objects.filter(conversation__in=talks).exclude(direction=Direction.NOTE)
    return rows.select_related("account").order_by("conversation", "-at", "-pk").distinct("conversation")


def _last_heard(talks: Sequence[Conversation]) -> QuerySet[Message]:
    return _last_said(talks).filter(direction=Direction.IN, account__isnull=False)
