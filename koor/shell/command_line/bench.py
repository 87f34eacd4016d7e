"""`koor bench pages`: the figures of the main pages, in a house of its own that is thrown away; `koor bench photos`:
our road for photos beside Pillow's; `koor bench library`: search in a large library."""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.frame import Command

ROOT = Path(__file__).parents[3]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--times", type=int, default=100, metavar="N", help="the demo organisation so often (100)")


def bench(args: argparse.Namespace) -> dict[str, Any]:
    """The main pages."""
    if args.times < 1:
        raise Trouble("--times must be 1 or more")
    return measured("pages", "--times", str(args.times))


def photo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--photos", type=int, default=12, metavar="N", help="so many photos of 12 megapixels (12)")


def photos(args: argparse.Namespace) -> dict[str, Any]:
    """Our road for photos and Pillow with its default settings, in one run."""
    if args.photos < 1:
        raise Trouble("--photos must be 1 or more")
    return measured("photos", "--photos", str(args.photos))


def measured(what: str, *options: str) -> dict[str, Any]:
    """In a process of its own, for it must not know the real house."""
    if not (ROOT / f"benchmarks/{what}.py").exists():
        raise Trouble("the measurements are in the source tree only, not in an installed Koor")
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KOOR_HOME")}
    command = [sys.executable, "-m", f"benchmarks.{what}", "--json", *options]
    code, said = to_its_end(command, environment)
    if code:
        raise Trouble("the measurement broke off; what it said stands above")
    found: dict[str, Any] = json.loads(said)
    return found


def to_its_end(command: Sequence[str], environment: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """How a process of the source tree ended, and what it said. Who ends this one (SIGTERM) ends that one too, which
    first stops its database; killed at once, it would leave that running."""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as child:
        before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        try:
            said, _errors = child.communicate()
        finally:
            signal.signal(signal.SIGTERM, before)
    return child.returncode, said


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
        f"{'beside plain SQL':<28}{'SQL ms':>8}{'query ms':>10}{'all ms':>8}{'page ms':>9}",
    ]
    lines[-1] += f"{'itself':>8}{'query×':>8}{'page×':>7}{'of all×':>9}  same"
    for row in found["beside_raw"]:
        times = f"{row['raw']:>8}{row['query']:>10}{row['all_of_it']:>8}{row['whole_page']:>9}{row['page_itself']:>8}"
        times += f"{row['ratio_query']:>8}{row['ratio_page']:>7}{row['ratio_all']:>9}"
        lines.append(f"{row['page']:<28}{times}  {'yes' if row['same'] else 'NO'}")
    return "\n".join(lines)


def photo_words(found: dict[str, Any]) -> str:
    """The figures of both roads, a line each."""
    lines = [f"{found['photos']} photos of {found['megapixels']} megapixels", ""]
    for name, each in found["seconds_each"].items():
        lines.append(f"{name.replace('_', ' '):<20}{each:>8} s each{found['times_pillow'][name]:>7} × Pillow")
    answers = found["answers"]
    equal = "the same" if answers["equal"] else "NOT the same"
    lines += ["", f"{answers['files']} files: {equal}; colours at most {answers['colours_apart']} of 255 apart"]
    return "\n".join(lines)


def library_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--items", type=int, default=100_000, metavar="N", help="so many items (100000)")


def library_bench(args: argparse.Namespace) -> dict[str, Any]:
    """Search in a large library."""
    if args.items < 1:
        raise Trouble("--items must be 1 or more")
    return measured("library", "--items", str(args.items))


def library_words(found: dict[str, Any]) -> str:
    """The figures as a table; milliseconds of server time."""
    lines = [f"A library of {found['items']} items: milliseconds until the first finds and their facets", ""]
    lines.append(f"{'asked':<46}{'curator':>9}{'colleague':>11}{'no index':>10}{'ILIKE':>8}  same")
    for row in found["rows"]:
        asked = ", ".join(f"{name}: {value}" if name != "q" else value for name, value in row["asked"].items())
        times = f"{row['curator']:>9}{row['colleague']:>11}"
        others = f"{row['unindexed']:>10}{row['like']:>8}  {'yes' if row['same'] else 'NO'}" if "same" in row else ""
        lines.append(f"{asked or '(everything)':<46}{times}{others}")
    whole = ", ".join(f"{who} {spent}" for who, spent in found["whole_page"].items())
    alike = ", ".join(f"{who} {spent}" for who, spent in found["alike"].items())
    lines += [
        "",
        f"pictures that look alike: {alike}",
        f"the whole page, with its frame: {whole}",
        f"slowest: {found['slowest']} ms (at most 100)",
    ]
    return "\n".join(lines)


def route_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which year is drawn (1)")
    parser.add_argument("--lines", choices=["mended", "kept", "all"], default="kept", help="which half of the phrases")
    parser.add_argument("--number", type=int, default=6_000, metavar="N", help="so many conversations (6000)")


def route_bench(args: argparse.Namespace) -> dict[str, Any]:
    """Routing on a year of conversations that is made up; it needs no house."""
    if args.number < 1:
        raise Trouble("--number must be 1 or more")
    return measured("route_year", "--seed", str(args.seed), "--lines", args.lines, "--number", str(args.number))


def route_words(found: dict[str, Any]) -> str:
    right, curator = 100 * (found["first_hop_accuracy"] or 0), 100 * found["share_to_curator"]
    return (
        f"{found['conversations']} conversations: {right:.1f} % right at the first hop, {curator:.1f} % to the curator"
    )


COMMANDS = [
    Command(
        "bench route",
        route_bench,
        about="How often routing is right, on a year of conversations that is made up.",
        arguments=route_arguments,
        words=route_words,
        needs_house=False,
    ),
    Command(
        "bench pages",
        bench,
        about="Measure the main pages on the demo organisation a hundred times over.",
        arguments=arguments,
        words=words,
        needs_house=False,
    ),
    Command(
        "bench photos",
        photos,
        about="Measure our road for photos beside Pillow with its default settings.",
        arguments=photo_arguments,
        words=photo_words,
        needs_house=False,
    ),
    Command(
        "bench library",
        library_bench,
        about="Measure the search in a library of a hundred thousand items.",
        arguments=library_arguments,
        words=library_words,
        needs_house=False,
    ),
]
