"""`koor bench stream`: the stream of mentions with a long history, in two houses of its own."""

import argparse
from pathlib import Path
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.bench import measured
from koor.shell.command_line.frame import Command


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--small", type=int, default=1_000_000, metavar="N", help="mentions in one (1000000)")
    parser.add_argument("--large", type=int, default=5_000_000, metavar="N", help="in the other (5000000)")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep both houses, and go on with those that are there"
    )
    parser.add_argument(
        "--minutes", type=float, default=600, metavar="N", help="stop filling after so long, to go on later"
    )


def bench(args: argparse.Namespace) -> dict[str, Any]:
    """The same pages with little and with much history."""
    if not 10_000 <= args.small < args.large <= 50_000_000:
        raise Trouble("--small must be 10000 or more, --large more than that and at most 50000000")
    options = ["--small", str(args.small), "--large", str(args.large), "--minutes", str(args.minutes)]
    return measured("stream", *options, *(["--keep", str(args.keep.resolve())] if args.keep else []))


def words(found: dict[str, Any]) -> str:
    """The figures as a table, with the goals."""
    if "unfinished" in found:
        return f"{found['unfinished']}: ask again to go on"
    small, large = found["sizes"]
    lines = [f"filled by COPY in {found['fill_s'][0]} s and {found['fill_s'][1]} s"]
    lines.append("milliseconds of the processor, of Python and the database; last how long it took by the clock")
    names = [f"{small:,}", f"{large:,}", "ratio", "SQL", "SQL", "times SQL", "times SQL", "queries", "clock", "clock"]
    lines.append(f"{'page':<22}" + "".join(f"{name:>10}" for name in names))
    for page, (few, many) in found["pages"].items():
        values = [few["ms"], many["ms"], round(many["ms"] / few["ms"], 2), few["sql_ms"], many["sql_ms"]]
        values += [round(one["ms"] / one["sql_ms"], 2) for one in (few, many)]
        values += [many["queries"], few["clock_ms"], many["clock_ms"]]
        lines.append(f"{page:<22}" + "".join(f"{value:>10}" for value in values))
    slow = max((told[1]["slowest"] for told in found["pages"].values()), key=lambda one: float(one["ms"]))
    lines.append(f"slowest statement {slow['ms']} ms: {slow['sql'][:300]}")
    lines.append(f"worst ratio {found['worst_ratio']} (goal 1.2), most queries {found['most_queries']} (goal 15)")
    lines.append(f"a whole page takes at most {found['worst_times_sql']} times its statements alone (goal 3)")
    return "\n".join(lines)


COMMANDS = [
    Command(
        "bench stream",
        bench,
        about="Measure the stream of mentions at a million and at five million.",
        arguments=arguments,
        words=words,
        needs_house=False,
    )
]
