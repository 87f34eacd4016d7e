"""Reading the comments below our pages, waiting ones too. Newest first in pages; a walk goes down to the highest number
of the last whole one, for numbers rise and a comment that is let through later keeps its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from koor.connectors.wordpress import client
from koor.connectors.wordpress.client import Failed
from koor.connectors.wordpress.publish import COMMENT
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Incoming, Session
from koor.ground.channels.contract import message_id as _

PAGE = 100
OVERLAP = 20  # of two pages: what is thrown away meanwhile moves the rest up


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """One page of a walk. The cursor: `mark` the highest number read, `high` and `offset` of a walk under way."""
    at = _opened(cursor)
    try:
        us = client.me(session)
        query = {"status": "all", "orderby": "id", "order": "desc", "per_page": str(PAGE), "offset": str(at["offset"])}
        rows = client.read(session, "comments", query)
        if not isinstance(rows, list):
            raise Failed(logic.unknown("no list in the answer"))
    except Failed as failed:
        return Batch(cursor=cursor, **problem_of(failed))
    numbers = [row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), int)]
    new = [row for row in rows if not _is_known(row, at["mark"])]
    items, broken = logic.read_all(new[::-1], lambda row: from_comment(session, row, us))
    high = max([at["high"], at["mark"], *numbers])
    if at["mark"] and len(rows) == PAGE and numbers and min(numbers) > at["mark"]:
        place = {"mark": at["mark"], "high": high, "offset": at["offset"] + PAGE - OVERLAP}
        return Batch(items, broken, json.dumps(place), more=True)
    return Batch(items, broken, json.dumps({"mark": high}))


def _is_known(row: Any, mark: int) -> bool:
    """Read in an earlier walk; what is no comment at all is not, and is set aside."""
    return isinstance(row, dict) and isinstance(row.get("id"), int) and row["id"] <= mark


def problem_of(failed: Failed) -> dict[str, Any]:
    """What went wrong, as the fields of a `Batch`."""
    sentences = {
        Because.AUTH: _("The site does not let this user read comments. It needs the role of editor."),
        Because.RATE: _("The server asks to wait a little."),
        Because.REJECTED: _("The server does not know what is asked for here."),
    }
    return logic.trouble(failed, sentences, _("The server could not be reached."))


def _opened(cursor: str) -> dict[str, int]:
    try:
        found = json.loads(cursor or "{}")
        return {key: max(0, int(found.get(key, 0))) for key in ("mark", "high", "offset")}
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return {"mark": 0, "high": 0, "offset": 0}


def from_comment(session: Session, row: Mapping[str, Any], us: Mapping[str, Any]) -> Incoming:
    """What somebody wrote below a page. Raises KeyError, TypeError or ValueError for a row that is not complete."""
    parent = int(row["parent"])
    name = str(row["author_name"]).strip()
    return Incoming(
        external_id=f"{COMMENT}{int(row['id'])}",
        author=name or "–",
        handle=f"{us.get('slug', '')}@{client.host(session)}" if row.get("author") == us["id"] else "",
        text=logic.plain_text(str(row["content"]["rendered"])),
        url=str(row.get("link") or ""),
        created_at=logic.moment(row["date_gmt"]),
        in_reply_to=f"{COMMENT}{parent}" if parent else str(int(row["post"])),
        kind="reply",
        raw={"post": row["post"], "status": str(row.get("status", ""))},
    )
