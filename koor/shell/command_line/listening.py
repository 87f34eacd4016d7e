"""`koor listen …`, `koor query …`, `koor mention …`."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import Any, BinaryIO

from koor.shell.command_line.frame import Command, why


def listen_import(args: argparse.Namespace) -> dict[str, int]:
    from koor.flow.listening import actions
    from koor.kernel.access import SYSTEM

    with _opened(args.file) as stream:
        _source, tally = actions.import_file(
            by=SYSTEM, source_name=args.source, stream=stream, form=args.format, platform=args.platform
        )
    if tally.passed_over:
        sys.stderr.write(f"koor: {tally.beyond()}\n")
    return tally.as_dict()


def _opened(name: str) -> contextlib.AbstractContextManager[BinaryIO]:
    """A file by its name, or standard input for `-`, which stays open."""
    from django.utils.translation import gettext as _

    from koor.kernel.access import Refused

    if name == "-":
        return contextlib.nullcontext(sys.stdin.buffer)
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise Refused(_("%(file)s can't be opened: %(why)s") % {"file": name, "why": why(error)}) from None


def listen_recount(args: argparse.Namespace) -> dict[str, int]:
    from koor.flow.listening import actions

    return {"numbers": actions.recount()}


def query_add(args: argparse.Namespace) -> dict[str, Any]:
    from koor.flow.listening import actions
    from koor.kernel.access import SYSTEM

    made = actions.add_query(by=SYSTEM, name=args.name, expression=args.expression)
    return {"id": made.pk, "name": made.name, "expression": made.expression, "matched": made.matches.count()}


def mention_list(args: argparse.Namespace) -> list[dict[str, Any]]:
    from koor.flow.listening import queries

    query = None
    if args.query is not None:
        query = queries.query_of_the_operator(args.query)
    return [_shown(said) for said in queries.listed(query=query, label=args.label, most=args.limit)]


def _shown(said: Any) -> dict[str, Any]:
    mention = said.mention
    return {
        "id": mention.pk,
        "external_id": mention.external_id,
        "source": mention.source.name,
        "kind": mention.kind,
        "author": mention.author,
        "handle": mention.handle,
        "text": mention.text,
        "url": mention.url,
        "lang": mention.language,
        "said_at": mention.said_at.isoformat(),
        "in_reply_to": mention.in_reply_to,
        "label": mention.label,
        "queries": [query.name for query in said.queries],
    }


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a file, or - for standard input")
    parser.add_argument("--source", required=True, metavar="NAME", help="the source; made if it is new")
    parser.add_argument("--format", choices=["jsonl", "csv", "rss"], default="jsonl")
    parser.add_argument("--platform", default="", metavar="KEY", help="where it was said, such as mastodon")


def _query_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("expression", metavar="EXPRESSION", help="such as: (storing OR kapot) reurslag NOT trein")


def _mention_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--query", metavar="NAME", help="only what this saved query met")
    parser.add_argument("--label", choices=["all", "open", "aha", "ohoh", "noise", "ours"], default="all")
    parser.add_argument("--limit", type=_positive, metavar="N", help="the newest N; all of them without it")


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) < 18 else 0
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1")
    return number


def _lines(rows: list[dict[str, Any]]) -> str:
    """Mentions for people: when, who, what."""
    shown = ("  ".join([row["said_at"][:16], row["author"] or row["handle"], _first_line(row["text"])]) for row in rows)
    return "\n".join(shown)


def _first_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else line[:99] + "…"


COMMANDS = [
    Command("listen import", listen_import, about="Import posts from a file.", arguments=_import_arguments),
    Command("listen recount", listen_recount, about="Count all mentions anew."),
    Command("query add", query_add, about="Keep a query.", arguments=_query_arguments),
    Command("mention list", mention_list, about="What was heard.", arguments=_mention_arguments, words=_lines),
]
