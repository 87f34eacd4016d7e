"""What comes from outside, made fit to keep: text without control characters, addresses that are addresses, instants
that exist. Sentences of `Unreadable` are message ids without values, so that the page can show them in any language.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from koor.ground.channels.contract import message_id as _
from koor.kernel.hrefs import web
from koor.kernel.normal import normal

LONGEST_TEXT = 100_000  # characters
LONGEST_NAME = 200
LONGEST_ID = 200
LONGEST_URL = 1_000
LONGEST_LANGUAGE = 10
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9998, 12, 31, tzinfo=UTC)  # a day within the reach of every time zone

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "#34": '"', "#39": "'", "#x27": "'", "apos": "'"}
_ENTITY = re.compile(rf"&({'|'.join(_ENTITIES)});")
_BARE = re.compile(rf"[<>]|&(?!(?:{'|'.join(_ENTITIES)});)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_LANGUAGES = {"dutch": "nl", "nederlands": "nl", "english": "en", "german": "de", "french": "fr", "spanish": "es"}
_TWITTER_TIME = "%a %b %d %H:%M:%S %z %Y"
_MILLISECONDS_FROM = 100_000_000_000  # seconds since 1970 of the year 5138: larger numbers are milliseconds


class Unreadable(ValueError):
    """An entry can't be read. The text is a message id."""


def clean(text: str) -> str:
    """NFC, `\\n` as the only line end, no control characters, no halves of surrogate pairs, no space around."""
    text = _CONTROL.sub(_replacement, _LINE_END.sub("\n", text))
    return normal(text).strip()


def unescaped(text: str) -> str:
    """Text that a program wrote out for HTML (`Kees &amp; Co`), as it was said: only where that is certain, since no
    bare `&`, `<` or `>` stands in it."""
    if "&" not in text or _BARE.search(text):
        return text
    return _ENTITY.sub(lambda match: _ENTITIES[match[1]], text)


def _replacement(match: re.Match[str]) -> str:
    return "\ufffd" if match[0] >= "\ud800" else ""


def clean_json(value: Any, depth: int = 20) -> Any:
    """A JSON value that PostgreSQL takes: strings cleaned, deeper than `depth` levels cut off."""
    if isinstance(value, str):
        return clean(value)
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        return {clean(str(key)): clean_json(part, depth - 1) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [clean_json(part, depth - 1) for part in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value


def clean_line(text: str, most: int) -> str:
    """One line of at most `most` characters, for names."""
    return " ".join(clean(text[: most * 4]).split())[:most].rstrip()


def clean_text(text: str) -> str:
    """The text of a message. Raises `Unreadable` where there is none, or more than `LONGEST_TEXT` characters."""
    if len(text) > LONGEST_TEXT:
        raise Unreadable(_("The text is longer than 100,000 characters."))
    cleaned = clean(text)
    if not cleaned:
        raise Unreadable(_("The text is empty."))
    return cleaned


def clean_id(given: str) -> str:
    """An id as it is kept: itself when short, else its digest. Raises `Unreadable` where it is empty."""
    cleaned = clean(given)
    if not cleaned:
        raise Unreadable(_("The id is empty."))
    return cleaned if len(cleaned) <= LONGEST_ID else digest(cleaned)


def digest(text: str) -> str:
    """A stable id for something that has none."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def clean_url(given: object) -> str:
    """A page of the web, or nothing."""
    return web(clean(given)) if isinstance(given, str) and len(given) <= LONGEST_URL else ""


def clean_language(given: object) -> str:
    """A language tag such as `nl` or `pt-BR`; nothing where it isn't one."""
    if not isinstance(given, str):
        return ""
    tag = _LANGUAGES.get(given.strip().lower(), given.strip())
    return tag if _LANGUAGE.fullmatch(tag) and len(tag) <= LONGEST_LANGUAGE else ""


def instant(given: object) -> datetime:
    """The instant that a string or number means, in UTC; a time without zone is taken as UTC.

    Reads ISO 8601, RFC 2822, X's own form and seconds (or milliseconds) since 1970. Raises `Unreadable`."""
    try:
        if isinstance(given, int | float) and not isinstance(given, bool):
            return _in_range(_from_number(given))
        if isinstance(given, str) and len(given) <= 100:
            return _in_range(_from_text(given.strip()))
    except (ValueError, OverflowError, TypeError, IndexError):
        pass
    raise Unreadable(_("The date can't be read."))


def _from_number(number: float) -> datetime:
    return EARLIEST + timedelta(seconds=number / 1000 if number >= _MILLISECONDS_FROM else number)


def _from_text(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.strptime(text, _TWITTER_TIME)  # noqa: DTZ007 (the format has %z)
    except ValueError:
        return parsedate_to_datetime(text)


def _in_range(moment: datetime) -> datetime:
    """In UTC, between 1970 and 9998: what lies outside is a mistake and can't be shown in every zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not EARLIEST <= aware <= LATEST:
        raise ValueError(moment)
    return aware.astimezone(UTC)
