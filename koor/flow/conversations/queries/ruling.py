"""Rules of the organisation as routing reads them, whom they ask, and who declared to know what."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Prefetch

from koor.flow.conversations import access
from koor.flow.conversations.choices import RuleState
from koor.flow.conversations.logic import rules as logic
from koor.flow.conversations.logic.rules import Ask
from koor.flow.conversations.models import Duty, OwnLimit, Rule
from koor.flow.listening import queries as listening
from koor.flow.listening.logic.learner.questions import label_of
from koor.ground.governance import queries as governance
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.choices import Autonomy, Role, SkillKind
from koor.ground.people.models import Discipline, Person, RotaTurn, Skill
from koor.ground.people.queries import house, with_role
from koor.kernel.memory import remembered_in_a_stream

LANGUAGES = {
    "nl": ("nederlands", "dutch"),
    "en": ("engels", "english"),
    "de": ("duits", "german", "deutsch"),
}


def read(row: Rule) -> logic.Rule:
    """A rule with its expression read; one that can't be read (any more) never holds."""
    words = str(row.when.get("words", ""))
    query = listening.readable(words) if words else None
    ask = tuple((str(kind), which) for kind, which in row.ask)
    return logic.Rule(row.pk, row.when, ask, query, unreadable=bool(words) and query is None)


@remembered_in_a_stream
def in_force() -> list[logic.Rule]:
    """The rules that hold, in their order."""
    return [read(row) for row in Rule.objects.filter(state=RuleState.ACTIVE)]


@remembered_in_a_stream
def whom(asks: tuple[Ask, ...]) -> dict[Ask, list[int]]:
    """The colleagues behind each asked, by name; only who works here. At most a query a kind."""
    wanted: dict[str, list[Any]] = {}
    for kind, which in dict.fromkeys(asks):
        wanted.setdefault(kind, []).append(which)
    here = Person.objects.filter(is_active=True).order_by("name", "pk")
    found: dict[Ask, list[int]] = {}
    for kind, whiches in wanted.items():
        for which, person in _of(kind, whiches, here):
            found.setdefault((kind, which), []).append(person)
    return found


def _of(kind: str, which: list[Any], here: Any) -> Iterable[tuple[int | str, int]]:
    if kind == "person":
        return [(pk, pk) for pk in here.filter(pk__in=which).values_list("pk", flat=True)]
    if kind == "role":
        rows = here.filter(roles__overlap=which).values_list("roles", "pk")
        return [(role, pk) for roles, pk in rows for role in roles if role in which]
    if kind == "skill":
        here = here.exclude(autonomy=Autonomy.PRACTISE)
    field = {"team": "teams", "discipline": "discipline", "skill": "skills"}.get(kind)
    return here.filter(**{f"{field}__in": which}).values_list(field, "pk") if field else []


def candidates(rule: logic.Rule, people: Mapping[Ask, Collection[int]]) -> tuple[int, ...]:
    """All whom a rule asks, each once."""
    return tuple(dict.fromkeys(person for ask in rule.ask for person in people.get(ask, ())))


@remembered_in_a_stream
def declared() -> dict[str, list[int]]:
    """Of each subject that colleagues declared to know: who may answer about it. Two queries whatever there is."""
    through = Skill.people.through.objects.filter(skill__kind=SkillKind.SUBJECT, person__is_active=True).exclude(
        person__autonomy=Autonomy.PRACTISE
    )
    found: dict[str, list[int]] = {}
    for name, person in through.order_by("skill__name", "person").values_list("skill__name", "person_id"):
        found.setdefault(name, []).append(person)
    return found


@remembered_in_a_stream
def on_duty() -> list[int]:
    """PR, whom an oh-oh goes to: whose turn it is, or all of them."""
    found = on_turn()
    return [found.pk] if found else [person.pk for person in with_role(Role.PR)]


def on_turn() -> Person | None:
    """Of the rota that PR keeps: whose week it is, when they are there and may answer everybody."""
    turns = Prefetch("rota__turns", RotaTurn.objects.filter(person__is_active=True).select_related("person"))
    kept = Duty.objects.select_related("rota").prefetch_related(turns).first()
    today = people.today()
    found = people.turn_on(kept.rota, today) if kept else None
    return found if found and access.may_conduct(found) and not people.is_away(found, today) else None


def duty() -> Duty | None:
    """The rota that PR keeps, for its page."""
    return Duty.objects.select_related("rota").first()


@remembered_in_a_stream
def responsible(purpose: str) -> list[int]:
    """Who answers for a purpose."""
    return [person.pk for person in governance.responsible_for(purpose)]


@remembered_in_a_stream
def who_speak(language: str) -> set[int] | None:
    """Colleagues who declared this language; None where everyone is taken to speak it, or where nobody said."""
    names = LANGUAGES.get(language)
    if not names:
        return None
    rows = Skill.people.through.objects.filter(
        skill__kind=SkillKind.LANGUAGE, skill__name__iregex=f"^({'|'.join(names)})$"
    )
    return set(rows.values_list("person_id", flat=True)) or None


def own_limit(person: Person) -> int | None:
    return OwnLimit.objects.filter(person=person).values_list("most", flat=True).first()


@remembered_in_a_stream
def discipline_labelled(label: str) -> tuple[str, list[int]]:
    """The discipline that the learner calls so, and who of it may answer by themselves or with a buddy."""
    named = {label_of(name): (pk, name) for pk, name in Discipline.objects.values_list("pk", "name")}
    if label not in named:
        return "", []
    pk, name = named[label]
    rows = Person.objects.filter(discipline=pk, is_active=True).exclude(autonomy=Autonomy.PRACTISE)
    return name, list(rows.order_by("name", "pk").values_list("pk", flat=True))


def house_told() -> dict[str, Any]:
    """Our own house in the words of a file to evaluate: colleagues, what they declared, agreements and rules."""
    rows = Person.objects.filter(is_active=True).select_related("discipline").prefetch_related("skills", "teams")
    people = list(rows.order_by("name", "pk"))
    names = {one.pk: one.name for one in people}
    responsible = {purpose: [p.name for p in governance.responsible_for(purpose)] for purpose in Purpose.values}
    return {
        "language": house().language,
        "opens": house().opens.isoformat(),
        "closes": house().closes.isoformat(),
        "colleagues": [_colleague_told(one) for one in people],
        "responsible": {purpose: who for purpose, who in responsible.items() if who},
        "rules": [{"when": rule.when, "ask": _ask_told(rule, names)} for rule in in_force() if not rule.unreadable],
    }


def _colleague_told(one: Person) -> dict[str, Any]:
    skills = list(one.skills.all())
    spoken = {skill.name.lower() for skill in skills if skill.kind == SkillKind.LANGUAGE}
    return {
        "name": one.name,
        "discipline": one.discipline.name if one.discipline else "",
        "roles": one.roles,
        "knows": [skill.name for skill in skills if skill.kind == SkillKind.SUBJECT],
        "speaks": [code for code, called in LANGUAGES.items() if spoken & set(called)],
        "teams": [team.name for team in one.teams.all()],
        "practises": one.autonomy == Autonomy.PRACTISE,
    }


def _ask_told(rule: logic.Rule, names: Mapping[int, str]) -> list[list[str]]:
    asked = candidates(rule, whom(tuple(rule.ask)))
    return [["person", names[pk]] for pk in asked if pk in names]
