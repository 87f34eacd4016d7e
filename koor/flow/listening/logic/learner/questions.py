"""The words that the learner begins with for each question, as Koor brings them along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import yaml

from koor.flow.listening.logic.learner.families import HERE, LANGUAGES
from koor.flow.listening.logic.learner.words import folded


@lru_cache(maxsize=4)
def _given(name: str) -> dict[str, Any]:
    given: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return given


def _both(words: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(str(word) for language in LANGUAGES for word in words[language]))


def label_of(name: str) -> str:
    """The name of a discipline as the learner calls it."""
    return " ".join(folded(name).split())


def disciplines(names: Iterable[str]) -> dict[str, list[str]]:
    """Words by label for disciplines of these names. A discipline of no kind that we know begins with its own name."""
    return {label: _of_discipline(label) for label in map(label_of, names) if label}


def _of_discipline(label: str) -> list[str]:
    parts = label.replace("-", " ").split()
    kinds = _given("disciplines").values()
    words = [word for kind in kinds if _called(parts, kind["names"].split()) for word in _both(kind)]
    return list(dict.fromkeys(words)) or [part for part in parts if len(part) > 3]


def _called(parts: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a discipline is called so: a short name stands whole, a longer one begins a word."""
    return any(part == name if len(name) < 4 else part.startswith(name) for part in parts for name in names)


def topics() -> dict[str, list[str]]:
    return {label: _both(words) for label, words in _given("topics").items()}
