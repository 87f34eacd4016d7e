"""Mentions labelled in one go, in processor time: which language they are in, what they are (aha, oh-oh or noise), who
knows about them and what they are about, each with its words, and which corrected texts are like them.

    python -m benchmarks.label --json

The texts are drawn as for the year of conversations (`benchmarks/route_year.py`); each question was corrected a thousand
times before. The work is that of the worker: `listening/actions/proposing.py`. It needs no house."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from benchmarks.route_year import SUBJECTS, Year
from koor.flow.listening.logic.learner import files, questions
from koor.flow.listening.logic.learner.batch import Said, Text, say_many, text_of
from koor.flow.listening.logic.learner.model import Learner
from koor.flow.listening.logic.learner.promise import threshold
from koor.flow.listening.logic.learner.reasons import Library
from koor.kernel.languages import language_of

GOAL = 10.0  # seconds of processor time for ten thousand
OURS = ("nl", "en")
PROMISE = 0.9
KNOWS = {need: questions.label_of(name) for name, (need, _skills) in SUBJECTS.items()}
ABOUT = {
    "heat": "warmte", "air": "lucht", "power": "stroom", "sun": "stroom", "water": "water", "breakdown": "warmte",
    "planning": "planning", "money": "geld", "buying": "geld", "people": "werk",
}  # fmt: skip
Drawn = tuple[str, str, str]  # what they need, in which language, what they write


def drawn(seed: int, number: int) -> list[Drawn]:
    year, begin = Year(seed, "all", max(number, 100)), datetime(2025, 1, 1, 7, tzinfo=UTC)
    found = []
    for at in range(number):
        need, lang = year._need(begin + timedelta(days=365) * at / number), year._language()
        found.append((need, lang, year._text(need, lang, "")))
    return found


def _is(need: str) -> str:
    return {"fire": "ohoh", "breakdown": "ohoh", "grey": "noise"}.get(need, "aha")


def asked() -> dict[str, tuple[dict[str, list[str]], Callable[[str], str]]]:
    """The questions: the words that each begins with, and what a person would say to somebody who needs this."""
    return {
        "triage": (files.shipped(), _is),
        "discipline": (questions.disciplines(SUBJECTS), lambda need: KNOWS.get(need, "")),
        "topic": (questions.topics(), lambda need: ABOUT.get(need, "")),
    }


def taught(words: dict[str, list[str]], says: Callable[[str], str], log: list[Drawn]) -> tuple[Learner, Library]:
    learner, library = Learner(list(words), words), Library()
    for number, (need, _lang, text) in enumerate(log, 1):
        if (label := says(need)) in words:
            place = learner.labels.index(label)
            learner.learn(learner.read(text), place)
            library.add(number, place, text)
    return learner, library


class Clock:
    """Processor seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, work: Callable[[], Any]) -> Any:
        begun = time.process_time()
        done = work()
        self.seconds[name] = round(time.process_time() - begun, 2)
        return done


def measure(number: int, corrections: int, seed: int) -> dict[str, Any]:
    log, mentions = drawn(seed + 1, corrections), drawn(seed, number)
    known = {name: taught(words, says, log) for name, (words, says) in asked().items()}
    language_of("to have the model read", "", OURS)  # once a process
    clock = Clock()
    spoken = clock("language", lambda: [language_of(text, "", OURS) for _need, _lang, text in mentions])
    texts: list[Text] = clock(
        "read", lambda: [text_of(text, lang) for (_n, _l, text), lang in zip(mentions, spoken, strict=True)]
    )
    said: dict[str, list[Said]] = {}
    for name, (learner, _library) in known.items():
        said[name] = clock(name, partial(say_many, learner, texts))
    library = known["triage"][1]
    clock(
        "alike",
        lambda: [library.like(m[2], one.label, 0) for m, one in zip(mentions, said["triage"], strict=True)],
    )
    total = round(sum(clock.seconds.values()), 2)
    return {
        "mentions": number,
        "corrections": corrections,
        "cpu_seconds": clock.seconds | {"all": total},
        "goal": round(GOAL * number / 10_000, 2),
        "language": _languages(mentions, spoken),
        "questions": {name: _how(said[name], known[name][0]) for name in said},
    }


def _languages(mentions: list[Drawn], spoken: list[str]) -> dict[str, float]:
    told = [(lang, found) for (_need, lang, _text), found in zip(mentions, spoken, strict=True) if found]
    right = sum(lang == found for lang, found in told)
    return {"told": round(len(told) / len(spoken), 4), "right": round(right / max(len(told), 1), 4)}


def _how(said: list[Said], learner: Learner) -> dict[str, float]:
    """How many show a reason, and how many it would mark by itself under the promise; the others wait for a person."""
    least = threshold(learner.answers, PROMISE)
    return {
        "with_reasons": round(sum(bool(one.reasons) for one in said) / len(said), 4),
        "by_itself": round(sum(least is not None and one.sure >= least for one in said) / len(said), 4),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--corrections", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="it is always JSON")
    given = parser.parse_args()
    print(json.dumps(measure(given.number, given.corrections, given.seed)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
