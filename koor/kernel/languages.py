"""Which language a text is in: what its source says, else how it is spelt, among those that are given."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

BESIDE = ("en", "de", "fr", "es")  # also known, so that what is none of ours is not taken for one of ours
SURE = 0.8  # less sure than this: nothing is said
PLAIN = 0.999  # so sure that it is believed before the source
ENOUGH = 30  # letters for that
LONGEST = 1_000  # characters that are looked at

_ASIDE = re.compile(r"(?:https?://|www\.)\S+|[@#]\w+")


@lru_cache(maxsize=4)
def _identifier(languages: tuple[str, ...]) -> Any:
    from py3langid import langid

    found = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    found.set_languages(languages)
    return found


@lru_cache(maxsize=4)
def _known(ours: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ours, *BESIDE)))


def language_of(text: str, said: str, ours: Iterable[str]) -> str:
    """The language of a text as a short code; empty when nobody can tell. What the source said stands, unless the
    text is long enough and plainly in another language that we know."""
    languages = tuple(ours)
    known, base = _known(languages), said.partition("-")[0].lower()
    if base and base not in known:
        return said
    words = _ASIDE.sub(" ", text[:LONGEST])
    letters = sum(map(str.isalpha, words))
    if (base and letters < ENOUGH) or letters < 2:
        return said
    found, chance = _identifier(tuple(sorted(known))).classify(words)
    if base:
        return str(found) if found != base and chance >= PLAIN else said
    return str(found) if found in languages and chance >= SURE else ""
