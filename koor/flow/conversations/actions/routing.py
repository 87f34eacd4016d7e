"""Whose conversation it is: gather what is known, let `logic.route` decide, keep the decision with its reasons."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q

from koor.flow.conversations import logic
from koor.flow.conversations.choices import Direction, Ground
from koor.flow.conversations.events import ConversationAssigned
from koor.flow.conversations.logic import rules, topics
from koor.flow.conversations.models import Assignment, Conversation, Message, Refusal
from koor.flow.conversations.queries import hearing, ruling
from koor.flow.conversations.queries.lines import with_stand_ins
from koor.flow.listening import queries as listening
from koor.flow.listening.actions import teach
from koor.flow.listening.choices import Question
from koor.flow.listening.logic.learner.questions import label_of
from koor.flow.publishing import queries as publishing
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.governance import queries as governance
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events, sql
from koor.kernel.access import Refused
from koor.kernel.memory import remembered_in_a_stream

EARLIER_ANSWERS = 5  # colleagues who answered this person before
REMEMBERED = timedelta(days=365)  # a refusal about a person


def route(conversation: Conversation, message: Message | None, *, by: Colleague) -> None:
    """Give a conversation to whom it fits now. A colleague who has it and is there keeps it."""
    situation = _situation(conversation, message)
    decision = logic.route(situation)
    if decision.ground == Ground.THREAD and conversation.assignee_id == decision.person:
        return
    give(
        conversation,
        decision.person,
        by=by,
        ground=decision.ground,
        reasons=decision.reasons,
        offered=decision.offered,
        koor=True,
    )


def give(
    conversation: Conversation,
    person_id: int | None,
    *,
    by: Colleague,
    ground: str,
    reasons: Iterable[logic.Reason],
    offered: Iterable[int] = (),
    sentence: str = "",
    koor: bool = False,
) -> None:
    """Write down with whom a conversation is from now on, and why. `koor`: routing decided, not a person."""
    conversation.assignee_id = person_id
    conversation.called_in.filter(person=person_id, over_at=None).update(over_at=clock.now())
    conversation.ground, conversation.reasons = ground, [list(reason) for reason in reasons]
    conversation.offered, conversation.sentence = list(offered), sentence
    conversation.save(update_fields=["assignee", "ground", "reasons", "offered", "sentence"])
    Assignment.objects.create(
        conversation=conversation,
        person_id=person_id,
        ground=ground,
        reasons=conversation.reasons,
        by_id=None if koor else by.pk,
        sentence=sentence,
        at=clock.now(),
    )
    audit.record(by=by, verb="conversations.assign", target=conversation, person=person_id, ground=ground)
    events.tell(ConversationAssigned(conversation.pk))


def correct(conversation: Conversation) -> None:
    """What was decided last was not right: a person says so."""
    latest = conversation.assignments.first()
    if latest is not None and not latest.corrected:
        latest.corrected = True
        latest.save(update_fields=["corrected"])


def _situation(conversation: Conversation, message: Message | None) -> logic.Situation:
    contact = conversation.contact
    related = _related(conversation, message)
    asked = _matter(conversation, message)
    named = _named(related) | {person for one in asked["rules"] for person in one.candidates}
    named |= _named(asked | {"skilled": [*asked["skilled"].candidates, *asked["learnt"].candidates], "rules": None})
    return logic.Situation(
        **related,
        **asked,
        ohoh=conversation.ohoh,
        purpose=conversation.purpose,
        passed=_passed(conversation),
        declined=_declined(contact) if contact else frozenset(),
        presence=_with_line(contact, _presence(named)),
        full=ruling.full(named),
    )


def _related(conversation: Conversation, message: Message | None) -> dict[str, Any]:
    """Who has to do with this person, by choice, by acquaintance or by what was said before."""
    contact, account = conversation.contact, conversation.account
    direct = contacts.direct_line_of(contact) if contact else None
    known = [row.person_id for row in contacts.acquaintances_of(contact)] if contact else []
    before = _answered_before(contact) if contact else []
    return {
        "thread": conversation.assignee_id,
        "own_account": account.owner_id if account and account.personal else None,
        "direct_line": direct.pk if direct else None,
        "asked": _called(logic.greeted(message.text)) if message else [],
        "knows": _best_first(known, before),
        "before": before,
        "author": _author(message) if message else None,
    }


def _matter(conversation: Conversation, message: Message | None) -> dict[str, Any]:
    """Whom what is asked points to: rules, a question about buying, the subject, the purpose."""
    want = topics.wanted(message.text) if message else topics.Wanted()
    heard = hearing.heard(conversation, message, want)
    holding = [rule for rule in ruling.in_force() if rules.holds(rule, heard)]
    people_asked = ruling.whom(ask for rule in holding for ask in rule.ask)
    spoken = ruling.who_speak(heard.language) if heard.language not in ("", people.house().language) else None
    known = topics.who_knows(want, ruling.declared(), spoken) if want.topics or want.words else ((), "")
    return {
        "rules": [
            logic.Ruled(ruling.candidates(rule, people_asked), rules.parts(rule), rule.when.get("label") == "ohoh")
            for rule in holding
        ],
        "on_duty": [person.pk for person in people.with_role(Role.PR)] if conversation.ohoh else [],
        "buying": [person.pk for person in governance.responsible_for(Purpose.SALES)] if heard.buying else [],
        "learnt": _learnt(message, heard.language, known[0]),
        "skilled": logic.Asked(*known),
        "responsible": [p.pk for p in governance.responsible_for(conversation.purpose)] if conversation.purpose else [],
    }


def _learnt(message: Message | None, language: str, skilled: Collection[int]) -> logic.Asked:
    """The discipline that the learner gives, where it keeps its promise."""
    guess = listening.guess_of(Question.DISCIPLINE, message.text, language) if message else None
    if guess is None or not guess.sure:
        return logic.Asked()
    name, members = ruling.discipline_labelled(guess.label)
    return logic.Asked(topics.narrowed(guess.label, members, skilled).candidates, name)


def _named(facts: Mapping[str, Any]) -> set[int]:
    found: set[int] = set()
    for value in facts.values():
        if isinstance(value, list | int):
            found.update(value if isinstance(value, list) else [value])
    return found


def _best_first(known: list[int], before: list[int]) -> list[int]:
    """Whoever of those who know this person answered them last is the one to ask; otherwise all of them."""
    recent = [person for person in before if person in known]
    return recent[:1] or known


def _answered_before(contact: Contact) -> list[int]:
    rows = Message.objects.filter(contact=contact, direction=Direction.OUT, failed=False, person__isnull=False)
    latest = rows.values("person").annotate(last=Max("pk")).order_by("-last")[:EARLIER_ANSWERS]
    return [row["person"] for row in latest]


def _called(first_name: str) -> list[int]:
    """Colleagues with this first name."""
    if not first_name:
        return []
    rows = Person.objects.filter(is_active=True).annotate(folded=sql.fold(F("name")))
    named = rows.filter(Q(folded=first_name) | Q(folded__startswith=f"{first_name} "))
    return list(named.values_list("pk", flat=True)[:20])


def _author(message: Message) -> int | None:
    """Who made the post that is replied to."""
    replied = message.mention.in_reply_to if message.mention else ""
    if not replied or message.account_id is None:
        return None
    return publishing.maker_of(account_id=message.account_id, remote_id=replied)


def _passed(conversation: Conversation) -> frozenset[int]:
    """Who said "not for me" in this conversation."""
    return frozenset(conversation.refusals.values_list("person_id", flat=True))


def _declined(contact: Contact) -> frozenset[int]:
    """Who said so about this person, not long ago."""
    since = clock.now() - REMEMBERED
    rows = Refusal.objects.filter(conversation__contact=contact, at__gte=since)
    return frozenset(rows.values_list("person_id", flat=True))


@remembered_in_a_stream
def _away_today() -> dict[int, tuple[date, Person | None]]:
    return people.away_on(people.today())


def _presence(named: set[int]) -> dict[int, logic.Presence]:
    """Of those colleagues, whoever is away or left, with who stands in."""
    if not named:
        return {}
    there = set(Person.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True))
    gone = {person: logic.Presence(here=False) for person in named - there}
    away = {
        person: logic.Presence(here=False, until=last_day, stand_in=stand_in.pk if stand_in else None)
        for person, (last_day, stand_in) in _away_today().items()
        if person in there
    }
    return gone | away


def _with_line(contact: Contact | None, presence: dict[int, logic.Presence]) -> dict[int, logic.Presence]:
    """When an absence names nobody, whoever stands in on the direct line to this person does."""
    for owner, away in presence.items() if contact else ():
        if contact and away.until is not None and away.stand_in is None:
            presence[owner] = replace(away, stand_in=with_stand_ins(contact, owner))
    return presence


def is_there(person_id: int) -> bool:
    return not _presence({person_id})


def anew(conversation: Conversation, message: Message | None) -> list[logic.Considered]:
    """Each step of the order for this conversation as if nobody had it; nothing is written."""
    holder, conversation.assignee = conversation.assignee, None
    try:
        return list(logic.considered(_situation(conversation, message)))
    finally:
        conversation.assignee = holder


def teaches(conversation: Conversation, person: Person, *, by: Colleague) -> None:
    """Who should have had it tells of which discipline the question is; of somebody's own people it tells nothing."""
    message = conversation.messages.filter(direction=Direction.IN).order_by("-pk").first()
    if message is None or person.discipline is None or conversation.ground in logic.BY_RELATION:
        return
    label = label_of(person.discipline.name)
    source = f"conversations.conversation:{conversation.pk}"
    try:
        with transaction.atomic():
            teach(Question.DISCIPLINE, message.text, label, by=by, source=source)
    except Refused:  # of a discipline that was renamed just now nothing is learnt
        return
