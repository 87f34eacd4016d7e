"""Rules held against the latest conversations: what each would have decided, and what a change would change.

Absence and own limits are left aside here: it is about whom a rule asks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from koor.flow.conversations import access
from koor.flow.conversations.choices import Direction
from koor.flow.conversations.logic import preview, rules, topics
from koor.flow.conversations.logic.rules import Ask, Rule
from koor.flow.conversations.models import Assignment, Conversation, Message
from koor.flow.conversations.queries import hearing, ruling
from koor.flow.listening.logic.match import Matcher
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

LOOK_BACK = 500  # conversations
TRIED = 0  # the number of a rule while it is tried, beside the same rule as it is now
SHOWN = 20  # of those that would change
RELATED = ("thread", "own_account", "direct_line", "asked", "knows", "before")


@dataclass(frozen=True)
class Past:
    """The question with which a conversation began, and what Koor decided then."""

    pk: int
    who: str  # outside
    said: str
    heard: rules.Heard
    ground: str
    people: tuple[int, ...]  # whom it went to, or to whom it is offered and who did not take it yet

    @property
    def related(self) -> bool:
        """It went to somebody who has to do with this person; rules come after."""
        return self.ground in RELATED


@dataclass(frozen=True)
class Outcome:
    """Whom a conversation goes to: by which rule, or as it went."""

    rule: int | None
    people: tuple[int, ...]
    ground: str = ""


@dataclass(frozen=True)
class Change:
    past: Past
    was: Outcome
    now: Outcome


@dataclass
class DryRun:
    """What one rule does in the latest conversations."""

    looked: int = 0
    met: int = 0
    related: int = 0  # met, but somebody they know answers
    above: int = 0  # met, but a rule above decides
    decides: int = 0
    changes: list[Change] = field(default_factory=list)
    names: dict[int, Person] = field(default_factory=dict)


def latest(person: Person, looked_for: Iterable[Rule], most: int = LOOK_BACK) -> list[Past]:
    """The latest conversations as these rules look at them. At most three queries."""
    if not access.may_rule(person):
        raise NotFound
    found = list(looked_for)
    rows = list(_began()[:most])
    projects = _projects(rows) if any("project" in rule.when for rule in found) else {}
    buying = any("buying" in rule.when for rule in found)
    matcher = Matcher({rule.pk: rule.words for rule in found if rule.words is not None})
    return [_past(row, projects.get(row.pk, frozenset()), buying, matcher) for row in rows]


def _began() -> QuerySet[Conversation]:
    first = Message.objects.filter(conversation=OuterRef("pk"), direction=Direction.IN).order_by("pk")
    decided = Assignment.objects.filter(conversation=OuterRef("pk"), by=None).order_by("pk")
    names = ("text", "at", "channel", "account", "mention__label", "mention__language")
    asked = {f"first_{name}": Subquery(first.values(name)[:1]) for name in names}
    told = {f"koor_{name}": Subquery(decided.values(name)[:1]) for name in ("ground", "person", "reasons")}
    rows = (
        Conversation.objects.filter(joined_into=None)
        .select_related("contact")
        .only("purpose", "ohoh", "offered", "contact__name", "contact__language", "contact__organisation")
    )
    annotated: Any = rows.annotate(**asked, **told)
    found: QuerySet[Conversation] = annotated.exclude(first_text=None).order_by("-pk")
    return found


def _projects(rows: Collection[Conversation]) -> dict[int, frozenset[int]]:
    """Of each conversation the work for whom it is with."""
    people = {row.contact.pk for row in rows if row.contact}
    houses = {row.contact.organisation_id for row in rows if row.contact and row.contact.organisation_id}
    found = Project.objects.filter(Q(contact__in=people) | Q(organisation__in=houses))
    told = list(found.values_list("pk", "contact_id", "organisation_id"))
    return {
        row.pk: frozenset(
            pk
            for pk, contact, house in told
            if contact == row.contact.pk or (house and house == row.contact.organisation_id)
        )
        for row in rows
        if row.contact
    }


def _past(row: Any, projects: frozenset[int], buying: bool, matcher: Matcher[int]) -> Past:
    text = row.first_text[: rules.READ]
    contact = row.contact
    heard = rules.Heard(
        where=hearing.where(row.first_channel, row.first_account),
        purpose=row.purpose,
        labels=hearing.labels(row.ohoh, row.first_mention__label or ""),
        language=hearing.spoken(text, row.first_mention__language or "", contact.language if contact else ""),
        hours=hearing.hours(row.first_at),
        projects=projects,
        buying=buying and topics.wanted(text).buying,
        met=frozenset(matcher.match(text)),
    )
    ground = row.koor_ground or "unsure"
    if ground == "stand_in":
        grounds = [key for key, _value in row.koor_reasons if key not in {"stand_in", "until", "away", "full"}]
        ground = grounds[0] if grounds else ground
    people = (row.koor_person,) if row.koor_person else tuple(row.offered)
    return Past(row.pk, contact.name if contact else "", preview(text), heard, ground, people)


def outcome(past: Past, ordered: Sequence[Rule], people: Mapping[Ask, Collection[int]]) -> Outcome:
    """Whom this goes to by these rules."""
    recorded = Outcome(None, past.people, past.ground)
    if past.related:
        return recorded
    for rule in ordered:
        if past.ground == "fire" and rule.when.get("label") != "ohoh":
            continue
        asked = ruling.candidates(rule, people)
        if asked and rules.holds(rule, past.heard):
            return Outcome(rule.pk, asked)
    return recorded if past.ground != "rule" else Outcome(None, (), "further")


def tried(person: Person, rule: Rule) -> DryRun:
    """What this rule, new or changed, would have done in the latest conversations."""
    now = ruling.in_force()
    rule, number = replace(rule, pk=TRIED), rule.pk
    after = [rule if one.pk == number else one for one in now]
    if rule not in after:
        after.append(rule)
    looked = latest(person, [*now, rule])
    people = ruling.whom(tuple(ask for one in (*now, rule) for ask in one.ask))
    found = DryRun(looked=len(looked))
    for past in looked:
        _count(found, past, rule, outcome(past, now, people), outcome(past, after, people))
    numbers = {pk for one in found.changes[:SHOWN] for end in (one.was, one.now) for pk in end.people}
    found.names = Person.objects.only("name").in_bulk(numbers)
    return found


def _count(found: DryRun, past: Past, rule: Rule, was: Outcome, now: Outcome) -> None:
    met = rules.holds(rule, past.heard)
    found.met += met
    found.related += met and past.related
    found.decides += now.rule == rule.pk
    found.above += met and not past.related and now.rule != rule.pk
    if set(was.people) != set(now.people):
        found.changes.append(Change(past, was, now))


@dataclass
class Share:
    """What a rule that holds does in the latest conversations."""

    met: int = 0
    decides: int = 0
    clashes: dict[int, int] = field(default_factory=dict)  # a rule above that decided instead, asking others


def shares(person: Person, ordered: Sequence[Rule]) -> tuple[int, dict[int, Share]]:
    """How many conversations were looked at, and what each rule does in them."""
    looked = latest(person, ordered)
    people = ruling.whom(tuple(ask for rule in ordered for ask in rule.ask))
    found = {rule.pk: Share() for rule in ordered}
    asked = {rule.pk: set(ruling.candidates(rule, people)) for rule in ordered}
    for past in looked:
        meets = [rule.pk for rule in ordered if rules.holds(rule, past.heard)]
        decided = outcome(past, ordered, people).rule if meets else None
        for pk in meets:
            share = found[pk]
            share.met += 1
            share.decides += pk == decided
            if decided is not None and pk != decided and asked[pk] != asked[decided]:
                share.clashes[decided] = share.clashes.get(decided, 0) + 1
    return len(looked), found
