"""What stands in an export, in one form, and how its parts are read. No Django, no network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from koor.flow.publishing.logic.zips import Hostile

LONGEST = 20_000  # characters


@dataclass(frozen=True)
class Picture:
    name: str  # in the archive
    alt: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing that was said."""

    id: str
    at: datetime
    text: str
    url: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Unread:
    """Something that could not be read, as it stood."""

    what: str
    why: str  # a code


@dataclass(frozen=True)
class LeftOut:
    """Somebody else's, an answer, or not for everybody."""


Found = Entry | Unread | LeftOut


def each(rows: Any, one: Callable[[Any], Found]) -> Iterator[Found]:
    if not isinstance(rows, list):
        raise Hostile("broken")
    for row in rows:
        try:
            yield whole_signs(one(row))
        except (LookupError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            yield Unread(sound(json.dumps(row, ensure_ascii=False, default=str)[:2000]), "entry")


def whole_signs(found: Found) -> Found:
    """A platform that cuts a text may leave half a sign, which nothing can keep."""
    if not isinstance(found, Entry):
        return found
    pictures = tuple(replace(one, alt=sound(one.alt)) for one in found.pictures)
    return replace(found, id=sound(found.id), text=sound(found.text), url=sound(found.url), pictures=pictures)


def sound(text: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def json_of(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Hostile("broken") from error


def aware(at: datetime) -> datetime:
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not 1990 <= at.year <= 2100:
        raise ValueError("no year of ours")
    return at.astimezone(UTC)


def cut(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text).strip()[:LONGEST]


def web(address: Any) -> str:
    found = str(address or "")
    return found if re.match(r"https?://[^\s<>\"]+$", found) and len(found) <= 1000 else ""
