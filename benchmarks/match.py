"""Posts per CPU second at 100 to 100,000 queries: our engines and, in the same run, others on the same folded words.

    python -m benchmarks.match --json

Each engine answers the same question, in which of the posts each word stands as a whole word, and its answers are held
against the reference's, post by post. All begin at the text and fold it by our rules, for without them the answers
could not be the same: ahocorasick_rs and the Set of google-re2 get the folded words with two spaces between them and
look for each word with a space on either side; tantivy gets the folded words as terms of one index in memory, is
asked every word once, and its time holds the indexing. What an engine needs once for its queries is told apart."""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import platform
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import zipf
from koor.flow.listening.logic import fast
from koor.flow.listening.logic.fold import words
from koor.flow.listening.logic.match import Matcher, meets
from koor.flow.listening.logic.query import Query, read_query

SIZES = (100, 1_000, 10_000, 100_000)
LONGEST = 5.0  # CPU seconds that one engine may take with one number of queries; then fewer posts are tried
TURNS = 3
COMMONEST = 100  # words that nobody looks for by themselves

Run = Callable[[Sequence[str]], list[list[int]]]


def reference(asked: Sequence[str]) -> Run:
    matcher = Matcher({number: read_query(word) for number, word in enumerate(asked)})
    return lambda texts: [matcher.match(text) for text in texts]


def compiled(asked: Sequence[str]) -> Run:
    if not fast.is_there():
        raise ImportError("the extra fast", name="numba")
    fast.prepare(Path(__file__).parents[1] / "var")
    return fast.matcher({number: read_query(word) for number, word in enumerate(asked)}).match_many


def aho_corasick(asked: Sequence[str]) -> Run:
    package = importlib.import_module("ahocorasick_rs")
    found = package.AhoCorasick([f" {word} " for word in asked])

    def run(texts: Sequence[str]) -> list[list[int]]:
        return [sorted({one[0] for one in found.find_matches_as_indexes(_spaced(text))}) for text in texts]

    return run


def re2_set(asked: Sequence[str]) -> Run:
    package = importlib.import_module("re2")
    options = package.Options()
    options.max_mem = 2 << 30
    options.literal = True
    found = package.Set.SearchSet(options)
    for word in asked:
        found.Add(f" {word} ")
    found.Compile()
    return lambda texts: [sorted(found.Match(_spaced(text)) or ()) for text in texts]


def tantivy(asked: Sequence[str]) -> Run:
    package = importlib.import_module("tantivy")
    schema = package.SchemaBuilder().add_text_field("said", stored=False, tokenizer_name="raw").build()

    def run(texts: Sequence[str]) -> list[list[int]]:
        index = package.Index(schema)
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        for text in texts:
            document = package.Document()
            for word in set(words(text)):
                document.add_text("said", word)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher, met = index.searcher(), [list[int]() for _ in texts]
        assert searcher.num_segments == 1, "posts of several segments have no order"
        for number, word in enumerate(asked):
            hits = searcher.search(package.Query.term_query(schema, "said", word), limit=len(texts), count=False).hits
            for _score, address in hits:
                met[address.doc].append(number)
        return met

    return run


ENGINES = {
    "reference": reference,
    "fast": compiled,
    "ahocorasick_rs": aho_corasick,
    "google-re2 Set": re2_set,
    "tantivy": tantivy,
}


def _spaced(text: str) -> str:
    return " " + "  ".join(words(text)) + " "


def prepared(make: Callable[[Sequence[str]], Run], asked: Sequence[str], texts: Sequence[str]) -> dict[str, Any]:
    """An engine for these words, what it took to make it, and how many posts it may see: of a slow one fewer."""
    start = time.process_time()
    try:
        run = make(asked)
    except ImportError as error:
        return {"missing": str(error.name)}
    made = time.process_time() - start
    few = texts[: max(10, len(texts) // 100)]
    start = time.process_time()
    run(few)
    each = (time.process_time() - start) / len(few)
    posts = max(10, min(len(texts), int(LONGEST / max(each, 1e-9))))
    return {"run": run, "posts": posts, "made_s": round(made, 2), "seconds": []}


def at(size: int, asked: Sequence[str], texts: Sequence[str]) -> dict[str, Any]:
    """One number of queries: each engine with how many posts a CPU second, and whether it said the same. All take
    turns, and of each the quickest counts, for other work on the machine only ever makes it slower."""
    rows = {name: prepared(make, asked, texts) for name, make in ENGINES.items()}
    running, truth = [row for row in rows.values() if "run" in row], list[list[int]]()
    for _ in range(TURNS):
        for row in running:
            gc.collect()
            start = time.process_time()
            answers = row["run"](texts[: row["posts"]])
            row["seconds"].append(time.process_time() - start)
            truth = truth or answers
            row["same"] = row.get("same", True) and answers == truth[: len(answers)]
            del answers
    for row in running:
        del row["run"]
        row["per_second"] = row["posts"] / max(min(row.pop("seconds")), 1e-9)
    return {"queries": size, "engines": rows, "met_per_post": round(sum(map(len, truth)) / max(len(truth), 1), 2)}


def whole_language(random_: random.Random, known: Sequence[str], texts: Sequence[str], size: int) -> dict[str, Any]:
    """Queries of every kind that people write, in our engines; a part of the answers beside the plain tree."""
    queries = {number: _asked(random_, known) for number in range(size)}
    matcher = Matcher(queries)
    start = time.process_time()
    answers = [matcher.match(text) for text in texts]
    spent = max(time.process_time() - start, 1e-9)
    some = dict(random_.sample(sorted(queries.items()), min(300, size)))
    same = all(
        [number for number in answers[place] if number in some] == [n for n in sorted(some) if meets(some[n], text)]
        for place, text in enumerate(texts[:100])
    )
    found = {"queries": size, "per_second": len(texts) / spent, "same_as_the_tree": same}
    if fast.is_there():
        quick = fast.matcher(queries)
        quick.match_many(texts[:100])
        start = time.process_time()
        same = quick.match_many(texts) == answers
        found |= {"fast_per_second": len(texts) / (time.process_time() - start), "fast_same": same}
    return found


def _asked(random_: random.Random, known: Sequence[str]) -> Query:
    a, b, c, d = (known[int(random_.random() ** 2 * len(known))] for _ in range(4))
    kinds = [a, f"{a} {b}", f"({a} OR {b}) {c}", f'"{a} {b}"', f"{a} NOT {b}", f"{a} NEAR/5 ({b} OR {c})", f"{a}xx*"]
    kinds += [f"#{a} OR @{b}", f"({a} OR {b} OR {c}) {d} lang:nl"]
    return read_query(random_.choice(kinds))


def bench(number: int, sizes: Sequence[int], seed: int, data: Path | None) -> dict[str, Any]:
    random_ = random.Random(seed)
    if data is None:
        known = zipf.vocabulary(random_, max(60_000, 2 * max(sizes)))
        texts = zipf.posts(random_, known, number)
    else:
        texts = zipf.posts_in(data, number)
        known = zipf.by_count([words(text) for text in texts])
        known += [f"{word}x" for word in known]  # most of what people look for is not said
    known = list(dict.fromkeys(word for said in known[COMMONEST:] for word in words(said)))
    rows = []
    for size in sizes:
        asked = random_.sample(known, min(size, len(known)))
        rows.append(at(len(asked), asked, texts))
    full = [whole_language(random_, known, texts, size) for size in sizes if size <= 10_000]
    return {
        "machine": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "posts": len(texts),
        "from": str(data.name) if data else f"made up, seed {seed}",
        "words": rows,
        "language": full,
        "goals": {
            "reference beside ahocorasick_rs at 10,000": 0.9,
            "fast beside the reference": 15,
            "fast beside google-re2 Set": 15,
            "fast beside tantivy": 30,
            "fast with 1,000 times more queries, times as dear": 3,
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--queries", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    print(json.dumps(bench(args.posts, args.queries, args.seed, args.data)))


if __name__ == "__main__":
    main()
