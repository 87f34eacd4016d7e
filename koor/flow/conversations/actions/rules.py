"""Rules for who answers: made, changed, put in order, paused and taken away; and how much one wants in hand."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.choices import RuleState
from koor.flow.conversations.logic.rules import ASKED, CONDITIONS
from koor.flow.conversations.models import OwnLimit, Rule
from koor.flow.conversations.queries import ruling
from koor.flow.listening.actions.asking import sentence_of
from koor.flow.listening.logic.query import QueryError, read_query
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.access import NotFound, Refused, require
from koor.kernel.once import once as done_once

Given = Mapping[str, Any]
Asks = Iterable[tuple[str, int | str]]
MOST_RULES, MOST_ASKED, MOST_IN_HAND = 200, 10, 200


@transaction.atomic
def add_rule(*, by: Colleague, when: Given, ask: Asks, once: str = "") -> Rule:
    """A rule below the others. Whoever may not make rules proposes one."""
    state = RuleState.ACTIVE if access.may_rule(by) else RuleState.PROPOSED
    require(access.may_begin(by), _("Rules are made by the curator and by PR."))
    conditions, asked = _checked(when, ask)

    def make() -> Rule:
        if Rule.objects.count() >= MOST_RULES:
            sentence = _("There are %(most)s rules, and nobody can oversee more.")
            raise Refused(sentence % {"most": MOST_RULES}, code="many")
        place = (Rule.objects.aggregate(last=Max("place"))["last"] or 0) + 1
        now = clock.now()
        made = Rule.objects.create(
            place=place, state=state, when=conditions, ask=asked, by_id=by.pk, made_at=now, changed_at=now
        )
        verb = "add_rule" if state == RuleState.ACTIVE else "propose_rule"
        audit.record(by=by, verb=f"conversations.{verb}", target=made, when=conditions, ask=asked)
        return made

    pk, _new = done_once(f"conversations.add_rule:{by.pk}", once, {"when": conditions, "ask": asked}, make)
    return Rule.objects.get(pk=pk)


@transaction.atomic
def change_rule(*, by: Colleague, rule: Rule, when: Given, ask: Asks) -> Rule:
    """Other conditions, or others whom it asks."""
    rule = _held(by, rule)
    conditions, asked = _checked(when, ask)
    if (rule.when, rule.ask) == (conditions, asked):
        return rule
    audit.record(by=by, verb="conversations.change_rule", target=rule, was=rule.when, now=conditions, ask=asked)
    rule.when, rule.ask, rule.changed_at = conditions, asked, clock.now()
    rule.save(update_fields=["when", "ask", "changed_at"])
    return rule


@transaction.atomic
def move_rule(*, by: Colleague, rule: Rule, up: bool) -> None:
    """One place earlier or later: the first rule that holds decides."""
    rule = _held(by, rule)
    ordered = list(Rule.objects.exclude(state=RuleState.PROPOSED).select_for_update(no_key=True))
    at = next((place for place, one in enumerate(ordered) if one.pk == rule.pk), None)
    beside = None if at is None else at - 1 if up else at + 1
    if at is None or beside is None or not 0 <= beside < len(ordered):
        return
    ordered[at], ordered[beside] = ordered[beside], ordered[at]
    for place, one in enumerate(ordered, 1):
        if one.place != place:
            Rule.objects.filter(pk=one.pk).update(place=place)
    audit.record(by=by, verb="conversations.move_rule", target=rule, place=beside + 1)


@transaction.atomic
def set_rule(*, by: Colleague, rule: Rule, active: bool) -> None:
    """Let a rule hold, or pause it."""
    rule = _held(by, rule)
    state = RuleState.ACTIVE if active else RuleState.PAUSED
    if rule.state == state:
        return
    if active:
        _checked(rule.when, [tuple(one) for one in rule.ask])
    rule.state, rule.changed_at = state, clock.now()
    rule.save(update_fields=["state", "changed_at"])
    audit.record(by=by, verb="conversations.resume_rule" if active else "conversations.pause_rule", target=rule)


@transaction.atomic
def remove_rule(*, by: Colleague, rule: Rule) -> None:
    """Take it away; what it decided stays as it is."""
    rule = _held(by, rule)
    audit.record(by=by, verb="conversations.remove_rule", target=rule, when=rule.when, ask=rule.ask)
    rule.delete()


@transaction.atomic
def set_own_limit(*, by: Person, most: int | None) -> None:
    """How many people may wait for me at once; None: as many as there are."""
    if most is not None and not 1 <= most <= MOST_IN_HAND:
        raise Refused(_("Choose a number from 1 to %(most)s.") % {"most": MOST_IN_HAND}, code="limit", field="most")
    if most is None:
        OwnLimit.objects.filter(person=by).delete()
    else:
        OwnLimit.objects.update_or_create(person=by, defaults={"most": most})
    audit.record(by=by, verb="conversations.set_own_limit", target=by, most=most)


def _held(by: Colleague, rule: Rule) -> Rule:
    require(access.may_rule(by), _("Rules are made by the curator and by PR."))
    found = Rule.objects.select_for_update(of=("self",)).filter(pk=rule.pk).first()
    if found is None:
        raise NotFound
    return found


def _checked(when: Given, ask: Asks) -> tuple[dict[str, Any], list[list[int | str]]]:
    """Conditions and asked fit to be kept. Refused when nothing is asked, or nobody is there to be asked."""
    conditions = {name: when[name] for name in CONDITIONS if when.get(name)}
    if not conditions:
        raise Refused(_("Say when: choose at least one condition."), code="no_condition", field="words")
    if "words" in conditions:
        try:
            conditions["words"] = read_query(str(conditions["words"]).strip(), text_only=True).expression
        except QueryError as error:
            raise Refused(sentence_of(error), code="bad_expression", field="words") from None
    asked = list(dict.fromkeys((str(kind), which) for kind, which in ask if kind in ASKED))
    if not asked:
        raise Refused(_("Say who: choose at least one colleague or group."), code="nobody", field="ask_1")
    if len(asked) > MOST_ASKED:
        raise Refused(_("Choose at most %(most)s.") % {"most": MOST_ASKED}, code="many_asked", field="ask_1")
    if not ruling.whom(tuple(asked)):
        raise Refused(_("Nobody who works here is in this. Choose somebody else."), code="empty", field="ask_1")
    return conditions, [list(one) for one in asked]
