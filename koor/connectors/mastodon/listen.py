"""Reading what others say: notifications and hashtags, always forward with `min_id`, so that nothing is skipped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from koor.connectors.mastodon import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Incoming, Session
from koor.ground.channels.contract import message_id as _

PAGE = 40
KINDS = ("mention", "favourite", "reblog", "follow")
# What was said a moment ago can get a lower number than what was read already: a row that is committed late, a post
# that arrives late from another server. So a part that was read is read again; the reader knows what it has.
AGAIN = {"notifications": timedelta(minutes=1), "hashtag": timedelta(minutes=15), "public": timedelta(minutes=1)}


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """One page forward. The cursor is JSON: `min` the id to read on from, `me` our own id."""
    kind = settings.get("kind", "notifications")
    at = logic.place_in(cursor)
    try:
        if "me" not in at:
            at["me"] = str(client.me(session)["id"])
        local = [("local", "true")] if settings.get("whose") == "local" else []
        rows = client.read(session, _path(kind, settings), [*_query(kind, at), *local])
    except client.Failed as failure:
        return Batch(cursor=cursor, **problem_of(failure))
    if not isinstance(rows, list):
        return Batch(
            cursor=cursor, problem=_("The server gave an answer that is no list."), because=Because.NOT_REACHED
        )
    reader = from_notification if kind == "notifications" else _from_hashtag
    items, broken = logic.read_all(rows[::-1], lambda row: reader(session, row, at["me"]))  # oldest first
    full = len(rows) >= PAGE and "min" in at
    return Batch(items, broken, json.dumps(_moved(at, rows, kind, full)), more=full)


def problem_of(failure: client.Failed) -> dict[str, Any]:
    """What went wrong, as the fields of a `Batch`."""
    sentences = {
        Because.AUTH: _("The server no longer accepts the access token of this account."),
        Because.RATE: _("The server asks to wait a little."),
        Because.REJECTED: _("The server does not know what is asked for here."),
    }
    return logic.trouble(failure, sentences, _("The server could not be reached."))


def me_in(cursor: str) -> str:
    """Our own number, as an earlier visit learnt it."""
    return logic.place_in(cursor).get("me", "")


def _path(kind: str, settings: Mapping[str, str]) -> str:
    if kind == "public":
        return "/api/v1/timelines/public"
    if kind == "hashtag":
        return f"/api/v1/timelines/tag/{quote(settings.get('tag', '').strip().lstrip('#'), safe='')}"
    return "/api/v1/notifications"


def _query(kind: str, at: Mapping[str, str]) -> list[tuple[str, str]]:
    types = [("types[]", name) for name in KINDS] if kind == "notifications" else []
    return [("limit", str(PAGE)), *([("min_id", at["min"])] if "min" in at else []), *types]


def _moved(at: Mapping[str, str], rows: Sequence[Any], kind: str, full: bool) -> dict[str, str]:
    """The cursor after these rows: on to the newest while pages are full, else a little before it."""
    stamped = [(str(row["id"]), logic.moment(row.get("created_at"))) for row in rows if _numbered(row)]
    if not stamped:
        return dict(at)
    stamped.sort(key=lambda pair: (len(pair[0]), pair[0]))
    if full:
        return {**at, "min": stamped[-1][0]}
    newest = max((when for _id, when in stamped if when), default=None)
    settled = [one for one, when in stamped if _before(when, newest, AGAIN.get(kind, timedelta()))]
    known = at.get("min", "0")
    return {**at, "min": max([known, *settled], key=lambda one: (len(one), one))}


def _numbered(row: Any) -> bool:
    return isinstance(row, dict) and bool(row.get("id"))


def _before(when: datetime | None, newest: datetime | None, again: timedelta) -> bool:
    return when is None or newest is None or when <= newest - again


def from_notification(session: Session, row: Mapping[str, Any], me: str) -> Incoming:
    kind, by = row["type"], row["account"]
    if kind == "mention":
        return from_status(session, row["status"], me)
    about = row.get("status") or {}
    return Incoming(
        external_id=f"notification:{row['id']}",
        author=_name(by),
        handle=client.full_handle(session, by),
        text=logic.plain_text(str(about.get("content", ""))),
        url=str(by.get("url") or ""),
        created_at=logic.moment(row["created_at"]),
        in_reply_to=str(about.get("id", "")),
        kind={"favourite": "favourite", "reblog": "boost", "follow": "follow"}[kind],
        raw={"type": kind},
    )


def _from_hashtag(session: Session, row: Mapping[str, Any], me: str) -> Incoming:
    return from_status(session, row, me, usual="hashtag")


def from_status(session: Session, status: Mapping[str, Any], me: str = "", usual: str = "mention") -> Incoming:
    """What somebody said. Raises KeyError or TypeError for a status that is not complete."""
    by, warning = status["account"], str(status.get("spoiler_text") or "")
    text = logic.plain_text(str(status["content"]))
    kind = usual
    if status.get("visibility") == "direct":
        kind = "direct"
    elif me and str(status.get("in_reply_to_account_id") or "") == me:
        kind = "reply"
    return Incoming(
        external_id=str(status["id"]),
        author=_name(by),
        handle=client.full_handle(session, by),
        text=f"{warning}\n\n{text}".strip() if warning else text,
        url=client.address(status),
        language=str(status.get("language") or ""),
        created_at=logic.moment(status["created_at"]),
        in_reply_to=str(status.get("in_reply_to_id") or ""),
        kind=kind,
        raw=_kept(status),
    )


def _name(account: Mapping[str, Any]) -> str:
    return str(account.get("display_name") or account["username"])


def _kept(status: Mapping[str, Any]) -> dict[str, Any]:
    """What may be needed later and is not personal beyond what is shown."""
    pictures = [piece.get("url") for piece in status.get("media_attachments", []) if piece.get("url")]
    tags = [tag.get("name") for tag in status.get("tags", [])]
    bot = bool(status["account"].get("bot"))
    return {"visibility": status.get("visibility", ""), "pictures": pictures, "tags": tags, "bot": bot}
