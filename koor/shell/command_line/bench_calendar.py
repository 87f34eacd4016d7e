"""`koor bench calendar`: the figures of a full calendar, in a house of its own that is thrown away."""

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.bench import ROOT
from koor.shell.command_line.frame import Command


def bench(args: argparse.Namespace) -> dict[str, Any]:
    """In a process of its own, for it must not know the real house."""
    if not (ROOT / "benchmarks/calendar.py").exists():
        raise Trouble("the measurements are in the source tree only, not in an installed Koor")
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KOOR_HOME")}
    command = [sys.executable, "-m", "benchmarks.calendar", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise Trouble("the measurement broke off; what it said stands above")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def words(found: dict[str, Any]) -> str:
    """The figures as a table."""
    from benchmarks.calendar import words as as_table

    return as_table(found)


COMMANDS = [
    Command(
        "bench calendar",
        bench,
        about="Measure a month with 5,000 posts, a plan of 500 rows and 10,000 agreements.",
        words=words,
        needs_house=False,
    )
]
