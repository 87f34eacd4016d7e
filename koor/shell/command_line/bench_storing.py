"""`koor bench storing`: how quickly mentions are stored, in a house of its own that is thrown away."""

import argparse
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.bench import measured
from koor.shell.command_line.frame import Command


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--number", type=int, default=20_000, metavar="N", help="mentions for each way (20000)")
    parser.add_argument("--batch", type=int, default=500, metavar="N", help="in one transaction (500)")


def bench(args: argparse.Namespace) -> dict[str, Any]:
    """The same rows in three ways."""
    if not 1 <= args.batch <= args.number <= 1_000_000 or args.number % args.batch:
        raise Trouble("--number must be some batches, at most 1000000 mentions")
    return measured("storing", "--number", str(args.number), "--batch", str(args.batch))


def words(found: dict[str, Any]) -> str:
    """The figures, with the goals."""
    usual = found["a_second"]["bulk_create"]
    lines = [f"{found['number']:,} mentions each way, {found['batch']} in a transaction, with full text and counts"]
    for way, speed in found["a_second"].items():
        lines.append(f"{way:<20}{speed:>8,} a second{speed / usual:>8.2f} times bulk_create")
    lines.append(f"the rows are {'the same' if found['same'] else 'NOT the same'}; goal: 4 times bulk_create")
    taken = found["seconds_a_batch"]
    lines.append(f"searchable {taken} s after a batch came, raw, queries and repeats included (goal 5)")
    return "\n".join(lines)


COMMANDS = [
    Command(
        "bench storing",
        bench,
        about="Measure how quickly mentions are stored, beside Django's own way.",
        arguments=arguments,
        words=words,
        needs_house=False,
    )
]
