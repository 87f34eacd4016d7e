"""`koor demo`: the invented organisation, loaded into an empty house; and its removal."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from koor.shell.command_line.frame import Command


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--remove", action="store_true", help="empty the house of the demo, with all that was added since"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")


def demo(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils.translation import gettext as _

    from koor.kernel.access import Refused
    from koor.shell.demo import load, remove

    if args.remove:
        if not args.yes and not agreed():
            raise Refused(_("Nothing was removed."))
        return {"removed": remove.remove()}

    def say(line: str) -> None:
        sys.stderr.write(f"  {line}\n")

    loaded = load.load(say)
    return {"loaded": loaded, "sign_in": load.sign_in_lines()}


def agreed() -> bool:
    """Asked beside what goes on; who can't answer has not agreed."""
    from django.utils.translation import gettext as _

    sys.stderr.write(_("Remove the demo and everything that was added to it? Type yes:") + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"yes", _("yes")}


def words(answer: dict[str, Any]) -> str:
    from django.utils.translation import gettext as _

    if "removed" in answer:
        return _("The house is empty. Begin with: koor init") if answer["removed"] else _("There was no demo here.")
    head = _("Loaded.") if answer["loaded"] else _("The demo is already here; nothing was changed.")
    return "\n".join([head, *answer["sign_in"]])


def offer(tell: Callable[[str], None], *, wanted: bool = True) -> list[str]:
    """At the start of the house: load the demo when nobody lives here, and say how to sign in to it, in these lines.
    Who does not want it is told how to begin instead."""
    from koor.shell.demo import load

    said = []
    if load.is_empty() and (load.is_unwanted() or not wanted):
        said = ["Nobody lives here yet. Begin with: koor init"]
    elif load.is_empty():
        tell("Loading the demo organisation …")
        load.load(lambda line: tell(f"  {line}"))
    if wanted:
        said += [f"  {line}" for line in load.sign_in_lines()]
    for line in said:
        tell(line)
    return said


COMMANDS = [Command("demo", demo, about="Load (or remove) the demo organisation.", arguments=arguments, words=words)]
