"""`koor match`: which queries of a file do posts meet? It needs no house and no database."""

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from koor.kernel.trouble import Trouble
from koor.shell.command_line.frame import Command

MOST_TOLD = 100  # lines that can't be read, of which each is told


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--queries", required=True, metavar="FILE", help="YAML that maps names to expressions")
    parser.add_argument("--posts", default="-", metavar="FILE", help="JSON lines; - (the usual) is standard input")
    parser.add_argument("--engine", choices=["reference"], default="reference", help="what finds them")


def match(args: argparse.Namespace) -> None:
    """A JSON line for each post, in the order in which they came."""
    from koor.flow.listening.logic.files import UnreadableQueries, read_posts, read_queries
    from koor.flow.listening.logic.match import Matcher

    args.json = False  # it is JSON already, a line each
    try:
        queries = read_queries(Path(args.queries).read_bytes())
    except UnreadableQueries as error:
        raise Trouble(f"{args.queries}: {error}") from None
    matcher = Matcher(queries)
    with _opened(args.posts) as stream:
        _write(_answers(read_posts(stream), matcher.match))


def _opened(name: str) -> contextlib.AbstractContextManager[BinaryIO]:
    return contextlib.nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")


def _answers(posts: Iterable[Any], match: Callable[[Any], list[str]]) -> Iterator[dict[str, Any]]:
    """What each post meets. Lines that can't be read are told of, and the rest goes on."""
    broken = 0
    for given in posts:
        if given.post is not None:
            yield {"post": given.key, "queries": match(given.post)}
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
