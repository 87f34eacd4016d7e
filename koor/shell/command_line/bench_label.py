"""`koor bench label`: how much processor time it takes to say of mentions what they are, with the words that say so."""

import argparse
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.bench import measured
from koor.shell.command_line.frame import Command


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--number", type=int, default=10_000, metavar="N", help="so many mentions (10000)")
    parser.add_argument(
        "--corrections", type=int, default=1_000, metavar="N", help="learnt before, of each question (1000)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which mentions are drawn (1)")


def bench(args: argparse.Namespace) -> dict[str, Any]:
    """Language, triage, discipline and topic of mentions in one go."""
    if args.number < 1 or args.corrections < 0:
        raise Trouble("--number must be 1 or more, --corrections 0 or more")
    options = ["--number", str(args.number), "--corrections", str(args.corrections), "--seed", str(args.seed)]
    return measured("label", *options)


def words(found: dict[str, Any]) -> str:
    """The figures, a line a step, with the goal."""
    lines = [f"{found['mentions']:,} mentions, {found['corrections']:,} corrections of each question before them", ""]
    lines += [f"{step:<12}{seconds:>8.2f} s of processor time" for step, seconds in found["cpu_seconds"].items()]
    lines.append(f"{'goal':<12}{found['goal']:>8.2f}")
    spoken = found["language"]
    lines += ["", f"language: told of {spoken['told']:.1%}, right in {spoken['right']:.1%} of them"]
    for name, how in found["questions"].items():
        share = f"{how['by_itself']:.1%} sure enough for a promise of 90 %, the others are proposed"
        lines.append(f"{name}: {how['with_reasons']:.1%} with the words that say so, {share}")
    return "\n".join(lines)


COMMANDS = [
    Command(
        "bench label",
        bench,
        about="Measure how long it takes to label ten thousand mentions.",
        arguments=arguments,
        words=words,
        needs_house=False,
    )
]
