"""Who answers: it depends. Pure decisions with their reasons; no Django, no database.

The order: an open thread stays → the colleague's own account → the direct line → asked for by name → who knows this
person → who answered them before → an oh-oh goes to PR → rules of the organisation → a question about buying goes to
sales → a reply to a colleague's post → what corrections taught → who declared to know the subject → who answered them
before about something else → who is responsible for the purpose → not sure, the curator decides. A rule that names the
oh-oh comes before PR. Only relation, choice, declared knowledge, duty, absence and the own limit count; nobody is
scored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Reason = tuple[str, int | str]  # a part of the reason: a ground and whom or what it is about
NOBODY = 0
BY_CHOICE = frozenset({"thread", "own_account", "direct_line", "asked"})  # whatever else somebody has in hand

BY_RELATION = BY_CHOICE | {"knows", "before", "stand_in"}


@dataclass(frozen=True)
class Presence:
    """Whether a colleague is there; `stand_in` is somebody who is."""

    here: bool = True
    until: date | None = None  # last day away
    stand_in: int | None = None


HERE = Presence()


@dataclass(frozen=True)
class Ruled:
    """A rule of the organisation that holds here, and whom it asks."""

    candidates: tuple[int, ...]
    parts: tuple[Reason, ...]  # ("rule", number) and its conditions
    names_ohoh: bool = False


@dataclass(frozen=True)
class Asked:
    """Colleagues whom a subject points to, and which."""

    candidates: tuple[int, ...] = ()
    about: str = ""


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
    rules: Sequence[Ruled] = ()  # that hold, in their order
    buying: Sequence[int] = ()  # of sales, when it is a question about buying
    author: int | None = None  # of the post that is replied to
    skilled: Asked = Asked()  # who declared to know the subject
    learnt: Asked = Asked()  # the discipline that it fits, where the learner keeps its promise
    purpose: str = ""
    responsible: Sequence[int] = ()
    passed: frozenset[int] = frozenset()  # said "not for me" in this conversation
    declined: frozenset[int] = frozenset()  # said so before, about this person
    presence: Mapping[int, Presence] = field(default_factory=dict)  # of whoever is not simply there
    full: frozenset[int] = frozenset()  # have as many open conversations as they want


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
    more: tuple[Reason, ...] = ()  # parts of the reason
    pick: bool = False  # the first who is there; otherwise several are asked, and the first who takes it


def route(situation: Situation) -> Decision:
    """Whose conversation this is."""
    return next(found.decision for found in considered(situation) if found.decision is not None)


@dataclass(frozen=True)
class Considered:
    """One step of the order as it was looked at."""

    ground: str
    candidates: tuple[int, ...]
    decision: Decision | None = None


def considered(s: Situation) -> Iterator[Considered]:
    """Each step of the order until one decides."""
    notes: list[Reason] = [("passed", one) for one in dict.fromkeys((*s.knows, *s.before)) if one in s.passed]
    for step in _steps(s):
        decision = _decide(step, s, notes)
        yield Considered(step.ground, step.candidates, decision)
        if decision:
            return
    yield Considered("unsure", (), Decision(None, "unsure", (("unsure", NOBODY), *notes)))


def _steps(s: Situation) -> Iterator[_Step]:
    yield _Step("thread", _only(s.thread))
    yield _Step("own_account", _only(s.own_account))
    yield _Step("direct_line", _only(s.direct_line))
    known = tuple(person for person in s.knows if person not in s.declined)
    yield _Step("asked", _asked(tuple(s.asked), known))
    yield _Step("knows", known)
    before, elsewhere = _before(s)
    yield _Step("before", before, pick=True)
    if s.ohoh:
        yield from (_rule(rule) for rule in s.rules if rule.names_ohoh)
        yield _Step("fire", tuple(s.on_duty), about=NOBODY)
    yield from (_rule(rule) for rule in s.rules if not rule.names_ohoh)
    yield _Step("buying", tuple(s.buying), about=NOBODY)
    yield _Step("author", _only(s.author))
    yield _Step("learnt", s.learnt.candidates, about=s.learnt.about)
    yield _Step("skill", s.skilled.candidates, about=s.skilled.about)
    yield _Step("before", elsewhere, pick=True)
    yield _Step("purpose", tuple(s.responsible), about=s.purpose)


def _before(s: Situation) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Who answered this person earlier: those whose subject it is now, or all where that is not clear; and the others,
    who once answered about something else and come after who knows about this."""
    earlier = tuple(person for person in s.before if person not in s.declined)
    subject = {*s.buying, *s.learnt.candidates, *s.skilled.candidates}
    own = tuple(person for person in earlier if not subject or person in subject)
    return own, tuple(person for person in earlier if person not in own)


def _rule(rule: Ruled) -> _Step:
    (_kind, number), *parts = rule.parts
    return _Step("rule", rule.candidates, about=number, more=tuple(parts))


def _only(person: int | None) -> tuple[int, ...]:
    return () if person is None else (person,)


def _asked(asked: tuple[int, ...], known: tuple[int, ...]) -> tuple[int, ...]:
    """A name points to one colleague; of two Jannen it is the one who knows this person, or else nobody."""
    if len(asked) > 1:
        asked = tuple(person for person in asked if person in known)
    return asked if len(asked) == 1 else ()


def _decide(step: _Step, s: Situation, notes: list[Reason]) -> Decision | None:
    """What one step of the order comes to; whoever could not be asked is noted."""
    wanted = dict.fromkeys(step.candidates)
    notes += [note for note in (("passed", one) for one in wanted if one in s.passed) if note not in notes]
    asked = [person for person in wanted if person not in s.passed]
    there = [person for person in asked if s.presence.get(person, HERE).here]
    here = [person for person in there if not _full(person, step, s)]
    if here and (len(here) == 1 or step.pick):
        return Decision(here[0], step.ground, (*_reason(step, here[0]), *notes))
    if here:
        reasons = (*_reason(step, NOBODY), *notes)
        return Decision(None, step.ground, reasons, tuple(here))
    for person in asked:
        note: Reason = ("full", person) if person in there else ("away", person)
        away = s.presence.get(person, HERE)
        stand_in = away.stand_in
        if stand_in is not None and stand_in not in s.passed and not _full(stand_in, step, s):
            return Decision(stand_in, "stand_in", (*_absence(person, away), *_reason(step, person), *notes))
        if note not in notes:
            notes.append(note)
    return None


def _full(person: int, step: _Step, s: Situation) -> bool:
    """Their own limit holds for what Koor would give them; not for whom they are chosen by."""
    return person in s.full and step.ground not in BY_CHOICE


def _reason(step: _Step, person: int) -> tuple[Reason, ...]:
    return ((step.ground, person if step.about is None else step.about), *step.more)


def _absence(person: int, away: Presence) -> tuple[Reason, ...]:
    until: tuple[Reason, ...] = (("until", away.until.isoformat()),) if away.until else ()
    return (("stand_in", person), *until)
