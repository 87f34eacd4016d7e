"""`koor match`: which queries of a file do posts meet? It needs no house and no database."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from koor.kernel.trouble import Trouble
from koor.shell.command_line.bench import ROOT
from koor.shell.command_line.frame import Command

if TYPE_CHECKING:
    from koor.flow.listening.logic.files import Given
    from koor.flow.listening.logic.post import Post
    from koor.flow.listening.logic.query import Query

    Engine = Callable[[Iterable[Post]], list[list[str]]]

AT_ONCE = 512  # posts
MOST_TOLD = 100  # lines that can't be read, of which each is told
MISSING = (
    "the fast engine needs the package numba, which is not here: the extra `fast` (`make start` brings it, or "
    "pip install --require-hashes -r requirements/fast.txt). Without --engine the reference answers the same"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--queries", required=True, metavar="FILE", help="YAML that maps names to expressions")
    parser.add_argument("--posts", default="-", metavar="FILE", help="JSON lines; - (the usual) is standard input")
    parser.add_argument("--engine", choices=["reference", "fast"], default="reference", help="what finds them")


def match(args: argparse.Namespace) -> None:
    """A JSON line for each post, in the order in which they came."""
    from koor.flow.listening.logic.files import UnreadableQueries, read_posts, read_queries

    args.json = False  # it is JSON already, a line each
    try:
        queries, doubts = read_queries(Path(args.queries).read_bytes())
    except UnreadableQueries as error:
        raise Trouble(f"{args.queries}: {error}") from None
    for doubt in doubts[:MOST_TOLD]:
        sys.stderr.write(f"koor: {args.queries}: {doubt}\n")
    with _opened(args.posts) as stream:
        _write(_answers(read_posts(stream), _made(args.engine, queries)))


def _made(engine: str, queries: Mapping[str, Query]) -> Engine:
    """Whatever holds many posts against the queries at once."""
    from koor.flow.listening.logic import fast
    from koor.flow.listening.logic.match import Matcher

    if engine == "reference":
        return Matcher(queries).match_many
    if not fast.is_there():
        raise Trouble(MISSING)
    try:
        fast.prepare(Path(os.environ.get("KOOR_HOME") or ROOT / "var"))
    except ImportError as error:
        raise Trouble(f"{MISSING} ({error})") from None
    return fast.matcher(queries).match_many


def _opened(name: str) -> contextlib.AbstractContextManager[BinaryIO]:
    return contextlib.nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")


def _answers(posts: Iterable[Given], engine: Engine) -> Iterator[dict[str, Any]]:
    """What each post meets. Lines that can't be read are told of, and the rest goes on."""
    broken = 0
    posts = iter(posts)
    while some := list(islice(posts, AT_ONCE)):
        met = iter(engine([given.post for given in some if given.post is not None]))
        for given in some:
            if given.post is not None:
                yield {"post": given.key, "queries": next(met)}
                continue
            broken += 1
            if broken <= MOST_TOLD:
                sys.stderr.write(f"koor: line {given.line} {given.problem}\n")
    if broken > MOST_TOLD:
        sys.stderr.write(f"koor: and {broken - MOST_TOLD} more lines that can't be read\n")


def _write(answers: Iterable[dict[str, Any]]) -> None:
    """As UTF-8 wherever it goes; half a surrogate pair in a name or an id stays written out, as JSON allows."""
    out = sys.stdout.buffer
    for answer in answers:
        out.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
    out.flush()


COMMANDS = [
    Command("match", match, about="Which queries do posts meet?", arguments=arguments, needs_house=False),
]
