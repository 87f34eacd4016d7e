"""Repeats: how many planted near copies are found, and what one post costs beside the package datasketch.

    python -m benchmarks.repeats --json

Posts are made up; of a part of them copies are planted with one to three words exchanged, of which at least seven tenths of words
and pairs of words stay. Both roads begin at the folded words and use the same words and pairs, the same number of
hashes and the same bands. datasketch is measured twice: post by post as its manual shows it, and in bulk."""

from __future__ import annotations

import argparse
import gc
import importlib
import itertools
import json
import platform
import random
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import zipf
from koor.flow.listening.logic import fast, repeats

TURNS = 3


def planted(random_: random.Random, known: Sequence[str], firsts: Sequence[str]) -> list[tuple[int, str]]:
    """Near copies with the number of the first each: words exchanged, and links, capitals and who is repeated."""
    made = []
    for number, text in enumerate(firsts):
        said = text.split()
        for _ in range(random_.randint(1, 3)):
            changed = list(said)
            changed[random_.randrange(len(said))] = random_.choice(known)
            if _shared(" ".join(changed), text) >= repeats.SAME:
                said = changed
        made.append((number, f"RT @els@social.nl: {' '.join(said).upper()} https://t.co/{random_.randrange(10**6)}"))
    return made


def _shared(one: str, other: str) -> float:
    mine, theirs = (set(_pieces(repeats.said_words(text))) for text in (one, other))
    return len(mine & theirs) / len(mine | theirs)


def _pieces(said: Sequence[str]) -> list[str]:
    return [*said, *map(" ".join, itertools.pairwise(said))]


def ours(texts: Sequence[Sequence[str]], compiled: bool) -> tuple[float, list[Any]]:
    """CPU seconds, and which first each was found to say again."""
    start = time.process_time()
    finder, found = repeats.Finder(compiled=compiled), []
    for at in range(0, len(texts), 500):  # as they are stored
        for number, shape in enumerate(repeats.shaped(texts[at : at + 500], compiled=compiled), at):
            first = finder.first_like(shape)
            found.append(first)
            if first is None:
                finder.add(number, shape)
    return time.process_time() - start, found


def theirs(texts: Sequence[Sequence[str]], bulk: bool) -> tuple[float, list[Any]]:
    package = importlib.import_module("datasketch")
    start = time.process_time()
    table, found = package.MinHashLSH(num_perm=repeats.PARTS, params=(repeats.BANDS, repeats.ROWS)), []
    pieces = ([piece.encode() for piece in _pieces(said)] for said in texts)
    made = package.MinHash.bulk(pieces, num_perm=repeats.PARTS) if bulk else (_one(package, each) for each in pieces)
    for number, sketch in enumerate(made):
        likely = table.query(sketch)
        found.append(min(likely, default=None))
        if not likely:
            table.insert(number, sketch)
    return time.process_time() - start, found


def _one(package: Any, pieces: Sequence[bytes]) -> Any:
    made = package.MinHash(num_perm=repeats.PARTS)
    for piece in pieces:
        made.update(piece)
    return made


def turns(texts: Sequence[Sequence[str]]) -> tuple[dict[str, float], dict[str, list[Any]]]:
    """The least CPU seconds of each road, for other work on the machine only ever makes one slower; what each found."""
    roads = {"in numpy": lambda: ours(texts, False)}
    if fast.is_there():
        fast.prepare(Path(__file__).parents[1] / "var")
        roads["compiled"] = lambda: ours(texts, True)
    if find_spec("datasketch") is not None:
        roads |= {"post by post": lambda: theirs(texts, False), "in bulk": lambda: theirs(texts, True)}
    spent: dict[str, float] = {}
    found: dict[str, list[Any]] = {}
    for _ in range(TURNS):
        for name, road in roads.items():
            gc.collect()
            seconds, found[name] = road()
            spent[name] = min(seconds, spent.get(name, seconds))
    return spent, found


def bench(number: int, seed: int) -> dict[str, Any]:
    random_ = random.Random(seed)
    known = zipf.vocabulary(random_)
    firsts = zipf.posts(random_, known, number)
    copies = planted(random_, known, firsts[: number // 2])
    texts = [repeats.said_words(text) for text in [*firsts, *(text for _, text in copies)]]
    spent, answers = turns(texts)
    quickest = spent.get("compiled", spent["in numpy"])
    found = answers["in numpy"]
    right = sum(found[number + place] == first for place, (first, _text) in enumerate(copies))
    each = {name: round(1e6 * seconds / len(texts), 1) for name, seconds in spent.items()}
    others = [name for name in spent if name not in ("in numpy", "compiled")]
    return {
        "machine": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "posts": len(texts),
        "planted": len(copies),
        "recall": round(right / len(copies), 4),
        "false": sum(first is not None for first in found[:number]),
        "microseconds": round(1e6 * quickest / len(texts), 1),
        "in_numpy": each["in numpy"],
        "same": answers.get("compiled", found) == found,
        "goals": {"recall": 0.99, "beside datasketch": 50},
        "datasketch": {name: {"microseconds": each[name], "times": round(spent[name] / quickest, 1)} for name in others}
        or {"missing": "datasketch"},
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    print(json.dumps(bench(args.posts, args.seed)))


if __name__ == "__main__":
    main()
