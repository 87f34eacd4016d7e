"""How well routing does on conversations of which is known who should have answered. Nothing of a house is touched.

The form of the file is that of `docs/how-to/route-conversations.md`."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from koor.flow.conversations.logic import routing, rules, topics
from koor.flow.conversations.logic.words import greeted
from koor.flow.listening.logic.learner.model import Learner
from koor.flow.listening.logic.learner.promise import threshold
from koor.flow.listening.logic.learner.questions import disciplines, label_of
from koor.flow.listening.logic.query import QueryError, read_query
from koor.kernel.search import fold

CURATOR = "curator"
PROMISE = 0.95
WRONG_SHOWN = 20


class Unreadable(Exception):
    """A file that can't be used; in words."""


@dataclass
class House:
    """Who works there, and what they agreed, as the first line tells it."""

    names: dict[str, int] = field(default_factory=dict)
    told: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    language: str = "nl"
    opens: time = time(8)
    closes: time = time(17)
    responsible: dict[str, list[int]] = field(default_factory=dict)
    ruled: list[tuple[rules.Rule, tuple[int, ...]]] = field(default_factory=list)
    declared: dict[str, list[int]] = field(default_factory=dict)
    speak: dict[str, set[int]] = field(default_factory=dict)

    def number(self, name: Any) -> int:
        if name not in self.names:
            raise Unreadable(f"there is no colleague called {name!r}")
        return self.names[name]

    def discipline(self, label: str) -> list[int]:
        return [pk for pk, one in self.told.items() if label_of(str(one.get("discipline", ""))) == label]

    def whom(self, kind: str, which: Any) -> list[int]:
        """The colleagues behind a name that a rule or an agreement asks."""
        if kind == "person":
            return [self.number(which)]
        many = {"team": "teams", "skill": "knows", "role": "roles"}
        return [
            pk
            for pk, one in self.told.items()
            if (one.get("discipline") == which if kind == "discipline" else which in one.get(many[kind], ()))
        ]


def house_of(told: Mapping[str, Any]) -> House:
    found = House(language=told.get("language", "nl"))
    for one in told.get("colleagues", ()):
        number = len(found.names) + 1
        found.names[str(one["name"])] = number
        found.told[number] = one
        if not one.get("practises"):
            for skill in one.get("knows", ()):
                found.declared.setdefault(str(skill), []).append(number)
        for language in one.get("speaks", ()):
            found.speak.setdefault(str(language), set()).add(number)
    for purpose, who in told.get("responsible", {}).items():
        found.responsible[purpose] = _asked(found, who)
    found.ruled = [_rule(found, number, one) for number, one in enumerate(told.get("rules", ()), 1)]
    found.opens, found.closes = (
        time.fromisoformat(told.get(key, usual)) for key, usual in (("opens", "08:00"), ("closes", "17:00"))
    )
    return found


def _asked(house: House, who: Any) -> list[int]:
    if isinstance(who, Mapping):
        return [pk for kind, which in who.items() for pk in house.whom(kind, which)]
    return [house.number(name) for name in (who if isinstance(who, list) else [who])]


def _rule(house: House, number: int, told: Mapping[str, Any]) -> tuple[rules.Rule, tuple[int, ...]]:
    words = told["when"].get("words")
    try:
        read = read_query(words, text_only=True) if words else None
    except QueryError as error:
        raise Unreadable(f"rule {number}: {error}") from None
    asked = dict.fromkeys(pk for kind, which in told["ask"] for pk in house.whom(kind, which))
    return rules.Rule(number, told["when"], words=read), tuple(asked)


class Pupil:
    """The learner of the disciplines, who hears each correction in the order of the file."""

    def __init__(self, house: House) -> None:
        names = [str(one.get("discipline", "")) for one in house.told.values()]
        self.words = disciplines(name for name in dict.fromkeys(names) if name)
        self.learner = Learner(list(self.words), self.words) if len(self.words) > 1 else None

    def guess(self, text: str) -> str:
        """The discipline that fits, where the promise is kept; else empty."""
        if self.learner is None or (least := threshold(self.learner.answers, PROMISE)) is None:
            return ""
        chances = self.learner.chances(self.learner.read(text))
        best = int(chances.argmax())
        return self.learner.labels[best] if chances[best] >= least else ""

    def correct(self, text: str, label: str) -> None:
        if self.learner is not None and label in self.learner.labels:
            self.learner.learn(self.learner.read(text), self.learner.labels.index(label))


class Trial:
    """One run over a file."""

    def __init__(self, house: House, learning: bool = True) -> None:
        self.house, self.pupil = house, Pupil(house) if learning else None
        self.all = Count()
        self.groups: dict[str, dict[str, Count]] = {"per_discipline": {}, "per_ground": {}, "per_language": {}}
        self.wrong: list[dict[str, Any]] = []
        self.corrections = 0

    def one(self, line: Mapping[str, Any]) -> None:
        text = str(line.get("text", ""))
        language = line.get("language") or topics.tongue(text) or self.house.language
        decision = routing.route(self.situation(line, text, language))
        right = expected(self.house, line)
        went = (decision.person,) if decision.person else decision.offered
        good = bool(set(went) and set(went) <= right) or (not went and not right)
        island = self._discipline(right)
        counts = [self.all, *(
            self.groups[group].setdefault(key, Count())
            for group, key in (("per_discipline", island or CURATOR), ("per_ground", decision.ground),
                               ("per_language", language), ("per_customer", "new" if line.get("new") else "known"))
            if group in self.groups or self.groups.setdefault(group, {}) is not None
        )]  # fmt: skip
        for count in counts:
            count.add(good, bool(went))
        if not good:
            self._corrected(line, text, decision, went, right, island)

    def _corrected(
        self, line: Mapping[str, Any], text: str, decision: Any, went: Any, right: set[int], island: str
    ) -> None:
        """A person sets it right, and the learner hears it; who knows somebody teaches no subject."""
        known = any(line.get(key) for key in ("direct_line", "knows", "thread"))
        if self.pupil is not None and island and not known:
            self.pupil.correct(text, label_of(island))
            self.corrections += 1
        if went and len(self.wrong) < WRONG_SHOWN:
            names = {number: name for name, number in self.house.names.items()}
            self.wrong.append(
                {"id": line.get("id"), "text": text[:160], "ground": decision.ground,
                 "went_to": [names[pk] for pk in went], "expected": [names[pk] for pk in sorted(right)] or [CURATOR]}
            )  # fmt: skip

    def _discipline(self, right: Iterable[int]) -> str:
        found = [str(self.house.told[pk].get("discipline", "")) for pk in sorted(right)]
        return max(dict.fromkeys(found), key=found.count) if found else ""

    def situation(self, line: Mapping[str, Any], text: str, language: str) -> routing.Situation:
        """What routing would have known."""
        house, want = self.house, topics.wanted(text)
        heard = self._heard(line, text, language, want)
        holding = [(rule, asked) for rule, asked in house.ruled if rules.holds(rule, heard)]
        speak = house.speak.get(language) if language != house.language else None
        skilled = topics.who_knows(want, house.declared, speak)
        guess = self.pupil.guess(text) if self.pupil else ""
        return routing.Situation(
            **self._related(line, text),
            ohoh=line.get("label") == "ohoh",
            on_duty=house.whom("role", "pr"),
            rules=[routing.Ruled(asked, rules.parts(one), one.when.get("label") == "ohoh") for one, asked in holding],
            buying=house.responsible.get("sales", []) if want.buying else [],
            learnt=topics.narrowed(guess, house.discipline(guess), skilled[0]) if guess else routing.Asked(),
            skilled=routing.Asked(*skilled),
            purpose=str(line.get("purpose", "")),
            responsible=house.responsible.get(str(line.get("purpose", "")), []),
        )

    def _heard(self, line: Mapping[str, Any], text: str, language: str, want: topics.Wanted) -> rules.Heard:
        at = datetime.fromisoformat(line["at"]) if line.get("at") else None
        where = {f"platform:{line.get('channel', '')}", f"account:{line.get('account', '')}"}
        return rules.Heard(
            text=text,
            where=frozenset(where),
            purpose=str(line.get("purpose", "")),
            labels=frozenset({str(line["label"])} if line.get("label") else ()),
            language=language,
            hours=rules.hours_of(at, self.house.opens, self.house.closes) if at else "",
            projects=frozenset(line.get("projects", ())),
            buying=want.buying,
        )

    def _related(self, line: Mapping[str, Any], text: str) -> dict[str, Any]:
        house = self.house
        one = {"thread": "thread", "personal_of": "own_account", "direct_line": "direct_line", "post_of": "author"}
        first = greeted(text)
        found: dict[str, Any] = {field: house.number(line[key]) for key, field in one.items() if line.get(key)}
        many = ("knows", "before", "passed", "full")
        found |= {key: [house.number(name) for name in line.get(key, ())] for key in many}
        found["asked"] = [n for name, n in house.names.items() if first and fold(name).split(" ")[0] == first]
        found["passed"], found["full"] = frozenset(found["passed"]), frozenset(found["full"])
        found["presence"] = {
            house.number(name): routing.Presence(here=False, stand_in=self._there(stand_in, line["away"]))
            for name, stand_in in line.get("away", {}).items()
        }
        return found

    def _there(self, stand_in: str | None, away: Mapping[str, Any]) -> int | None:
        return self.house.number(stand_in) if stand_in and stand_in not in away else None

    def told(self) -> dict[str, Any]:
        groups = {name: {key: one.told() for key, one in sorted(found.items())} for name, found in self.groups.items()}
        return {**self.all.told(), **groups, "corrections_learnt": self.corrections, "wrong": self.wrong}


@dataclass
class Count:
    conversations: int = 0
    right: int = 0
    routed: int = 0
    routed_right: int = 0

    def add(self, good: bool, went: bool) -> None:
        self.conversations += 1
        self.right += good
        self.routed += went
        self.routed_right += good and went

    def told(self) -> dict[str, Any]:
        curator = self.conversations - self.routed
        return {
            "conversations": self.conversations,
            "first_hop_accuracy": round(self.routed_right / self.routed, 4) if self.routed else None,
            "share_to_curator": round(curator / self.conversations, 4) if self.conversations else None,
            "routed": self.routed,
            "to_curator": curator,
        }


def expected(house: House, line: Mapping[str, Any]) -> set[int]:
    """Who may have answered: colleagues by name, a discipline, or nobody but the curator."""
    who = line.get("expect", CURATOR)
    names = who if isinstance(who, list) else [who]
    found: set[int] = set()
    for name in names:
        if name in house.names:
            found.add(house.names[name])
        elif name != CURATOR:
            members = house.discipline(label_of(str(name)))
            if not members:
                raise Unreadable(f"there is no colleague and no discipline called {name!r}")
            found.update(members)
    return found


def lines_of(raw: Iterable[str]) -> Iterable[tuple[int, dict[str, Any]]]:
    """The lines of a file with their numbers."""
    for number, line in enumerate(raw, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise Unreadable(f"line {number} is no JSON: {error}") from None
        if not isinstance(told, dict):
            raise Unreadable(f"line {number} is no object")
        yield number, told


def run(raw: Iterable[str], own: Callable[[], House] | None = None, *, learning: bool = True) -> dict[str, Any]:
    """Try a whole file. `own`: the house of a file that does not tell of one itself."""
    trial: Trial | None = None
    for number, line in lines_of(raw):
        try:
            if "house" in line:
                trial = Trial(house_of(line["house"]), learning)
                continue
            if trial is None and own is None:
                raise Unreadable("the first line must tell of the house")
            trial = trial or Trial(own(), learning)  # type: ignore[misc]
            trial.one(line)
        except Unreadable as problem:
            raise Unreadable(f"line {number}: {problem}") from None
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise Unreadable(f"line {number} does not have the form that it should: {problem!r}") from None
    if trial is None or not trial.all.conversations:
        raise Unreadable("there is no conversation in this file")
    return trial.told()
