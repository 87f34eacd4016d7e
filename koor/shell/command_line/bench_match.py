"""`koor bench match`: our matcher beside others in one run; `koor bench repeats`: near copies beside datasketch."""

import argparse
from pathlib import Path
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.bench import measured
from koor.shell.command_line.frame import Command

MISSING = "not installed (requirements/bench.txt)"
NO_FAST = "not installed (requirements/fast.txt)"


def match_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--posts", type=int, default=10_000, metavar="N", help="so many posts (10000)")
    parser.add_argument(
        "--queries", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000], metavar="N", help="so many queries"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="what posts and queries are drawn with (1)")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="tables (CSV) of real posts in their place")


def match_bench(args: argparse.Namespace) -> dict[str, Any]:
    """Posts per CPU second, by the number of queries."""
    if args.posts < 100 or min(args.queries) < 1:
        raise Trouble("--posts must be 100 or more, --queries 1 or more")
    if args.data is not None and not any(args.data.glob("*.csv")):
        raise Trouble(f"{args.data}: there is no table (CSV) in this folder")
    given = ["--posts", str(args.posts), "--seed", str(args.seed), "--queries", *map(str, args.queries)]
    return measured("match", *given, *(["--data", str(args.data.resolve())] if args.data else []))


def match_words(found: dict[str, Any]) -> str:
    """The figures as a table: posts per CPU second, and how many times the reference is that."""
    lines = [f"{found['posts']:,} posts ({found['from']}), words; posts per CPU second, folding included", ""]
    names = list(found["words"][0]["engines"]) if found["words"] else []
    lines.append(f"{'queries':>9}{'met':>7}" + "".join(f"{name:>22}" for name in names))
    for row in found["words"]:
        ours = row["engines"]["reference"]["per_second"]
        cells = [_cell(row["engines"][name], ours) for name in names]
        lines.append(f"{row['queries']:>9,}{row['met_per_post']:>7}" + "".join(f"{cell:>22}" for cell in cells))
    for row in found["language"]:
        same = "the same as the tree" if row["same_as_the_tree"] else "NOT the same as the tree"
        quick = ""
        if "fast_per_second" in row:
            quick = f"; fast: {row['fast_per_second']:,.0f}, {'the same' if row['fast_same'] else 'NOT the same'}"
        lines.append(
            f"all of the language, {row['queries']:,} queries: {row['per_second']:,.0f} a second, {same}{quick}"
        )
    missing = [name for name in names if "missing" in found["words"][0]["engines"][name]]
    lines += [f"{name}: {MISSING if name != 'fast' else NO_FAST}" for name in missing]
    lines.append(f"in brackets: the reference is so many times as quick. {_goal(found)}")
    return "\n".join(lines)


def _cell(row: dict[str, Any], ours: float) -> str:
    if "missing" in row:
        return "-"
    wrong = "" if row["same"] else " NOT THE SAME"
    return f"{row['per_second']:,.0f} ({ours / row['per_second']:.2f}){wrong}"


def _goal(found: dict[str, Any]) -> str:
    """The goal beside what was reached."""
    rows = [row["engines"] for row in found["words"] if row["queries"] == 10_000]
    if not rows or "missing" in rows[0]["ahocorasick_rs"]:
        return "Goal at 10,000 queries: 0.9 of ahocorasick_rs, not measured"
    reached = rows[0]["reference"]["per_second"] / rows[0]["ahocorasick_rs"]["per_second"]
    return f"Goal at 10,000 queries: 0.9 of ahocorasick_rs, reached {reached:.2f}{_fast_goals(found, rows[0])}"


def _fast_goals(found: dict[str, Any], engines: dict[str, Any]) -> str:
    """The goals of the fast engine beside what was reached."""
    if "missing" in engines["fast"]:
        return ""
    ours, others = engines["fast"]["per_second"], (("reference", 15), ("google-re2 Set", 15), ("tantivy", 30))
    told = [
        f"{name} (goal {goal}): {ours / engines[name]['per_second']:.1f}"
        for name, goal in others
        if "missing" not in engines[name]
    ]
    by_size = {row["queries"]: row["engines"]["fast"]["per_second"] for row in found["words"]}
    dearer = by_size[min(by_size)] / by_size[max(by_size)]
    asked = f"{max(by_size):,} queries beside {min(by_size):,}: {dearer:.1f} times as dear (goal 3)"
    return f"\nThe fast engine is so many times as quick at 10,000 as {', '.join(told)}; {asked}"


def repeats_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--posts", type=int, default=6_000, metavar="N", help="so many posts, and half as many copies")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="what they are drawn with (1)")


def repeats_bench(args: argparse.Namespace) -> dict[str, Any]:
    """Planted near copies."""
    if args.posts < 100:
        raise Trouble("--posts must be 100 or more")
    return measured("repeats", "--posts", str(args.posts), "--seed", str(args.seed))


def repeats_words(found: dict[str, Any]) -> str:
    """The figures with their goals."""
    lines = [f"{found['planted']:,} copies among {found['posts']:,} posts: {found['recall']:.2%} found (goal 99 %)"]
    lines.append(f"wrongly folded: {found['false']}; {found['microseconds']} µs of processor a post, from its words on")
    if "missing" in found["datasketch"]:
        return "\n".join([*lines, f"datasketch: {MISSING}"])
    for name, row in found["datasketch"].items():
        lines.append(f"datasketch {name}: {row['microseconds']} µs, {row['times']} times as much (goal 50)")
    return "\n".join(lines)


COMMANDS = [
    Command(
        "bench match",
        match_bench,
        about="Measure the matcher beside google-re2, ahocorasick_rs and tantivy.",
        arguments=match_arguments,
        words=match_words,
        needs_house=False,
    ),
    Command(
        "bench repeats",
        repeats_bench,
        about="Measure how near copies are found, beside datasketch.",
        arguments=repeats_arguments,
        words=repeats_words,
        needs_house=False,
    ),
]
