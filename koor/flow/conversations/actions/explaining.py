"""Why a conversation is with whom it is, step by step: what was decided, and what would be now. Writes nothing."""

from collections.abc import Mapping
from typing import Any

from koor.flow.conversations.actions import routing
from koor.flow.conversations.logic import Considered, Decision, rules, topics
from koor.flow.conversations.models import Conversation, Message, Rule
from koor.flow.conversations.queries import hearing, reasons, ruled, ruling
from koor.flow.conversations.queries.behind import behind
from koor.flow.conversations.queries.channels import latest_said
from koor.ground.people.models import Person
from koor.kernel.access import NotFound


def explained(number: int) -> dict[str, Any]:
    """One conversation, for the operator."""
    row = Conversation.objects.select_related("contact__organisation", "account__owner", "assignee").filter(pk=number)
    conversation = row.first()
    if conversation is None:
        raise NotFound
    message = latest_said(conversation)
    steps = routing.anew(conversation, message)
    numbers = {pk for step in steps for pk in step.candidates} | {conversation.assignee_id or 0}
    people = Person.objects.only("name").in_bulk(numbers)
    want = topics.wanted(message.text) if message else topics.Wanted()
    return {
        "conversation": conversation.pk,
        "with": conversation.assignee.name if conversation.assignee else None,
        "ground": conversation.ground,
        "reason": str(reasons.why(conversation, None, reasons.people_in([conversation]))),
        "steps": [_step(step, people) for step in steps],
        "anew": _decided(conversation, steps[-1].decision),
        "rules": _rules(conversation, message, want),
        "subjects": [topic.key for topic in want.topics],
        "buying": want.buying,
    }


def _step(step: Considered, people: Mapping[int, Person]) -> dict[str, Any]:
    asked = [people[pk].name for pk in step.candidates if pk in people]
    return {"ground": step.ground, "asked": asked, "decides": step.decision is not None}


def _decided(conversation: Conversation, decision: Decision | None) -> dict[str, Any]:
    """What would be decided now, with its reason in words; the row is not saved."""
    assert decision is not None  # the last step always decides
    conversation.assignee = Person.objects.filter(pk=decision.person).first() if decision.person else None
    conversation.ground, conversation.offered = decision.ground, list(decision.offered)
    conversation.reasons, conversation.sentence = [list(part) for part in decision.reasons], ""
    named = reasons.people_in([conversation])
    offered = [named[pk].name for pk in decision.offered if pk in named]
    return {
        "with": conversation.assignee.name if conversation.assignee else None,
        "offered_to": offered,
        "ground": decision.ground,
        "reason": str(reasons.why(conversation, None, named)),
    }


def _rules(conversation: Conversation, message: Message | None, want: topics.Wanted) -> list[dict[str, Any]]:
    """Each rule that is in force, whether it holds here, and else by which conditions not."""
    rows = list(Rule.objects.filter(state="active"))
    if not rows:
        return []
    known, contact = ruled.names_of(row.when for row in rows), conversation.contact
    made_for = behind([conversation]).made_for.get(contact.pk, set()) if contact else set()
    heard = hearing.heard(conversation, message, want, frozenset(made_for))
    read = {row.pk: ruling.read(row) for row in rows}
    return [
        {
            "id": row.pk,
            "sentence": ruled.plain(ruled.sentence(row.when, row.ask, known)),
            "holds": rules.holds(read[row.pk], heard),
            "unmet": rules.unmet(read[row.pk], heard),
        }
        for row in rows
    ]
