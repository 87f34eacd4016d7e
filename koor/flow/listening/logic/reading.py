"""Import files, entry by entry: JSON lines, tables (CSV), feeds (RSS, Atom). A stream goes in, and what could be read
and what could not comes out in the order of the file; the file is never held whole (a feed is, within its limit).

What a broken entry keeps as `raw` is always one JSON object where that is possible, so that a person can mend it and
`read_again` can read it without the rest of the file.
"""

from __future__ import annotations

import calendar
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

import feedparser

from koor.flow.listening.logic.clean import (
    LONGEST_NAME,
    Unreadable,
    clean,
    clean_id,
    clean_json,
    clean_language,
    clean_line,
    clean_text,
    clean_url,
    digest,
    instant,
    unescaped,
)
from koor.flow.listening.logic.lines import bounded_lines
from koor.flow.listening.logic.table import Row, rows, slashed
from koor.ground.channels.contract import Broken, Incoming
from koor.ground.channels.contract import message_id as _
from koor.ground.channels.logic import plain_text
from koor.kernel.plain import whole_references

LONGEST_LINE = 2_000_000  # bytes of JSON
LONGEST_FEED = 10_000_000  # bytes
LONGEST_RAW = 100_000  # characters kept of an entry that could not be read
LONGEST_BODY = 1_000_000  # characters kept of one that could: its text and what came with it

FORMATS = ("jsonl", "csv", "rss")
Entry = Incoming | Broken
KINDS = frozenset({"mention", "reply", "direct", "hashtag", "article", "automatic", "bounce"})

# The names that a column may have, in the order in which they are preferred. The first line of each is our own.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "external_id", "guid", "tweet_id", "post_id", "status_id", "message_id"),
    "text": ("text", "content", "body", "message", "tweet", "post", "review", "comment", "tekst", "bericht"),
    "author": ("author", "author_name", "name", "user", "username", "screen_name", "auteur", "naam"),
    "handle": ("handle", "acct", "account"),
    "created_at": ("created_at", "created", "date", "datetime", "timestamp", "time", "tweet_created", "published")
    + ("published_at", "posted_at", "utc", "datum", "tijdstip"),
    "url": ("url", "link", "permalink", "uri"),
    "lang": ("lang", "language", "taal"),
    "in_reply_to": ("in_reply_to", "in_reply_to_id", "in_reply_to_status_id", "reply_to", "parent_id"),
}


class UnreadableFile(ValueError):
    """The file as a whole can't be read. The text is a message id, with `values` for its places."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.values = values


def raw_of(value: object, most: int = LONGEST_RAW) -> str:
    """What is kept of an entry as it came: at most `most` characters, fit for PostgreSQL."""
    text = value if isinstance(value, str) else json.dumps(clean_json(value), ensure_ascii=False)
    return clean(text[:most])


def _broken(raw: object, reason: object) -> Broken:
    kept = raw_of(raw)
    return Broken(raw=kept, reason=str(reason), external_id=digest(kept))


def read_file(stream: BinaryIO, form: str) -> Iterator[Entry]:
    """Reads a file of one of `FORMATS`. Raises `UnreadableFile` at the first entry if it is no such file at all."""
    return _READERS[form](stream)


def read_again(raw: str, form: str) -> Entry:
    """Reads one entry that was kept as `raw`, perhaps mended by a person."""
    try:
        found = _object(raw)
        return _ENTRIES[form](found)
    except Unreadable as error:
        return _broken(raw, error)


# JSON lines


def _object(text: str) -> dict[str, Any]:
    """One JSON object. NaN, infinities and nesting without end are no JSON for us."""
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise Unreadable(_("This is not JSON that can be read: too many brackets inside each other.")) from None
    except ValueError:
        raise Unreadable(_("This is not JSON.")) from None
    if not isinstance(found, dict):
        raise Unreadable(_("This is JSON but not an object: it should begin with { and end with }."))
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def read_lines(stream: BinaryIO) -> Iterator[Entry]:
    """JSON lines: each line an object as `from_line` takes it, in UTF-8."""
    for place, line in enumerate(bounded_lines(stream, LONGEST_LINE)):
        content = line.content.removeprefix(b"\xef\xbb\xbf") if place == 0 else line.content
        if content.strip():
            yield _line(content, line.whole)


def _line(content: bytes, whole: bool) -> Entry:
    try:
        text = content.decode(errors="strict" if whole else "replace")
    except UnicodeDecodeError:
        return _broken(content[:LONGEST_RAW].decode(errors="replace"), _("This line is not UTF-8."))
    try:
        if not whole:
            raise Unreadable(_("This line is longer than 2 MB. Only its beginning is kept."))
        return from_line(_object(text))
    except Unreadable as error:
        return _broken(text, error)


def _string(found: Mapping[str, Any], key: str, missing: str) -> str:
    value = found.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise Unreadable(missing)
    return value


def from_line(found: Mapping[str, Any]) -> Incoming:
    """`{"id", "author", "text", "created_at", "url"?, "lang"?, "in_reply_to"?, "handle"?}`. Raises `Unreadable`."""
    external_id = clean_id(_string(found, "id", _("“id” is missing.")))
    author = clean_line(_string(found, "author", _("“author” is missing.")), LONGEST_NAME)
    text = clean_text(_string(found, "text", _("“text” is missing.")))
    if found.get("created_at") is None:
        raise Unreadable(_("“created_at” is missing."))
    return Incoming(
        external_id=external_id,
        author=author,
        text=text,
        created_at=instant(found["created_at"]),
        **_beside(found),
    )


def _beside(found: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry may carry beside the necessary; what is no good is left out and breaks nothing."""
    reply, kind = found.get("in_reply_to"), found.get("kind")
    given = str(reply) if isinstance(reply, str | int) and str(reply).strip() else ""
    return {
        "handle": clean_line(str(found.get("handle") or ""), LONGEST_NAME),
        "url": clean_url(found.get("url")),
        "language": clean_language(found.get("lang")),
        "in_reply_to": clean_id(given) if given else "",
        "kind": kind if isinstance(kind, str) and kind in KINDS else "reply" if given else "mention",
        "raw": clean_json(found),
    }


def as_line(entry: Incoming) -> dict[str, Any]:
    """An entry of any origin in the form that `from_line` reads, with what the platform added under `raw`."""
    when = entry.created_at.isoformat() if entry.created_at else None
    parts = {
        "id": entry.external_id,
        "author": entry.author,
        "handle": entry.handle,
        "text": entry.text,
        "created_at": when,
        "url": entry.url,
        "lang": entry.language,
        "in_reply_to": entry.in_reply_to,
        "kind": entry.kind,
        "raw": dict(entry.raw),
    }
    return {key: value for key, value in parts.items() if value}


def fitted(entry: Incoming) -> Entry:
    """An entry from a connector made fit to keep, whole in its `raw` so that it can be read again. Its text may be
    empty: a picture says something too."""
    try:
        fit = replace(
            entry,
            external_id=clean_id(entry.external_id),
            author=clean_line(entry.author, LONGEST_NAME),
            handle=clean_line(entry.handle, LONGEST_NAME),
            text=clean_text(entry.text) if entry.text.strip() else "",
            url=clean_url(entry.url),
            language=clean_language(entry.language),
            in_reply_to=clean_id(entry.in_reply_to) if entry.in_reply_to.strip() else "",
            created_at=_instant_of(entry),
            raw=clean_json(dict(entry.raw)),
        )
    except Unreadable as error:
        return _broken(as_line(entry), error)
    return replace(fit, raw=as_line(fit))


def _instant_of(entry: Incoming) -> datetime | None:
    """When it was said; nothing where its clock is off by thousands of years, so that it counts as now."""
    try:
        return instant(entry.created_at.isoformat()) if entry.created_at else None
    except Unreadable:
        return None


# Tables


def _columns(header: Iterable[str]) -> dict[str, str]:
    """Which column of a table holds what: `{"text": "Tweet", …}`."""
    by_name = {name.strip().lower().replace(" ", "_").replace("-", "_"): name for name in reversed(list(header))}
    found = {}
    for ours, names in _COLUMNS.items():
        theirs = next((by_name[name] for name in names if name in by_name), None)
        if theirs is not None:
            found[ours] = theirs
    return found


def read_table(stream: BinaryIO) -> Iterator[Entry]:
    """A table with a line of column names; the column with the text is the only necessary one."""
    try:
        table = rows(stream)
    except Unreadable as error:
        raise UnreadableFile(str(error)) from None
    if "text" not in _columns(table.header):
        raise _no_text(table.header)
    for row in table:
        yield _from_cells(row, table.month_first)


def _no_text(header: Iterable[str]) -> UnreadableFile:
    """Why a table can't be read that has no column with the text, with the columns that it has."""
    names = [name for name in header if name.strip()]
    if not names:
        return UnreadableFile(_("There is nothing in this file."))
    if names[0].lstrip().startswith("{"):
        return UnreadableFile(_("This is no table: it looks like JSON lines. Choose those."))
    shown = ", ".join(clean_line(name, 30) for name in names[:8]) + (", …" if len(names) > 8 else "")
    sentence = _(
        "No column is called “text” (or content, message, review, tekst, bericht). The first line should hold the "
        "names of the columns; here that is: %(names)s."
    )
    return UnreadableFile(sentence, names=shown)


def _from_cells(row: Row, month_first: bool | None) -> Entry:
    try:
        if row.problem:
            raise Unreadable(row.problem)
        return from_row(row.cells, month_first)
    except Unreadable as error:
        return _broken(row.cells, error)


def from_row(cells: Mapping[str, Any], month_first: bool | None = None) -> Incoming:
    """A row by its column names. Without an id its digest is one, so that the same row twice is one. Raises
    `Unreadable`."""
    columns = _columns(cells)
    row = {ours: str(cells[theirs]) for ours, theirs in columns.items() if cells[theirs] is not None}
    given = row.get("id", "").strip()
    when = row.get("created_at", "").strip()
    return Incoming(
        external_id=clean_id(given or digest(json.dumps(cells, sort_keys=True, ensure_ascii=False))),
        author=clean_line(unescaped(row.get("author", "")), LONGEST_NAME),
        text=clean_text(unescaped(row.get("text", ""))),
        created_at=_date(when, month_first) if when else None,
        **{**_beside(row), "raw": clean_json(cells)},
    )


def _date(text: str, month_first: bool | None) -> datetime:
    return slashed(text, month_first) or instant(float(text) if text.replace(".", "", 1).isdecimal() else text)


# Feeds


def read_feed(stream: BinaryIO) -> Iterator[Entry]:
    """RSS or Atom, as forgiving as feedparser is. Raises `UnreadableFile` if it is no feed, or over 10 MB."""
    content = stream.read(LONGEST_FEED + 1)
    if len(content) > LONGEST_FEED:
        raise UnreadableFile(_("This feed is larger than 10 MB."))
    feed = _parsed(content)
    if not feed.get("version") and not feed.entries:
        raise UnreadableFile(_("This is not a feed."))
    whose = clean_line(plain_text(str(feed.feed.get("title", ""))), LONGEST_NAME)
    for entry in feed.entries:
        found = _from_feedparser(entry, whose)
        try:
            yield from_entry(found)
        except Unreadable as error:
            yield _broken(found, error)


def _parsed(content: bytes) -> Any:
    """Wrapped in a stream: bytes that spell a path or an address would be opened by feedparser, not parsed."""
    try:
        return feedparser.parse(io.BytesIO(whole_references(content)), sanitize_html=False, resolve_relative_uris=False)
    except Exception:  # feedparser raises many kinds over hostile content, none of them documented
        raise UnreadableFile(_("This is not a feed.")) from None


def _from_feedparser(entry: Any, whose: str) -> dict[str, Any]:
    """The parts of an entry that we use, as plain JSON."""
    body = entry.content[0].get("value", "") if entry.get("content") else entry.get("summary", "")
    published = entry.get("published_parsed") or entry.get("updated_parsed")
    return {
        "id": str(entry.get("id", "")),
        "title": str(entry.get("title", "")),
        "body": str(body),
        "author": str(entry.get("author", "")) or whose,
        "url": str(entry.get("link", "")),
        "created_at": _moment(published),
    }


def _moment(parsed: Any) -> str:
    """ISO 8601 of feedparser's time, which is in UTC."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat() if parsed else ""
    except (ValueError, TypeError, OverflowError, OSError):
        return ""


def from_entry(found: Mapping[str, Any]) -> Incoming:
    """An entry of a feed: title and body without markup. Raises `Unreadable`."""
    title, body = (plain_text(str(found.get(key) or "")) for key in ("title", "body"))
    text = body if not title or body.startswith(title) else f"{title}\n\n{body}".strip()
    given = str(found.get("id") or found.get("url") or "")
    when = found.get("created_at")
    return Incoming(
        external_id=clean_id(given or digest(text)),
        author=clean_line(plain_text(str(found.get("author") or "")), LONGEST_NAME),
        text=clean_text(text or title),
        created_at=instant(when) if when else None,
        **{**_beside({"url": found.get("url")}), "kind": "article", "raw": clean_json(found)},
    )


_READERS: Mapping[str, Callable[[BinaryIO], Iterator[Entry]]] = {
    "jsonl": read_lines,
    "csv": read_table,
    "rss": read_feed,
}
_ENTRIES: Mapping[str, Callable[[Mapping[str, Any]], Incoming]] = {
    "jsonl": from_line,
    "csv": from_row,
    "rss": from_entry,
}
