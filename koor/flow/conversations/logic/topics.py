"""What somebody asks about, by words that customers use, and which declared knowledge goes with it. Pure.

The words stand in `topics.yaml` and never change by themselves. What they mean for an organisation follows from what
its colleagues declared to know: a topic that nobody declared points to nobody."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from koor.flow.conversations.logic.routing import Asked
from koor.kernel.search import fold

READ = 4_000  # characters
ASKS, THANKS = 2.0, 0.25  # how much a sentence with a question weighs beside another, and one that only thanks
EARLIER = 0.5  # what was told before the question
CLEAR = 0.6  # of the strongest: what weighs less was mentioned by the way
SHORTEST_STEM = 4  # letters

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_ENDS = ("pen", "nen", "ken", "len", "ten", "sen", "en", "es", "s")
_GRATEFUL = re.compile(
    r"\b(dank|bedankt|dankjewel|dankzij|thanks|thank you|thx|super|geweldig|prachtig|tevreden|netjes|prima|blij|lovely|"
    r"friendly|happy|works fine|great job|well done)\b"
)
_SMALL_WORDS = {
    "nl": "de het een en van ik is dat niet jullie wij we mijn ons met voor op te zijn heb maar wat wanneer hoe",
    "en": "the and you my is it to of for we our your have with when how what can do does not are this",
    "de": "der die das und ich ist nicht wir sie mein unser mit für auf zu haben wann wie was ein eine",
}
_TONGUES = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}


@dataclass(frozen=True)
class Topic:
    key: str
    kind: str  # matter, fault, subject or buying
    names: frozenset[str]
    exact: frozenset[str]
    starts: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """What a message is about: topics, the strongest first."""

    topics: tuple[Topic, ...] = ()
    words: tuple[str, ...] = ()  # of the message, folded

    @property
    def buying(self) -> bool:
        return any(topic.kind == "buying" for topic in self.topics) and not any(
            topic.kind in {"matter", "fault"} for topic in self.topics[:1]
        )


@lru_cache(maxsize=1)
def shipped() -> tuple[Topic, ...]:
    """The topics that come with Koor."""
    given = yaml.safe_load(Path(__file__).with_name("topics.yaml").read_text(encoding="utf-8"))
    return tuple(_topic(key, one) for key, one in given.items())


def _topic(key: str, given: Mapping[str, object]) -> Topic:
    words = [fold(str(word)) for word in given["words"]]  # type: ignore[attr-defined]
    single = [word for word in words if " " not in word]
    return Topic(
        key=key,
        kind=str(given["kind"]),
        names=frozenset(_stem(fold(str(name))) for name in given["names"]),  # type: ignore[attr-defined]
        exact=frozenset(word for word in single if not word.endswith("*")),
        starts=tuple(word[:-1] for word in single if word.endswith("*")),
        phrases=tuple(f" {word.removesuffix('*')}{'' if word.endswith('*') else ' '}" for word in words if " " in word),
    )


def wanted(text: str) -> Wanted:
    """What this message asks about. People tell something first and ask last, so what comes last weighs most."""
    weights: dict[Topic, float] = {}
    said: list[str] = []
    later = False
    for sentence in reversed(_SENTENCE.findall(fold(text[:READ]))):
        words = _WORD.findall(sentence.replace("'", ""))
        said = words + said
        found = {topic: number for topic in shipped() if (number := _found(topic, words))}
        heavy = ASKS if "?" in sentence else 1.0
        heavy *= (THANKS if _GRATEFUL.search(sentence) else 1.0) * (EARLIER if later else 1.0)
        for topic, number in found.items():
            weights[topic] = weights.get(topic, 0.0) + heavy * number
        later = later or bool(found)
    most = max(weights.values(), default=0.0)
    clear = [topic for topic, weight in weights.items() if weight >= CLEAR * most]
    return Wanted(tuple(sorted(clear, key=lambda topic: -weights[topic])), tuple(said))


def _found(topic: Topic, words: list[str]) -> float:
    """How much of a topic stands in these words: each kind of word once, what was said in several words more."""
    line = f" {' '.join(words)} "
    single = {word for word in words if word in topic.exact or word.startswith(topic.starts)}
    return len(single) + 1.5 * sum(phrase in line for phrase in topic.phrases)


def who_knows(
    want: Wanted, declared: Mapping[str, Collection[int]], speak: Collection[int] | None = None
) -> tuple[tuple[int, ...], str]:
    """Colleagues who declared to know what is asked, and the name of it as they wrote it. `declared`: of each skill who
    has it. Nobody when it is not clear. `speak`: who speaks the language of the message, as far as that is needed."""
    by_topic = [(topic, _declared(topic, declared)) for topic in want.topics]
    known = [(topic, found) for topic, found in by_topic if found]
    own = _named(want.words, declared)
    for kinds in (("matter",), ("fault",)):
        chosen = [found for topic, found in known if topic.kind in kinds]
        if chosen and kinds[0] in {topic.kind for topic in want.topics[:2]}:
            return _speaking(_merged(chosen[:1], own if kinds == ("fault",) else {}), speak)
    subjects = [found for topic, found in known if topic.kind == "subject"]
    if subjects or own:
        return _speaking(_merged(subjects[:2], own), speak)
    return (), ""


def _declared(topic: Topic, declared: Mapping[str, Collection[int]]) -> dict[str, Collection[int]]:
    return {name: people for name, people in declared.items() if people and _root(name) in topic.names}


def _named(words: Iterable[str], declared: Mapping[str, Collection[int]]) -> dict[str, Collection[int]]:
    """Skills whose own name stands in the message, also inside a longer word."""
    stems = {_root(name): name for name in declared if " " not in name}
    long = {stem: name for stem, name in stems.items() if len(stem) >= SHORTEST_STEM}
    return {name: declared[name] for stem, name in long.items() if any(word.startswith(stem) for word in words)}


def _merged(found: list[dict[str, Collection[int]]], own: Mapping[str, Collection[int]]) -> dict[str, set[int]]:
    """Who knows all of it when somebody does, else whoever knows a part."""
    groups = [{name: set(people) for name, people in one.items()} for one in [*found, dict(own)] if one]
    everyone = [set().union(*one.values()) for one in groups]
    all_of_it = set.intersection(*everyone) if everyone else set()
    keep = all_of_it or (everyone[0] if everyone else set())
    return {name: people & keep for one in groups for name, people in one.items() if people & keep}


def _speaking(found: dict[str, set[int]], speak: Collection[int] | None) -> tuple[tuple[int, ...], str]:
    people = set().union(*found.values()) if found else set()
    if speak is not None and people & set(speak):
        people &= set(speak)
    about = next((name for name, those in found.items() if those & people), "")
    return tuple(sorted(people)), about


def narrowed(label: str, members: Collection[int], skilled: Collection[int]) -> Asked:
    """Of a discipline those who declared to know the subject, when there are any; else all of it."""
    both = [person for person in members if person in skilled]
    return Asked(tuple(both or members), label)


def telling(text: str, most: int = 3) -> str:
    """The words of a message that tell what it is about, as an expression with which a rule may begin."""
    want = wanted(text)
    found = [
        word
        for topic in want.topics[:1]
        for word in dict.fromkeys(want.words)
        if word in topic.exact or word.startswith(topic.starts)
    ]
    return " OR ".join(found[:most])


def _stem(word: str) -> str:
    """A word without the ending of several: heat pumps and heat pump are one."""
    for end in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= SHORTEST_STEM:
            return word[: -len(end)] + ("" if len(end) < 3 else end[0])
    return word


@lru_cache(maxsize=4096)
def _root(name: str) -> str:
    """Of the name of a skill."""
    return _stem(fold(name))


def tongue(text: str) -> str:
    """The language of a text by its small words: nl, en, de, or empty when that is not clear."""
    words = _WORD.findall(text[:READ].lower())
    counts = {language: sum(word in small for word in words) for language, small in _TONGUES.items()}
    best = max(counts, key=lambda language: counts[language])
    others = max(number for language, number in counts.items() if language != best)
    return best if counts[best] > others and counts[best] >= 2 else ""
