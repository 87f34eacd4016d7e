"""`koor service`: print or write systemd units."""

import argparse
import sys
from pathlib import Path
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.frame import Command


def service(args: argparse.Namespace) -> dict[str, Any] | None:
    from koor import settings
    from koor.shell import service as work

    here = work.Service(user=args.user, home=args.home or settings.KOOR_HOME, root=work.code_root())
    if args.write is None:
        units = work.units(here)
        if args.json:
            return dict(units)
        sys.stdout.write("\n".join(f"# {name}\n{text}" for name, text in units.items()))
        return None
    if (shut := work.unreachable()) and args.user != "root":
        raise Trouble(
            f"user {args.user} cannot pass {shut}: put the code elsewhere, or make setup with another KOOR_PYTHON"
        )
    written = work.write(here, args.write, args.url or settings.KOOR_URL)
    work.compile_code(here)
    return {"written": [str(path) for path in written], "next": work.what_follows(here)}


def in_words(answer: dict[str, Any]) -> str:
    return "\n".join(
        ["Written:", *(f"  {path}" for path in answer["written"]), "Now:", *(f"  {one}" for one in answer["next"])]
    )


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--user", default="koor", help="whom the house runs as (default: koor)")
    parser.add_argument("--home", type=Path, help="where its data live (default: KOOR_HOME)")
    parser.add_argument("--url", help="KOOR_URL for a first settings file")
    unit_folder = Path("/etc/systemd/system")
    parser.add_argument("--write", type=Path, nargs="?", const=unit_folder, metavar="FOLDER", help=f"in {unit_folder}")


COMMANDS = [
    Command(
        "service", service, about="systemd units for this house.", arguments=options, words=in_words, needs_house=False
    )
]
