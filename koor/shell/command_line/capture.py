"""`koor capture …`: photos from the operator's side, in the name of a colleague."""

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from koor.shell.command_line.frame import Command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="EMAIL", help="the colleague who shows it")
    parser.add_argument("--sentence", default="", metavar="TEXT", help="one sentence about it")
    parser.add_argument("--key", type=UUID, metavar="UUID", help="the same key again gives the same capture")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="photos, films or voice notes")


def add(args: argparse.Namespace) -> dict[str, Any]:
    """Take in photos. Raises Refused, and OSError for a file that can't be read."""
    from django.utils.translation import gettext as _

    from koor.flow.hub import actions
    from koor.flow.hub.logic import Photo
    from koor.flow.hub.media.allowed import LARGEST
    from koor.ground.people.queries import colleague_by_email
    from koor.kernel.access import Refused

    by = colleague_by_email(args.by)
    for path in args.files:
        if path.stat().st_size > LARGEST:
            raise Refused(_("%(name)s is larger than 500 MB.") % {"name": path.name}, code="too_many_bytes")
    photos = [Photo(path.name, path) for path in args.files]
    made = actions.capture(by=by, photos=photos, sentence=args.sentence, client_id=args.key)
    return {"id": made.pk, "state": made.state}


def show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=int, metavar="ID")


def show(args: argparse.Namespace) -> dict[str, Any]:
    """What became of a capture."""
    from django.utils.translation import gettext as _

    from koor.flow.hub import queries
    from koor.kernel import files
    from koor.kernel.access import NotFound, Refused

    try:
        found = queries.any_capture(args.id)
    except NotFound:
        raise Refused(_("There is no capture %(id)s.") % {"id": args.id}, code="no_capture") from None
    renditions = [
        {
            "width": one.width,
            "height": one.height,
            "format": one.format,
            "bytes": one.file.size,
            "url": files.url_of(one.file),
            "path": files.path_of(one.file),
        }
        for one in queries.renditions_of(found)
    ]
    reason = queries.reason_sentence(found)
    return {"id": found.pk, "state": found.state, "renditions": renditions, "reason": reason}


def in_words(answer: dict[str, Any]) -> str:
    lines = [f"{answer['id']}  {answer['state']}  {answer['reason']}".rstrip()]
    lines += [f"  {one['width']} × {one['height']}  {one['format']}  {one['path']}" for one in answer["renditions"]]
    return "\n".join(lines)


COMMANDS = [
    Command(
        "capture add",
        add,
        about="Show photos, films or voice notes in the name of a colleague.",
        arguments=add_arguments,
    ),
    Command("capture show", show, about="What became of a capture.", arguments=show_arguments, words=in_words),
]
