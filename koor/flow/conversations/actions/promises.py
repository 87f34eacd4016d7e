"""What we promise, and asking the next in line before a promise breaks."""

from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.conversations import access, logic
from koor.flow.conversations.actions import routing, threads
from koor.flow.conversations.choices import ConversationState
from koor.flow.conversations.models import CalledIn, Conversation, Evening, Promise, Refusal
from koor.flow.conversations.queries.promises import evening, hours, moments, soon
from koor.ground.contacts import queries as contacts
from koor.ground.governance import queries as governance
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.ground.people.models import Person, Rota
from koor.kernel import audit, clock, jobs, notices
from koor.kernel.access import SYSTEM, Refused, require

AT_ONCE = 500


def promise_answer(
    *, by: Person, channel: str, purpose: str, minutes: int, ask_before: int, promise: Promise | None = None
) -> Promise:
    """From now on we answer within so many working minutes; what waits already is held to it."""
    require(access.may_promise(by))
    if not 1 <= minutes <= logic.LONGEST_PROMISE:
        raise Refused(_("Promise at least a minute and at most five days."), code="minutes", field="hours")
    if not 0 <= ask_before < minutes:
        raise Refused(_("Ask somebody else before the time is over."), code="ask_before", field="ask_before")
    one = promise or Promise()
    one.channel, one.purpose, one.minutes, one.ask_before = channel, purpose, minutes, ask_before
    try:
        with transaction.atomic():
            one.save()
            audit.record(by=by, verb="conversations.promise", target=one, minutes=minutes)
            hold_all_to_it(by=by)
    except IntegrityError:
        sentence = _("There is a promise for this channel and purpose already: change that one.")
        raise Refused(sentence, code="twice", field="channel") from None
    return one


@transaction.atomic
def withdraw_promise(*, by: Person, promise: Promise) -> None:
    """We promise this no longer."""
    require(access.may_promise(by))
    audit.record(by=by, verb="conversations.withdraw_promise", target=promise)
    promise.delete()
    hold_all_to_it(by=by)


@transaction.atomic
def keep_evenings(*, by: Person, rota: Rota | None, until: time | None, weekend: bool = False) -> None:
    """After hours these colleagues take turns; without a rota nobody answers then, and no time passes."""
    require(access.may_promise(by))
    if rota is not None and (until is None or until <= people.house().closes):
        raise Refused(_("Choose a time after closing."), code="until", field="until")
    before = Evening.objects.select_for_update().first()
    if before is not None:
        if rota is None:
            audit.record(by=by, verb="conversations.leave_evenings", target=before)
        before.delete()
    if rota is not None and until is not None:
        late = Evening.objects.create(pk=1, rota=rota, until=until, weekend=weekend)
        audit.record(by=by, verb="conversations.keep_evenings", target=late)
    hold_all_to_it(by=by)


@transaction.atomic
def hold_all_to_it(*, by: Colleague) -> None:
    """What is promised now, by the hours of now, for everybody who waits. Part of deeds that check and record. Held in
    one order, so that two who do this at once wait for each other."""
    waiting = Conversation.objects.select_for_update().filter(waiting_since__isnull=False)
    rows, when = list(waiting.exclude(state=ConversationState.DONE).order_by("pk")), hours()
    asked = set(CalledIn.objects.filter(over_at=None).values_list("conversation_id", flat=True))
    for one in rows:
        one.due_at, ask_at = moments(one, when)
        one.ask_at = None if one.pk in asked else ask_at
    Conversation.objects.bulk_update(rows, ["due_at", "ask_at"], batch_size=500)


def ask_the_next(*, by: Colleague = SYSTEM) -> int:
    """Who waits so long that a promise is about to break: somebody else is asked, once for each question."""
    found = soon().order_by("ask_at").values_list("pk", flat=True)[:AT_ONCE]
    return sum(jobs.each_by_itself(found, lambda pk: _ask_for(pk, by=by)))


@transaction.atomic
def _ask_for(pk: int, *, by: Colleague) -> int:
    conversation = threads.held(pk)
    if conversation.ask_at is None or conversation.ask_at > clock.now():
        return 0
    found = _call_in(conversation, by=by)
    conversation.ask_at = None if found else _once_more(conversation)
    conversation.save(update_fields=["ask_at"])
    return found


def _once_more(conversation: Conversation) -> datetime | None:
    """Nobody was free: looked at again soon, as long as the promise holds."""
    later = clock.now() + timedelta(minutes=10)
    return later if conversation.due_at is not None and later < conversation.due_at else None


def _call_in(conversation: Conversation, *, by: Colleague) -> int:
    found = _next_in_line(conversation)
    if found is None:
        return 0
    person, ground = found
    call_in(conversation, person, ground, gettext_noop("A promise is about to break"), by=by)
    return 1


def call_in(conversation: Conversation, person: Person, ground: str, title: str, *, by: Colleague) -> None:
    """This colleague is asked too, beside whom it is with. The conversation is held by the caller."""
    one = CalledIn.objects.create(conversation=conversation, person=person, ground=ground, at=clock.now())
    verb = "conversations.call_pr" if ground == "fire" else "conversations.call_in"
    audit.record(by=by, verb=verb, target=conversation, person=person.pk, ground=ground)
    with translation.override(person.language):
        notices.push(
            to=person.pk,
            title=_(title),
            text=_("Somebody waits, and you can answer too."),
            url=reverse("conversations:talk_one", args=[conversation.pk]) + "#newest",
            kind="waits",
            key=f"called:{one.pk}",
        )


def _next_in_line(conversation: Conversation) -> tuple[Person, str] | None:
    """After hours whose turn it is; who knows them; who is responsible; the curator. Not who has it or said no."""
    known = contacts.acquaintances_of(conversation.contact) if conversation.contact else []
    asked: list[tuple[Person, str]] = [*_on_turn(), *((row.person, "knows") for row in known)]
    if conversation.purpose:
        asked += [(one, "purpose") for one in governance.responsible_for(conversation.purpose)]
    asked += [(one, "curator") for one in people.with_role(Role.CURATOR)]
    not_these = {conversation.assignee_id, *(conversation.offered if conversation.assignee_id is None else [])}
    not_these |= set(Refusal.objects.filter(conversation=conversation).values_list("person_id", flat=True))
    not_these |= set(conversation.called_in.filter(over_at=None).values_list("person_id", flat=True))
    free = (pair for pair in asked if pair[0].pk not in not_these and pair[0].is_active)
    return next((pair for pair in free if routing.is_there(pair[0].pk)), None)


def _on_turn() -> list[tuple[Person, str]]:
    late, now = evening(), clock.local(clock.now(), people.house().zone)
    if late is None or not logic.after_work(hours(), now):
        return []
    found = people.turn_on(late.rota, now.date())
    return [(found, "turn")] if found else []
