"""`koor bench calendar`: the figures of a full calendar, in a house of its own that is thrown away."""

import argparse
from typing import Any

from koor.shell.command_line.bench import measured
from koor.shell.command_line.frame import Command


def bench(args: argparse.Namespace) -> dict[str, Any]:
    return measured("calendar")


def words(found: dict[str, Any]) -> str:
    """The figures as a table, with the goals."""
    goals, csv, rolled = found["goals"], found["csv"], found["rolling"]
    asked = f"a month with {goals['posts']:,} posts"
    lines = [f"{asked:<28}{'ms':>8}{'queries':>9}{'bytes':>9}"]
    lines += [f"{row['page']:<28}{row['ms']:>8}{row['queries']:>9}{row['bytes']:>9}" for row in found["pages"]]
    lines.append(f"goal of the month: {goals['ms']} ms, {goals['queries']} queries")
    lines.append(
        f"{csv['rows']} rows by CSV: preview {csv['preview_s']} s, all {csv['all_s']} s (goal {goals['csv_s']} s)"
    )
    lines.append(
        f"{rolled['agreements']:,} agreements: {rolled['slots']:,} places in {rolled['first_s']} s; "
        f"again {rolled['again']} in {rolled['again_s']} s"
    )
    return "\n".join(lines)


COMMANDS = [
    Command(
        "bench calendar",
        bench,
        about="Measure a month with 5,000 posts, a plan of 500 rows and 10,000 agreements.",
        words=words,
        needs_house=False,
    )
]
