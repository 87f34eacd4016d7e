"""`koor archive …`: what was said before, from the export of a platform, however large."""

import argparse
from pathlib import Path
from typing import Any

from koor.shell.command_line.frame import Command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the zip or tar.gz file as the platform gave it")
    parser.add_argument("--by", required=True, metavar="EMAIL", help="the colleague who brings it in")


def bring_in(args: argparse.Namespace) -> dict[str, Any]:
    """Take in an export and read it to its end. Raises Refused, and OSError for a file that can't be read."""
    from koor.flow.publishing import actions
    from koor.flow.publishing.queries import archive as archives
    from koor.ground.people.queries import colleague_by_email
    from koor.kernel.access import SYSTEM

    made, new = actions.bring_in(by=colleague_by_email(args.by), path=args.file, name=args.file.name)
    found, before = made, -1
    while new and archives.is_going(found) and found.done > before:
        before = found.done
        actions.read_archive(by=SYSTEM, archive_id=made.pk)
        found = archives.any_archive(made.pk)
    found = archives.any_archive(made.pk)
    return {
        "id": found.pk,
        "state": found.state,
        "platform": found.platform,
        "kept": found.kept,  # type: ignore[attr-defined]
        "known": found.known,
        "left_out": found.left_out,
        "unread": archives.how_many_unread(found),
        "reason": archives.why_said(found.because) if found.because else "",
    }


COMMANDS = [
    Command(
        "archive import",
        bring_in,
        about="Bring in what was said before, from the export of a platform.",
        arguments=add_arguments,
    ),
]
