"""Who answers: it depends. Pure decisions with their reasons; no Django, no database.

The order: an open thread stays → the colleague's own account → the direct line → asked for by name → who knows this
person → who answered them before → an oh-oh goes to PR → a reply to a colleague's post → who is responsible for the
purpose → not sure, the curator decides. Only relation, choice, duty and absence count; nobody is scored."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from koor.kernel.search import fold

OLDER_THAN_THIS_CAME_LATE = timedelta(days=30)
PREVIEW = 180  # characters
LONGEST_ANSWER = 20_000  # characters
LONGEST_KNOWN = 500  # characters

Reason = tuple[str, int | str]  # a part of the reason: a ground and whom or what it is about
NOBODY = 0

_GREETING = re.compile(
    r"\W*(?:@|(?:dag|hallo|hoi|hey|hee|hi|hello|beste|dear|goedemorgen|goedemiddag|goedenavond|ha|moi|good morning|"
    r"good afternoon|good evening|vraag(?:je)? (?:voor|aan)|(?:a )?question for)\b[\s,:]*@?)(?P<name>[^\W\d_]{2,40})\b"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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


def wants_conversation(*, ours: bool, addressed: bool, kind: str, label: str) -> bool:
    """Whether a mention becomes a conversation by itself: somebody wrote to us, or a person saw an aha or an oh-oh."""
    if ours or label == "noise":
        return False
    return label in {"aha", "ohoh"} or (addressed and kind in {"mention", "reply", "direct"})


def asks_for_an_answer(*, addressed: bool, by_a_person: bool, label: str) -> bool:
    """Whether somebody waits after a mention. Praise that was not said to us is a chance, not a question."""
    return addressed or by_a_person or label != "aha"


def waiting_from(said_at: datetime, now: datetime) -> datetime:
    """Since when somebody waits: since they spoke. What is older than a month, such as an archive that was imported,
    waits from the moment on which it becomes a conversation: nobody was waiting with us all those years."""
    if now - said_at > OLDER_THAN_THIS_CAME_LATE:
        return now
    return min(said_at, now)


def greeted(text: str) -> str:
    """The first name with which a message begins ("Dag Henk, …"), folded; empty when it greets nobody."""
    found = _GREETING.match(fold(text[:200]))
    return found["name"] if found else ""


def clean(text: str) -> str:
    """What a person typed, fit to keep: no control characters, one kind of line end, no space around."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def preview(text: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text[: PREVIEW * 4].split())
    return line if len(line) <= PREVIEW else line[: PREVIEW - 1].rstrip() + "…"


SNOOZES = ("hour", "afternoon", "tomorrow", "monday", "week")


def snooze_until(choice: str, now: datetime, opens: time) -> datetime:
    """The moment that a choice for later means. `now` and the answer are local; a working day begins at `opens`."""
    if choice == "hour":
        return now + timedelta(hours=1)
    if choice == "afternoon":
        four = now.replace(hour=16, minute=0, second=0, microsecond=0)
        return four if four - now >= timedelta(minutes=30) else now + timedelta(hours=2)
    days = {"tomorrow": 1, "monday": 7 - now.weekday(), "week": 7}[choice]
    day = now.date() + timedelta(days=days)
    return datetime.combine(day, opens, tzinfo=now.tzinfo)
