"""`koor bench publish`: posts that are due in the same minute, in a house of its own that is thrown away."""

import argparse
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.bench import measured
from koor.shell.command_line.frame import Command


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--posts", type=int, default=1000, metavar="N", help="due at one moment (1000)")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="sender processes (2)")
    parser.add_argument(
        "--answer", type=int, nargs="+", default=[0, 150], metavar="MS", help="that the platform takes (0 and 150)"
    )


def bench(args: argparse.Namespace) -> dict[str, Any]:
    """How late they go, and the rate beside a bare loop."""
    if args.posts < 10 or not 1 <= args.workers <= 16 or min(args.answer) < 0:
        raise Trouble("--posts must be 10 or more, --workers 1 to 16, --answer 0 or more")
    given = ["--posts", str(args.posts), "--workers", str(args.workers)]
    return {"runs": [measured("publish", *given, "--answer", str(one)) for one in args.answer]}


def words(found: dict[str, Any]) -> str:
    """The figures as a table, a line for each speed of the platform."""
    lines = [f"{'platform answers after':<24}{'posts':>7}{'copies':>8}{'late p50':>10}{'p95':>8}{'p99':>8}"]
    lines[0] += f"{'rate /s':>9}{'bare /s':>9}{'ratio':>7}"
    for run in found["runs"]:
        late = run["late"]
        line = (
            f"{run['answer_ms']:>18} ms   {run['published']:>7}{run['copies']:>8}{late['p50']:>8} s{late['p95']:>6} s"
        )
        lines.append(f"{line}{late['p99']:>6} s{run['rate']:>9}{run['bare']:>9}{run['ratio']:>7}")
    workers, broken = found["runs"][0]["workers"], sum(run["broken"] for run in found["runs"])
    lines.append(f"{workers} senders, one post at a time each; promises broken in the ledger: {broken}")
    return "\n".join(lines)


COMMANDS = [
    Command(
        "bench publish",
        bench,
        about="Measure a thousand posts that are due in the same minute.",
        arguments=arguments,
        words=words,
        needs_house=False,
    )
]
