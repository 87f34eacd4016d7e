"""`koor bench inbox`: the inbox with a long history, in a house of its own that is thrown away."""

import argparse
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.bench import measured
from koor.shell.command_line.frame import Command


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--small", type=int, default=100_000, metavar="N", help="conversations at first (100000)")
    parser.add_argument("--large", type=int, default=1_000_000, metavar="N", help="conversations then (1000000)")


def bench(args: argparse.Namespace) -> dict[str, Any]:
    """The same pages with little and with much history."""
    if not 10_000 <= args.small < args.large:
        raise Trouble("--small must be 10000 or more, and --large more than that")
    return measured("inbox", "--small", str(args.small), "--large", str(args.large))


def words(found: dict[str, Any]) -> str:
    """The figures as a table, with the goals."""
    small, large = found["sizes"]
    lines = [f"{found['open']:,} open; filled in {found['fill_s'][0]} s and {found['fill_s'][1]} s"]
    names = [f"{small:,} ms", f"{large:,} ms", "ratio", "SQL ms", "SQL ms", "ratio", "queries"]
    lines.append(f"{'page':<22}" + "".join(f"{name:>14}" for name in names))
    for page, (few, many) in found["pages"].items():
        values = [few["ms"], many["ms"], many["ratio"], few["sql_ms"], many["sql_ms"]]
        values += [many["sql_ratio"], many["queries"]]
        lines.append(f"{page:<22}" + "".join(f"{value:>14}" for value in values))
    for size, plain in zip(found["sizes"], found["plain_sql"], strict=True):
        told = f"{plain['by_the_house_ms']} ms by the house, {plain['plain_sql_ms']} ms by plain SQL"
        same = "the same" if plain["same"] else "NOT the same"
        lines.append(f"data of the inbox at {size:,}: {told}: {plain['times']} times (goal 3), {same}")
    slow = max((told[1]["slowest"] for told in found["pages"].values()), key=lambda one: float(one["ms"]))
    lines.append(f"slowest statement {slow['ms']} ms: {slow['sql'][:160]}")
    ratios = f"worst ratio {found['worst_ratio']}, of the statements alone {found['worst_sql_ratio']}"
    lines.append("milliseconds are medians; ratios medians of the large house beside the small one, asked in turn")
    lines.append(f"{ratios} (goal 1.2), most queries {found['most_queries']} (goal 15)")
    return "\n".join(lines)


COMMANDS = [
    Command(
        "bench inbox",
        bench,
        about="Measure the inbox at a hundred thousand and at a million conversations.",
        arguments=arguments,
        words=words,
        needs_house=False,
    )
]
