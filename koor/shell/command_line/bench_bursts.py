"""`koor bench bursts`: how well bursts are found, on samples that stand apart from Koor."""

import argparse
from pathlib import Path
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.bench import measured
from koor.shell.command_line.frame import Command

FILES = ("nab_brand_volume_dev.csv.gz", "nab_windows_dev.json", "crisis_timelines_dev.csv.gz")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", required=True, metavar="FOLDER", help=f"a folder with {', '.join(FILES)}")


def bench(args: argparse.Namespace) -> dict[str, Any]:
    """Bursts of five brands, and disasters in quiet streams."""
    missing = [name for name in FILES if not (Path(args.data) / name).is_file()]
    if missing:
        raise Trouble(f"{args.data} lacks {', '.join(missing)}")
    return measured("bursts", "--data", str(Path(args.data).resolve()))


def words(found: dict[str, Any]) -> str:
    """The figures beside the goals."""
    total, goals = found["total"], found["goals"]
    lines = [f"{'brand':<10}{'marked':>8}{'found':>7}{'false a week':>14}"]
    for name, row in found["brands"].items():
        lines.append(f"{name:<10}{row['windows']:>8}{row['found']:>7}{row['false'] / row['weeks']:>14.2f}")
    lines.append(f"{'all':<10}{total['windows']:>8}{total['found']:>7}{total['false_a_week']:>14.2f}")
    lines += [f"{'goal':<10}{'':>8}{goals['found']:>7}{goals['false_a_week']:>14.2f}", ""]
    lines.append(
        f"{'disaster':<28}{'stream':<9}{'within an hour':>15}{'of first post':>15}{'minutes':>9}{'first post':>12}"
    )
    for row in found["crises"]:
        inside, soon = (f"{row[key]} of {row['of']}" for key in ("within_an_hour", "within_an_hour_of_first_post"))
        minutes = f"{row['median_minutes']!s:>9}{row['first_post_minutes']:>12}"
        lines.append(f"{row['crisis'].replace('_', ' '):<28}{row['stream']:<9}{inside:>15}{soon:>15}{minutes}")
    shares = f"{100 * total['crises']:.0f} %, of the first post {100 * total['crises_from_first_post']:.0f} %"
    lines += ["", f"within an hour of what happened: {shares} (goal {100 * goals['crises']:.0f} %)"]
    return "\n".join(lines)


def questions_bench(args: argparse.Namespace) -> dict[str, Any]:
    """Questions that are asked again and again, among three hundred messages."""
    return measured("questions")


def questions_words(found: dict[str, Any]) -> str:
    rows = {"tuned half": found["halves"]["tuned"], "half kept apart": found["halves"]["kept"], "all": found["whole"]}
    lines = [f"{'messages':<18}{'':>6}{'questions':>11}{'found':>7}{'false':>7}"]
    for name, row in rows.items():
        lines.append(f"{name:<18}{row['messages']:>6}{row['planted']:>11}{row['found']:>7}{row['false']:>7}")
    goals = found["goals"]
    lines.append(f"{'goal':<18}{'':>6}{'':>11}{goals['found']:>7}{goals['false']:>7}")
    return "\n".join(lines)


COMMANDS = [
    Command(
        "bench questions",
        questions_bench,
        about="How well questions are found that are asked again and again.",
        words=questions_words,
        needs_house=False,
    ),
    Command(
        "bench bursts",
        bench,
        about="How well bursts are found, on public samples.",
        arguments=arguments,
        words=words,
        needs_house=False,
    ),
]
