"""Posts and queries that are made up, with words as common and as rare as in a language; or read from a folder."""

import csv
import itertools
import random
from collections import Counter
from pathlib import Path

_LETTERS = "eeeeeennnnaaatttiiirrrooodddsssllgvkhmubpwjzcfxyq"
_BESIDE = ("!", ".", ",", "…", " 👍", " #storing", " @els@social.nl", " café’s", " https://reurslag.nl/a-b?c=1")


def vocabulary(random_: random.Random, size: int = 60_000) -> list[str]:
    """Words from the commonest to the rarest; common ones are short."""
    found: dict[str, None] = {}
    while len(found) < size:
        length = min(2 + int(random_.expovariate(1 / (1.5 + len(found) ** 0.16))), 16)
        found["".join(random_.choices(_LETTERS, k=length))] = None
    return list(found)


def posts(random_: random.Random, words: list[str], number: int) -> list[str]:
    """Posts of 8 to 40 words, most of them plain, some with an emoji, a tag, a link or an accent."""
    weights = list(itertools.accumulate(1 / (place + 2.7) for place in range(len(words))))
    made = []
    for _ in range(number):
        said = random_.choices(words, cum_weights=weights, k=random_.randint(8, 40))
        text = " ".join(said).capitalize()
        made.append(text + "".join(random_.choices(_BESIDE, k=random_.randint(1, 3))))
    return made


def posts_in(folder: Path, number: int) -> list[str]:
    """Posts of the tables (CSV) in a folder that have a column with texts, in turn from each."""
    tables = [_texts(path) for path in sorted(folder.glob("*.csv"))]
    mixed = [text for row in itertools.zip_longest(*tables) for text in row if text]
    return mixed[:number]


def _texts(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        return [text for row in csv.DictReader(file) if (text := row.get("text") or row.get("review") or "")]


def by_count(texts: list[list[str]]) -> list[str]:
    """The words of posts from the commonest to the rarest."""
    return [word for word, _number in Counter(itertools.chain.from_iterable(texts)).most_common()]
