"""Who answers: it depends. Pure decisions with their reasons; no Django, no database.

The order: an open thread stays → the colleague's own account → the direct line → asked for by name → who knows this
person → who answered them before → an oh-oh goes to PR → a reply to a colleague's post → who is responsible for the
purpose → not sure, the curator decides. Only relation, choice, duty and absence count; nobody is scored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Reason = tuple[str, int | str]  # a part of the reason: a ground and whom or what it is about
NOBODY = 0


@dataclass(frozen=True)
class Presence:
    """Whether a colleague is there; `stand_in` is somebody who is."""

    here: bool = True
    until: date | None = None  # last day away
    stand_in: int | None = None


HERE = Presence()


@dataclass(frozen=True)
class Situation:
    """All that routing may look at. Colleagues by number; several stand best first."""

    thread: int | None = None  # with whom the open conversation is
    own_account: int | None = None  # whose own account was written to
    direct_line: int | None = None
    asked: Sequence[int] = ()  # colleagues greeted by name
    knows: Sequence[int] = ()
    before: Sequence[int] = ()  # answered this person earlier, latest first
    ohoh: bool = False
    on_duty: Sequence[int] = ()  # PR
    author: int | None = None  # of the post that is replied to
    purpose: str = ""
    responsible: Sequence[int] = ()
    passed: frozenset[int] = frozenset()  # said "not for me" in this conversation
    declined: frozenset[int] = frozenset()  # said so before, about this person
    presence: Mapping[int, Presence] = field(default_factory=dict)  # of whoever is not simply there


@dataclass(frozen=True)
class Decision:
    """With whom, why, and if with nobody yet: to whom it is offered."""

    person: int | None
    ground: str
    reasons: tuple[Reason, ...]
    offered: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Step:
    ground: str
    candidates: tuple[int, ...]
    about: int | str | None = None  # what the reason is about when not the candidate
    pick: bool = False  # the first who is there; otherwise several are asked, and the first who takes it


def route(situation: Situation) -> Decision:
    """Whose conversation this is."""
    notes: list[Reason] = []
    for step in _steps(situation):
        decision = _decide(step, situation, notes)
        if decision:
            return decision
    return Decision(None, "unsure", (("unsure", NOBODY), *notes))


def _steps(s: Situation) -> Iterator[_Step]:
    yield _Step("thread", _only(s.thread))
    yield _Step("own_account", _only(s.own_account))
    yield _Step("direct_line", _only(s.direct_line))
    known = tuple(person for person in s.knows if person not in s.declined)
    yield _Step("asked", _asked(tuple(s.asked), known))
    yield _Step("knows", known)
    yield _Step("before", tuple(person for person in s.before if person not in s.declined), pick=True)
    if s.ohoh:
        yield _Step("fire", tuple(s.on_duty), about=NOBODY)
    yield _Step("author", _only(s.author))
    yield _Step("purpose", tuple(s.responsible), about=s.purpose)


def _only(person: int | None) -> tuple[int, ...]:
    return () if person is None else (person,)


def _asked(asked: tuple[int, ...], known: tuple[int, ...]) -> tuple[int, ...]:
    """A name points to one colleague; of two Jannen it is the one who knows this person, or else nobody."""
    if len(asked) > 1:
        asked = tuple(person for person in asked if person in known)
    return asked if len(asked) == 1 else ()


def _decide(step: _Step, s: Situation, notes: list[Reason]) -> Decision | None:
    """What one step of the order comes to; whoever could not be asked is noted."""
    asked = [person for person in dict.fromkeys(step.candidates) if person not in s.passed]
    here = [person for person in asked if s.presence.get(person, HERE).here]
    if here and (len(here) == 1 or step.pick):
        return Decision(here[0], step.ground, (_reason(step, here[0]), *notes))
    if here:
        reasons = (_reason(step, NOBODY), *notes)
        return Decision(None, step.ground, reasons, tuple(here))
    for person in asked:
        away = s.presence[person]
        if away.stand_in is not None and away.stand_in not in s.passed:
            return Decision(away.stand_in, "stand_in", (*_absence(person, away), _reason(step, person), *notes))
        note: Reason = ("away", person)
        if note not in notes:
            notes.append(note)
    return None


def _reason(step: _Step, person: int) -> Reason:
    return (step.ground, person if step.about is None else step.about)


def _absence(person: int, away: Presence) -> tuple[Reason, ...]:
    until: tuple[Reason, ...] = (("until", away.until.isoformat()),) if away.until else ()
    return (("stand_in", person), *until)
