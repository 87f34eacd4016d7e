"""Files of the door `koor match`: queries by name (YAML), and posts a line each (JSON). No Django, no database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import yaml

from koor.flow.listening.logic.lines import bounded_lines
from koor.flow.listening.logic.media import media_in
from koor.flow.listening.logic.post import Post
from koor.flow.listening.logic.query import Query, QueryError, read_query

LARGEST = 64_000_000  # bytes of a file of queries
MOST_QUERIES = 200_000
LONGEST_NAME = 200  # characters
LONGEST_LINE = 2_000_000  # bytes of a post
MOST_TOLD = 20  # queries that can't be read, of which each is told
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value is text: `no` is a word, not a falsehood


QUOTE = "An expression with a sign in it, such as # or @, stands between quotation marks: 'koud #storing'"
NOTHING_LEFT = f"\n  {QUOTE}"
LF = b"\n"
_LOST = re.compile(r"\s+#[^\W\d]")
_Written = tuple[int, str, tuple[int, int] | None]  # its line, the expression, and where that ends


class UnreadableQueries(ValueError):
    """A file of queries can't be used. The text says where and why, a problem a line."""


@dataclass(frozen=True, slots=True)
class Given:
    """A post as it was given, or why it can't be read. `key` is its id as it stands in the line."""

    line: int
    key: Any = None
    post: Post | None = None
    problem: str = ""


def read_queries(content: bytes) -> tuple[dict[str, Query], list[str]]:
    """Queries by name, in the order of their names, and what is perhaps not meant so. Raises `UnreadableQueries`."""
    if len(content) > LARGEST:
        raise UnreadableQueries("the file is larger than 64 MB")
    try:
        lines = _lines(content)
        written = _written(content)
    except yaml.YAMLError as error:
        raise UnreadableQueries(_told(error)) from None
    found: dict[str, Query] = {}
    wrong: list[str] = []
    doubts = [] if written else ["it holds no queries"]
    for name, (line, expression, _ends) in sorted(written.items()):
        try:
            found[name] = read_query(expression)
            doubts += [f"line {line}: query {shown(name)}: {one.message % one.values}" for one in found[name].hints]
        except QueryError as error:
            wrong.append(f"line {line}: query {shown(name)}: {error}{'' if expression else NOTHING_LEFT}")
            if len(wrong) == MOST_TOLD:
                break
    if wrong:
        raise UnreadableQueries("\n".join(wrong))
    return found, [*doubts, *_cut_off(lines, written)]


def _lines(content: bytes) -> list[str]:
    try:
        return content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise UnreadableQueries(f"line {content.count(LF, 0, error.start) + 1}: this is not UTF-8") from None


def _cut_off(lines: Sequence[str], written: Mapping[str, _Written]) -> Iterator[str]:
    """Expressions behind which YAML leaves a tag out as a remark; a number behind # is hardly one."""
    for name, (line, _expression, ends) in written.items():
        if ends and _LOST.match(lines[ends[0]][ends[1] :] if ends[0] < len(lines) else ""):
            yield f"line {line}: query {shown(name)}: what stands behind # is a remark in YAML. {QUOTE}"


def shown(name: str) -> str:
    """A name as it can be printed on a line of its own."""
    return json.dumps(name[:80], ensure_ascii=not name.isprintable())


def _told(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}this is not YAML: {getattr(error, 'problem', None) or error}. {QUOTE}"


def _written(content: bytes) -> dict[str, _Written]:
    """Expressions with their lines by name. Read as a stream of events, so that nesting costs nothing."""
    events = yaml.parse(content, Loader=_Loader)
    found: dict[str, _Written] = {}
    name: tuple[str, int] | None = None
    inside = finished = False
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.MappingStartEvent) and not inside and not finished:
            inside = True
        elif isinstance(event, yaml.MappingEndEvent):
            inside, finished = False, True
        elif isinstance(event, yaml.ScalarEvent) and inside:
            if name is None:
                name = _named(event.value, line, found), line
            else:
                found[name[0]] = line, event.value, _end_of(event)
                name = None
        elif isinstance(event, yaml.NodeEvent):
            raise UnreadableQueries(f"line {line}: the file should map each name to an expression, and hold no more")
    return found


def _end_of(event: yaml.ScalarEvent) -> tuple[int, int] | None:
    """Line and column; None for what stands between quotation marks."""
    ends = None if event.style else event.end_mark
    return (ends.line, ends.column) if ends else None


def _named(name: str, line: int, known: Mapping[str, object]) -> str:
    if not name.strip():
        raise UnreadableQueries(f"line {line}: a query has no name")
    if len(name) > LONGEST_NAME:
        raise UnreadableQueries(f"line {line}: a name can have {LONGEST_NAME} characters, not more")
    if name in known:
        raise UnreadableQueries(f"line {line}: query {shown(name)} stands here twice")
    if len(known) == MOST_QUERIES:
        raise UnreadableQueries(f"line {line}: a file can hold {MOST_QUERIES} queries, not more")
    return name


def read_posts(stream: BinaryIO) -> Iterator[Given]:
    """The posts of a stream in their order, a JSON object a line. Empty lines are passed over."""
    for number, line in enumerate(bounded_lines(stream, LONGEST_LINE), 1):
        content = line.content.removeprefix(b"\xef\xbb\xbf") if number == 1 else line.content
        if not line.whole:
            yield Given(number, problem="is longer than 2 MB")
        elif content.strip():
            yield _given(number, content)


def _given(number: int, content: bytes) -> Given:
    try:
        found = json.loads(content.decode())
    except UnicodeDecodeError:
        return Given(number, problem="is not UTF-8")
    except (ValueError, RecursionError):
        return Given(number, problem="is not JSON")
    if not isinstance(found, dict):
        return Given(number, problem="is no JSON object")
    key = found.get("id")
    if isinstance(key, bool) or not isinstance(key, str | int) or key == "":
        return Given(number, problem="has no “id”")
    if not isinstance(found.get("text"), str):
        return Given(number, problem="has no “text”")
    return Given(number, key, post_from(found))


def post_from(found: Mapping[str, Any]) -> Post:
    """A post out of an object as `koor listen import` takes it, with `source`, `platform` and `media` where given."""

    def text(*names: str) -> str:
        return next((found[name] for name in names if isinstance(found.get(name), str)), "")

    return Post(
        text=found["text"],
        author=text("author"),
        handle=text("handle"),
        language=text("lang", "language"),
        source=text("source"),
        platform=text("platform"),
        media=media_in(found),
    )
