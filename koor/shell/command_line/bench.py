"""`koor bench pages`: the figures of the main pages, in a house of its own that is thrown away."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.frame import Command

ROOT = Path(__file__).parents[3]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--times", type=int, default=100, metavar="N", help="the demo organisation so often (100)")


def bench(args: argparse.Namespace) -> dict[str, Any]:
    """In a process of its own, for it must not know the real house."""
    if not (ROOT / "benchmarks/pages.py").exists():
        raise Trouble("the measurements are in the source tree only, not in an installed Koor")
    if args.times < 1:
        raise Trouble("--times must be 1 or more")
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KOOR_HOME")}
    command = [sys.executable, "-m", "benchmarks.pages", "--json", "--times", str(args.times)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise Trouble("the measurement broke off; what it said stands above")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def words(found: dict[str, Any]) -> str:
    """The figures as tables."""
    large = [f"{number} {label.split('.')[1]}" for label, number in found["rows"].items() if number >= 1000]
    lines = [f"The demo organisation {found['times']} times: {', '.join(large)}", ""]
    lines.append(f"{'page':<28}{'who':<10}{'queries: one row':>17}{'demo':>6}{'large':>7}{'ms':>9}{'bytes':>8}  misses")
    for page in found["pages"]:
        counts = f"{page['one']:>17}{page['demo']:>6}{page['queries']:>7}"
        taken = f"{page['milliseconds']:>9}{page['bytes']:>8}  {page['misses']}"
        lines.append((f"{page['page']:<28}{page['who']:<10}{counts}{taken}").rstrip())
    lines += [
        "",
        f"{'beside plain SQL':<28}{'SQL ms':>8}{'query ms':>10}{'all ms':>8}{'page ms':>9}{'query×':>8}{'page×':>7}",
    ]
    lines[-1] += f"{'of all×':>9}  same"
    for row in found["beside_raw"]:
        times = f"{row['raw']:>8}{row['query']:>10}{row['all_of_it']:>8}{row['whole_page']:>9}"
        times += f"{row['ratio_query']:>8}{row['ratio_page']:>7}{row['ratio_all']:>9}"
        lines.append(f"{row['page']:<28}{times}  {'yes' if row['same'] else 'NO'}")
    return "\n".join(lines)


COMMANDS = [
    Command(
        "bench pages",
        bench,
        about="Measure the main pages on the demo organisation a hundred times over.",
        arguments=arguments,
        words=words,
        needs_house=False,
    )
]
