"""`koor told …`: how well Koor sees that somebody has to tell something again."""

import argparse
from pathlib import Path
from typing import Any

from koor.shell.command_line.frame import Command


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="+", help="conversations with a label each, as in benchmarks/told/")
    parser.add_argument("--wrong", action="store_true", help="also name those that were seen wrongly")


def told_evaluate(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils.translation import gettext as _

    from koor.flow.conversations.logic import told_scores
    from koor.kernel.access import Refused

    text = []
    for name in args.file:
        try:
            text.append(Path(name).read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise Refused(_("The text is not in UTF-8."), code="file") from None
    try:
        found = told_scores("\n".join(text))
    except ValueError as error:
        raise Refused(str(error), code="file") from error
    return found if args.wrong else {key: value for key, value in found.items() if key not in {"missed", "false"}}


COMMANDS = [
    Command(
        "told evaluate",
        told_evaluate,
        about="Precision and recall of noticing that a customer has to repeat, on labelled conversations.",
        arguments=_arguments,
    )
]
