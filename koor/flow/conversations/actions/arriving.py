"""What comes in: a mention or a reply becomes a message in the conversation of the one who said it."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.conversations import access, logic
from koor.flow.conversations.actions import routing, talks, threads
from koor.flow.conversations.actions.machines import MACHINES, hear_machine
from koor.flow.conversations.choices import Direction, Ground
from koor.flow.conversations.models import Conversation, Message
from koor.flow.conversations.queries.behind import behind
from koor.flow.listening import queries as listening
from koor.flow.listening.models import Mention
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.kernel import clock
from koor.kernel.access import SYSTEM, NotFound, Refused, require


@transaction.atomic
def open_from_mention(*, by: Colleague, mention: Mention) -> Conversation:
    """Make a conversation of what somebody said, or let it go on in theirs. The same mention twice changes nothing."""
    require(access.may_open(by), _("Ask the curator to make a conversation of this."))
    if mention.ours:
        raise Refused(_("We said this ourselves."), code="ours")
    try:
        with transaction.atomic():
            found = _opened([mention.pk], by=by)
    except IntegrityError:  # another worker was first
        known = _heard_before([kept := _kept_still([mention.pk])[0]])
        if mention.pk not in known:
            raise
        return _seen_again(known[mention.pk], kept)
    if mention.pk not in found:
        raise NotFound
    return found[mention.pk]


def hear_all(mention_ids: Iterable[int]) -> None:
    """Mentions were stored or labelled: where somebody speaks to us, or it is an aha or an oh-oh, answer it. In their
    order, in a few statements for all of them."""
    ids = list(dict.fromkeys(mention_ids))
    found = Mention.objects.select_related("source__account").in_bulk(ids)
    there = [found[pk] for pk in ids if pk in found]
    for machine, run in groupby(there, key=lambda one: one.kind in MACHINES):
        said = list(run)
        if machine:
            for mention in said:
                hear_machine(mention)
        else:
            _hear_people([one for one in said if _wants(one)])


@transaction.atomic
def _hear_people(mentions: Sequence[Mention]) -> None:
    if len(mentions) == 1:  # somebody else may hear it at the same moment
        open_from_mention(by=SYSTEM, mention=mentions[0])
    elif mentions:
        _opened([one.pk for one in mentions], by=SYSTEM)


def _wants(mention: Mention) -> bool:
    addressed = mention.source.account_id is not None
    return logic.wants_conversation(ours=mention.ours, addressed=addressed, kind=mention.kind, label=mention.label)


def _opened(mention_ids: Sequence[int], *, by: Colleague) -> dict[int, Conversation]:
    """The conversation of each, by mention. First the people are held and then all conversations at once, so that no
    part waits for somebody who waits for an earlier one."""
    mentions = _kept_still(mention_ids)
    parts, known = list(logic.without_twins(mentions, _twin_key)), _heard_before(mentions)
    first = {_twin_key(one): one for one in reversed(mentions)}
    people = _who_said([one for one in mentions if one.pk not in known and first[_twin_key(one)] is one])
    again = bool(known) or len(parts) > 1
    if again:
        talks.hold([(one, people.get(one.pk)) for one in mentions], known.values())
    found: dict[int, Conversation] = {}
    for some in parts:
        known = _heard_before(some) if again else known
        for mention in some:
            if mention.pk in known:
                found[mention.pk] = _seen_again(known[mention.pk], mention)
        found |= _heard([one for one in some if one.pk not in known], people, by=by)
    return found


def _heard(mentions: Sequence[Mention], people: dict[int, Contact], *, by: Colleague) -> dict[int, Conversation]:
    """What was not heard before: in which conversation it goes on, and whose that is."""
    if not mentions:
        return {}
    held = talks.held([(one, people.get(one.pk)) for one in mentions], by=by)
    found: dict[int, Conversation] = {}
    for mention in mentions:
        contact = people.get(mention.pk)
        talk, fresh = held.for_(mention, contact)
        message = _message(mention, talk.conversation, contact, waits=_waits(mention, by))
        held.hears(talk, message, mention, fresh=fresh)
        found[mention.pk] = talk.conversation
    held.write()
    return found


def _kept_still(mention_ids: Sequence[int]) -> list[Mention]:
    """As they stand now, in this order; whoever wrote them changes them after us, and then finds what we made of it."""
    rows = Mention.objects.select_for_update(of=("self",), no_key=True).select_related("source__account")
    found = {one.pk: one for one in rows.filter(pk__in=mention_ids).order_by("pk")}
    return [found[pk] for pk in mention_ids if pk in found]


def channel_of(mention: Mention) -> str:
    """A connector's key; for what was brought in the platform that it came from, or the name of the source."""
    return listening.platform_of(mention.source)


def _twin_key(mention: Mention) -> Any:
    """The same thing said, heard by another road, has the same; what has no number of its own is like nothing else."""
    if not mention.external_id:
        return mention.pk
    return mention.source.account_id, channel_of(mention), mention.external_id


def _heard_before(mentions: Sequence[Mention]) -> dict[int, Message]:
    """By mention, the message of this very mention, or of the same thing said."""
    same = Q(mention__in=mentions)
    for (account, channel), some in groupby(mentions, key=lambda one: (one.source.account, channel_of(one))):
        numbers = [one.external_id for one in some if one.external_id]
        twins = Q(account=account, channel=channel, external_id__in=numbers, direction=Direction.IN)
        same |= twins & ~Q(external_id="")
    rows = Message.objects.select_related("conversation").filter(same)
    own: dict[Any, Message] = {}
    for row in rows.order_by("-pk"):
        own[row.mention_id] = row
        if row.external_id and row.direction == Direction.IN:
            own[row.account_id, row.channel, row.external_id] = row
    both = {one.pk: own.get(one.pk) or own.get(_twin_key(one)) for one in mentions}
    return {pk: row for pk, row in both.items() if row is not None}


def _seen_again(message: Message, mention: Mention) -> Conversation:
    """Nothing new was said; but it may have become an oh-oh, and then PR is asked as if it had been one at once."""
    conversation = threads.held(message.conversation_id)
    if mention.label == "ohoh" and not conversation.ohoh:
        became_ohoh(conversation, message)
    return conversation


def became_ohoh(conversation: Conversation, message: Message | None) -> None:
    """It is an oh-oh, and PR is asked as if it had been one at once. The conversation is held by the caller."""
    conversation.ohoh = True
    conversation.save(update_fields=["ohoh"])
    if message is not None and conversation.waiting_since and not _has_somebody(conversation):
        _route_anew(conversation, message)


def _has_somebody(conversation: Conversation) -> bool:
    """With whom this person knows, whom a colleague chose, or who answered them by now."""
    chosen = conversation.ground in {*logic.BY_RELATION, Ground.PERSON}
    return (
        chosen or conversation.messages.filter(direction=Direction.OUT, person=conversation.assignee_id or 0).exists()
    )


def _route_anew(conversation: Conversation, message: Message) -> None:
    """As if nobody had it. When it fits the same as before they have heard of it already."""
    holder, conversation.assignee = conversation.assignee, None
    decision = routing.fits(conversation, message, behind([conversation]))
    if decision.person == (holder.pk if holder else None) and list(decision.offered) == conversation.offered:
        conversation.assignee = holder
        return
    routing.give_as(conversation, decision, by=SYSTEM)


def _who_said(mentions: Sequence[Mention]) -> dict[int, Contact]:
    """By mention; not of what was said before somebody was erased, or by a handle that is none: that is nobody's."""
    named = [one for one in mentions if one.handle or one.author]
    several = [
        contacts.Met(
            name=one.author or one.handle,
            platform=listening.known_by(one.source)[:40],
            handle=one.handle or one.author,
            said_at=one.said_at,
        )
        for one in named
    ]
    met = contacts.meet_contacts(by=SYSTEM, several=several) if several else []
    there = threads.hold_contacts({one.pk for one in met if one is not None})
    return {one.pk: there[who.pk] for one, who in zip(named, met, strict=True) if who is not None and who.pk in there}


def _waits(mention: Mention, by: Colleague) -> bool:
    addressed = mention.source.account_id is not None
    return logic.asks_for_an_answer(addressed=addressed, by_a_person=by is not SYSTEM, label=mention.label)


def _message(mention: Mention, conversation: Conversation, contact: Contact | None, *, waits: bool) -> Message:
    return Message(
        conversation=conversation,
        direction=Direction.IN,
        contact=contact,
        account=mention.source.account,
        text=mention.text,
        at=mention.said_at,
        stored_at=clock.now(),
        channel=channel_of(mention),
        kind=mention.kind,
        url=mention.url,
        mention=mention,
        external_id=mention.external_id,
        edited_at=mention.edited_at,
        waits_from=logic.waiting_from(mention.said_at, clock.now()) if waits else None,
    )
