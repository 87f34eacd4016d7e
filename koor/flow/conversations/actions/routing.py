"""Whose conversation it is: gather what is known, let `logic.route` decide, keep the decision with its reasons."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from koor.flow.conversations import logic
from koor.flow.conversations.choices import Direction, Ground
from koor.flow.conversations.events import ConversationAssigned
from koor.flow.conversations.logic import rules, topics
from koor.flow.conversations.models import Assignment, Conversation, Message
from koor.flow.conversations.queries import hearing, ruling
from koor.flow.conversations.queries.behind import Behind, behind
from koor.flow.conversations.queries.lines import with_stand_ins
from koor.flow.listening import queries as listening
from koor.flow.listening.actions import teach
from koor.flow.listening.choices import Question
from koor.flow.listening.logic.learner.questions import label_of
from koor.flow.publishing import queries as publishing
from koor.ground.contacts.models import Contact
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events, sql
from koor.kernel.access import Refused
from koor.kernel.memory import remembered_in_a_stream

GIVEN = ("assignee", "ground", "reasons", "offered", "sentence")  # columns that tell with whom it is, and why


def route(conversation: Conversation, message: Message | None, *, by: Colleague) -> None:
    """Give a conversation to whom it fits now. A colleague who has it and is there keeps it."""
    decision = decide(conversation, message, behind([conversation]))
    if decision is not None:
        give_as(conversation, decision, by=by)


def give_as(conversation: Conversation, decision: logic.Decision, *, by: Colleague) -> None:
    """As Koor decided."""
    give(
        conversation,
        decision.person,
        by=by,
        ground=decision.ground,
        reasons=decision.reasons,
        offered=decision.offered,
        koor=True,
    )


def fits(conversation: Conversation, message: Message | None, around: Behind) -> logic.Decision:
    """Whom it fits now, who has it before others. Nothing is written."""
    return logic.route(_situation(conversation, message, around))


def decide(conversation: Conversation, message: Message | None, around: Behind) -> logic.Decision | None:
    """Whom it fits now; None when whoever has it keeps it. Nothing is written."""
    decision = fits(conversation, message, around)
    stays = decision.ground == Ground.THREAD and conversation.assignee_id == decision.person
    return None if stays else decision


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
    not_beside(conversation, person_id)
    decision = logic.Decision(person_id, ground, tuple(reasons), tuple(offered))
    row = given(conversation, decision, sentence=sentence)
    conversation.save(update_fields=list(GIVEN))
    row.by_id = None if koor else by.pk
    row.save()
    audit.record(by=by, verb="conversations.assign", target=conversation, person=person_id, ground=ground)
    events.tell(ConversationAssigned(conversation.pk))


def given(conversation: Conversation, decision: logic.Decision, *, sentence: str = "") -> Assignment:
    """Let a conversation follow a decision of Koor's, and the row that tells of it; both are for the caller to save."""
    conversation.assignee_id = decision.person
    conversation.ground, conversation.reasons = decision.ground, [list(reason) for reason in decision.reasons]
    conversation.offered, conversation.sentence = list(decision.offered), sentence
    return Assignment(
        conversation=conversation,
        person_id=decision.person,
        ground=decision.ground,
        reasons=conversation.reasons,
        sentence=sentence,
        at=clock.now(),
    )


def not_beside(conversation: Conversation, person_id: int | None) -> None:
    """Who gets it is not asked beside somebody any more."""
    conversation.called_in.filter(person=person_id, over_at=None).update(over_at=clock.now())


def correct(conversation: Conversation) -> None:
    """What was decided last was not right: a person says so."""
    latest = conversation.assignments.first()
    if latest is not None and not latest.corrected:
        latest.corrected = True
        latest.save(update_fields=["corrected"])


def _situation(conversation: Conversation, message: Message | None, around: Behind) -> logic.Situation:
    contact = conversation.contact
    related = _related(conversation, message, around)
    asked = _matter(conversation, message, around)
    named = _named(related) | {person for one in asked["rules"] for person in one.candidates}
    named |= _named(asked | {"skilled": [*asked["skilled"].candidates, *asked["learnt"].candidates], "rules": None})
    return logic.Situation(
        **related,
        **asked,
        ohoh=conversation.ohoh,
        purpose=conversation.purpose,
        passed=frozenset(around.passed.get(conversation.pk or 0, ())),
        declined=frozenset(around.declined.get(contact.pk, ()) if contact else ()),
        presence=_with_line(contact, _presence(named)),
        full=around.full(named),
    )


def _related(conversation: Conversation, message: Message | None, around: Behind) -> dict[str, Any]:
    """Who has to do with this person, by choice, by acquaintance or by what was said before."""
    contact, account = conversation.contact, conversation.account
    whom = contact.pk if contact else 0
    before = list(around.before.get(whom, ()))
    return {
        "thread": conversation.assignee_id,
        "own_account": account.owner_id if account and account.personal else None,
        "direct_line": around.direct.get(whom),
        "asked": list(_called(logic.greeted(message.text))) if message else [],
        "knows": _best_first(list(around.known.get(whom, ())), before),
        "before": before,
        "author": _author(message) if message else None,
    }


def _matter(conversation: Conversation, message: Message | None, around: Behind) -> dict[str, Any]:
    """Whom what is asked points to: rules, a question about buying, the subject, the purpose."""
    want = topics.wanted(message.text) if message else topics.Wanted()
    made_for = frozenset(around.made_for.get(conversation.contact.pk, ()) if conversation.contact else ())
    heard = hearing.heard(conversation, message, want, made_for)
    holding = [rule for rule in ruling.in_force() if rules.holds(rule, heard)]
    people_asked = ruling.whom(tuple(ask for rule in holding for ask in rule.ask))
    spoken = ruling.who_speak(heard.language) if heard.language not in ("", people.house().language) else None
    known = topics.who_knows(want, ruling.declared(), spoken) if want.topics or want.words else ((), "")
    return {
        "rules": [
            logic.Ruled(ruling.candidates(rule, people_asked), rules.parts(rule), rule.when.get("label") == "ohoh")
            for rule in holding
        ],
        "on_duty": list(ruling.on_duty()) if conversation.ohoh else [],
        "buying": list(ruling.responsible(Purpose.SALES)) if heard.buying else [],
        "learnt": _learnt(message, heard.language, known[0]),
        "skilled": logic.Asked(*known),
        "responsible": list(ruling.responsible(conversation.purpose)) if conversation.purpose else [],
    }


def _learnt(message: Message | None, language: str, skilled: Collection[int]) -> logic.Asked:
    """The discipline that the learner gives, where it keeps its promise."""
    label = listening.sure_of(Question.DISCIPLINE, message.text, language) if message else ""
    if not label:
        return logic.Asked()
    name, members = ruling.discipline_labelled(label)
    return logic.Asked(topics.narrowed(label, members, skilled).candidates, name)


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


@remembered_in_a_stream
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
    return _maker(message.account_id, replied) if replied and message.account_id is not None else None


@remembered_in_a_stream
def _maker(account: int, remote_id: str) -> int | None:
    return publishing.maker_of(account_id=account, remote_id=remote_id)


@remembered_in_a_stream
def _away_today() -> dict[int, tuple[date, Person | None]]:
    return people.away_on(people.today())


@remembered_in_a_stream
def _active() -> frozenset[int]:
    return frozenset(Person.objects.filter(is_active=True).order_by().values_list("pk", flat=True))


def _presence(named: set[int]) -> dict[int, logic.Presence]:
    """Of those colleagues, whoever is away or left, with who stands in."""
    if not named:
        return {}
    there = named & _active()
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
    return anybody_there([person_id])


def anybody_there(people: Collection[int]) -> bool:
    """Whether one of these works here and is not away today."""
    return len(_presence(set(people))) < len(set(people))


def anew(conversation: Conversation, message: Message | None) -> list[logic.Considered]:
    """Each step of the order for this conversation as if nobody had it; nothing is written."""
    holder, conversation.assignee = conversation.assignee, None
    try:
        return list(logic.considered(_situation(conversation, message, behind([conversation]))))
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
