"""Whom a piece of work suits, to make it their own: reasons that people understand, turns that go round fairly, and
what somebody said that they would rather see less of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PLACE, DISCIPLINE, SKILL, KNOWS, PROJECT, ASKED = "place", "discipline", "skill", "knows", "project", "asked"
WEIGHTS = {PLACE: 1, DISCIPLINE: 2, SKILL: 3, KNOWS: 3, PROJECT: 4}
LESS = 3  # that one thing somebody would rather see less of takes off
AT_ONCE = 8  # colleagues to whom one piece of work is offered of itself
SELDOM = 2  # offers in four weeks, for who finds it too often

# What it is, and of what: ("skill", "warmtepomp"); of somebody outside their number, never a name.
Reason = tuple[str, str]


@dataclass(frozen=True)
class Colleague:
    """What is known of somebody who could be offered something."""

    pk: int
    discipline: int | None = None
    skills: frozenset[str] = frozenset()
    projects: frozenset[int] = frozenset()
    knows: frozenset[int] = frozenset()  # people outside
    has_place: bool = False  # an account of their own
    this_week: int = 0  # offers they got
    lately: int = 0  # in four weeks
    less: frozenset[Reason] = frozenset()


@dataclass(frozen=True)
class Work:
    """What is shared."""

    maker: int
    discipline: int | None = None
    discipline_name: str = ""
    project: int | None = None
    project_name: str = ""
    contacts: frozenset[int] = frozenset()
    words: frozenset[str] = frozenset()  # folded, of text and tags
    tags: frozenset[str] = frozenset()


def reasons_for(one: Colleague, work: Work) -> list[Reason]:
    """Why this suits somebody, the strongest first."""
    found: list[Reason] = []
    if work.project is not None and work.project in one.projects:
        found.append((PROJECT, work.project_name))
    found += [(KNOWS, str(contact)) for contact in sorted(one.knows & work.contacts)[:1]]
    found += [(SKILL, skill) for skill in sorted(one.skills) if _speaks_of(work.words, skill)][:2]
    if work.discipline is not None and one.discipline == work.discipline:
        found.append((DISCIPLINE, work.discipline_name))
    if one.has_place:
        found.append((PLACE, ""))
    return found


def _speaks_of(words: frozenset[str], skill: str) -> bool:
    """Whether every word of a skill stands there, or begins a longer word ("warmtepomp" in "warmtepompen")."""
    parts = [part for part in skill.casefold().split() if len(part) > 2]
    return bool(parts) and all(any(word.startswith(part) for word in words) for part in parts)


def about(work: Work) -> frozenset[Reason]:
    """By what somebody may say: fewer of that kind."""
    said = {("tag", tag) for tag in work.tags}
    said |= {("discipline", str(work.discipline))} if work.discipline is not None else set()
    said |= {("project", str(work.project))} if work.project is not None else set()
    return frozenset(said)


def weight(one: Colleague, work: Work) -> int:
    """How well it suits; nothing or less is not offered."""
    gained = sum(WEIGHTS[code] for code, _value in reasons_for(one, work))
    return gained - LESS * len(one.less & about(work))


def chosen(
    colleagues: Iterable[Colleague], work: Work, *, a_week: int, room: int = AT_ONCE
) -> list[tuple[int, list[Reason]]]:
    """Who gets it now, with the reasons. Whoever got much lately lets others go first."""
    suited = [(weight(one, work), one) for one in colleagues if one.pk != work.maker and has_room(one, a_week)]
    ranked = sorted((pair for pair in suited if pair[0] > 0), key=lambda pair: (pair[1].lately - pair[0], pair[1].pk))
    return [(one.pk, reasons_for(one, work)) for _gained, one in ranked[: max(0, room)]]


def has_room(one: Colleague, a_week: int) -> bool:
    kinds = {kind for kind, _key in one.less}
    if "never" in kinds or ("often" in kinds and one.lately >= SELDOM):
        return False
    return one.this_week < a_week
