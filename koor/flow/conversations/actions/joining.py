"""Two contacts are one, or two again: what was open with both goes on as one conversation, and can part again."""

from django.db import transaction

from koor.flow.conversations.actions import routing, staying, threads
from koor.flow.conversations.choices import ConversationState, Direction
from koor.flow.conversations.models import Conversation, FireTie, Join, Message
from koor.flow.conversations.queries.channels import latest_said
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Merge
from koor.ground.governance.choices import Purpose
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock

JOINED, NAMED, MERGED = "joined", "named", "merged"  # the kinds of the message that tells of it
TELLING = (JOINED, NAMED, MERGED)
_CONTACT_OF = "conversations.Conversation.contact"


@transaction.atomic
def join_histories(*, by: Colleague, merge_id: int) -> None:
    """After a merge: the open conversations of both go on as one, that of the contact who was kept. With whom that
    one was keeps it; who waited in either still waits."""
    merge = Merge.objects.select_related("kept").filter(pk=merge_id, undone_at__isnull=True).first()
    if merge is None:
        return
    contact = threads.hold_contact(contacts.survivor(merge.kept))
    rows = Conversation.objects.filter(contact=contact).exclude(state=ConversationState.DONE)
    found = [threads.held(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
    came = set(merge.moved.get("rows", {}).get(_CONTACT_OF, []))
    found.sort(key=lambda one: (one.pk in came, -one.last_at.timestamp()))
    for gone in found[1:]:
        join(found[0], gone, by=by, merge=merge)


def join(
    into: Conversation, gone: Conversation, *, by: Colleague, merge: Merge | None = None, kind: str = NAMED
) -> Message:
    """What was said in one goes on in the other, both held by the caller; who waited in either still waits. Gives the
    message that tells of it."""
    now = clock.now()
    moved = list(gone.messages.values_list("pk", flat=True))
    told = Message.objects.create(
        conversation=into, direction=Direction.NOTE, kind=JOINED if merge else kind, at=now, stored_at=now
    )
    before = {"state": gone.state, "snoozed_until": gone.snoozed_until, "settled": gone.settled}
    stays = staying.of(into)
    both = staying.together(stays, staying.of(gone))
    along = threads.go_on_in(gone, into)
    kept = {**before, "stayed": {"before": stays, "after": both, "ties": _tied(into, gone, by=by), "along": along}}
    joined = Join.objects.create(merge=merge, into=into, gone=gone, moved=moved, upto=told.pk, at=now, **kept)
    Message.objects.filter(pk__in=moved).update(conversation=into, joined=joined)
    staying.put(both, into)
    for one in (into, gone):
        threads.retell(one)
    threads.recount(into)
    gone.state, gone.snoozed_until = ConversationState.DONE, None
    threads.recount(gone)
    _keep_with_somebody(into, gone, by=by)
    verb = "conversations.merge" if kind == MERGED else "conversations.join"
    audit.record(by=by, verb=verb, target=into, gone=gone.pk, merge=merge.pk if merge else None)
    return told


def _tied(into: Conversation, gone: Conversation, *, by: Colleague) -> list[int]:
    """Who asked about something that burns still does where it goes on. The numbers of what was tied."""
    practice = into.purpose == Purpose.PRACTICE
    theirs = FireTie.objects.filter(conversation=gone, left_at=None, fire__ended_at=None, fire__practice=practice)
    made = []
    for tie in theirs:
        fresh = {"how": tie.how, "by_id": by.pk, "at": clock.now()}
        row, new = FireTie.objects.get_or_create(fire_id=tie.fire_id, conversation=into, defaults=fresh)
        made += [row.pk] if new else []
    return made


def _keep_with_somebody(into: Conversation, gone: Conversation, *, by: Colleague) -> None:
    """Whoever had the other one has both when nobody had this one."""
    if into.assignee_id is not None:
        return
    if gone.assignee_id is not None and routing.is_there(gone.assignee_id):
        reasons = [(key, value) for key, value in gone.reasons]
        routing.give(into, gone.assignee_id, by=by, ground=gone.ground, reasons=reasons, koor=True)
    else:
        routing.route(into, latest_said(into), by=by)


@transaction.atomic
def part_again(*, by: Colleague, merge_id: int) -> None:
    """The merge was undone: each goes on where it was. What was said since stays where it was said."""
    for join in Join.objects.filter(merge=merge_id, undone_at__isnull=True).order_by("-pk"):
        part(join, *threads.both(threads.holder(join.into_id), join.gone_id), by=by)


def part(join: Join, holder: Conversation, gone: Conversation, *, by: Colleague) -> None:
    since = holder.messages.exclude(pk__in=join.moved).filter(threads.REALLY_OURS, pk__gt=join.upto)
    answered = since.order_by("-pk").values_list("pk", flat=True).first() or 0
    finished = holder.settled if holder.settled >= join.upto else 0
    holder.messages.filter(pk__in=join.moved).update(conversation=gone, joined=None)
    for earlier in Join.objects.filter(into=gone, undone_at__isnull=True):
        gone.messages.filter(pk__in=earlier.moved).update(joined=earlier)
    if gone.contact_id is None:
        gone.messages.update(contact=None)
    Message.objects.filter(pk=join.upto, kind__in=TELLING).delete()
    _with_what_came_along(join, holder, gone)
    gone.joined_into, gone.settled = None, max(join.settled, answered, finished)
    if holder.state != ConversationState.DONE:
        gone.state, gone.snoozed_until = join.state, join.snoozed_until
    join.undone_at = clock.now()
    staying.put_back(join, holder)
    FireTie.objects.filter(pk__in=join.stayed.get("ties", []), answer=None).delete()
    for one in (gone, holder):
        threads.retell(one)
        threads.recount(one)
    join.stayed = {}
    join.save(update_fields=["undone_at", "stayed"])
    verb = "conversations.unmerge" if join.merge_id is None else "conversations.part"
    audit.record(by=by, verb=verb, target=gone, merge=join.merge_id)


def _with_what_came_along(join: Join, holder: Conversation, gone: Conversation) -> None:
    """What had gone on in it before goes on in it again, but for what was joined anew since."""
    along = join.stayed.get("along", [])
    anew = Join.objects.filter(gone__in=along, undone_at=None, pk__gt=join.pk).values("gone")
    Conversation.objects.filter(pk__in=along, joined_into=holder).exclude(pk__in=anew).update(joined_into=gone)
