"""Rules of the organisation for who answers: when one holds, whom it asks, and where two of them are at odds. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from koor.flow.listening.logic.match import meets
from koor.flow.listening.logic.normal import Clause
from koor.flow.listening.logic.query import Query
from koor.flow.listening.logic.tree import Term

Ask = tuple[str, int | str]  # a kind of asked (a colleague, a team, …) and which
Part = tuple[str, int | str]  # a condition that was met, as it stands in a reason
READ = 4_000  # characters of a message that are held against words

CONDITIONS = ("where", "purpose", "words", "label", "language", "hours", "project", "buying")
ASKED = ("person", "team", "discipline", "skill", "role")


@dataclass(frozen=True)
class Heard:
    """What a rule may look at. `where`: the platform and the account that were written to."""

    text: str = ""
    where: frozenset[str] = frozenset()  # "platform:mastodon", "account:3"
    purpose: str = ""
    labels: frozenset[str] = frozenset()  # aha, ohoh
    language: str = ""
    hours: str = ""  # office, outside
    projects: frozenset[int] = frozenset()
    buying: bool = False
    met: frozenset[int] | None = None  # rules whose words it meets, when that was looked up already


@dataclass(frozen=True)
class Rule:
    """One rule. Of its conditions all that are given must hold; of those whom it asks one answers."""

    pk: int
    when: Mapping[str, Any]
    ask: tuple[Ask, ...] = ()
    words: Query | None = field(default=None, compare=False)  # the expression, once read
    unreadable: bool = False


def holds(rule: Rule, heard: Heard) -> bool:
    return not rule.unreadable and bool(rule.when) and all(_met(rule, name, heard) for name in rule.when)


def unmet(rule: Rule, heard: Heard) -> list[str]:
    """The conditions that do not hold, by name."""
    return [name for name in rule.when if not _met(rule, name, heard)]


def _met(rule: Rule, name: str, heard: Heard) -> bool:
    wanted = rule.when[name]
    if name == "words":
        if heard.met is not None:
            return rule.pk in heard.met
        return rule.words is not None and meets(rule.words, heard.text[:READ])
    tests: dict[str, Callable[[], bool]] = {
        "where": lambda: wanted in heard.where,
        "purpose": lambda: wanted == heard.purpose,
        "label": lambda: wanted in heard.labels,
        "language": lambda: wanted == heard.language,
        "hours": lambda: wanted == heard.hours,
        "project": lambda: wanted in heard.projects,
        "buying": lambda: heard.buying,
    }
    return name in tests and tests[name]()


def parts(rule: Rule) -> tuple[Part, ...]:
    """What a reason tells of it, so that it can be read when the rule is another since."""
    told = tuple((name, 1 if rule.when[name] is True else rule.when[name]) for name in CONDITIONS if name in rule.when)
    return (("rule", rule.pk), *told)


def hours_of(moment: datetime, opens: time, closes: time) -> str:
    """Whether this local moment is in office hours, which are on weekdays."""
    return "office" if moment.weekday() < 5 and opens <= moment.time() < closes else "outside"


# --- two rules beside each other ---


def covers(first: Rule, later: Rule) -> bool:
    """Whether `first` holds wherever `later` does, so that the later one is never reached."""
    if first.unreadable or later.unreadable or not first.when:
        return False
    return all(_implied(name, first, later) for name in first.when)


def _implied(name: str, first: Rule, later: Rule) -> bool:
    if name not in later.when:
        return False
    if name == "words":
        return first.words is not None and later.words is not None and _words_imply(later.words, first.words)
    return bool(first.when[name] == later.when[name])


def _words_imply(narrow: Query, wide: Query) -> bool:
    """Whether each text that meets the first meets the second too; sometimes no though it does, never the reverse."""
    if narrow.tree == wide.tree:
        return True
    return all(any(_clause_implies(one, other) for other in wide.clauses) for one in narrow.clauses)


def _clause_implies(narrow: Clause, wide: Clause) -> bool:
    if not wide.without <= narrow.without:
        return False
    return all(any(all(_term_in(term, group) for term in own) for own in narrow.groups) for group in wide.groups)


def _term_in(term: Term, group: Iterable[Term]) -> bool:
    """Whether a text with this term has one of the group: the same, or the beginning of it."""
    for one in group:
        if one == term:
            return True
        if isinstance(one, str) and one.endswith("*"):
            words = (term,) if isinstance(term, str) else term if isinstance(term, tuple) else ()
            if any(word.startswith(one[:-1]) for word in words):
                return True
        elif isinstance(one, str) and isinstance(term, tuple) and one in term:
            return True
    return False


@dataclass(frozen=True)
class Odds:
    """Two rules that are at odds: the later is never reached because of the first."""

    first: int
    later: int
    same: bool  # they ask the same: one of them is too many


def at_odds(rules: Sequence[Rule]) -> list[Odds]:
    """For each rule the first one above it that takes all that it would meet."""
    found = []
    for place, later in enumerate(rules):
        above = next((first for first in rules[:place] if covers(first, later)), None)
        if above is not None:
            found.append(Odds(above.pk, later.pk, set(above.ask) == set(later.ask)))
    return found
