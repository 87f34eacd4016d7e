"""Reading who mentions us. X gives the newest first, so a look goes back page by page to where the last one ended."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from koor.connectors.x import client, publish
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Broken, Incoming, Session, unread
from koor.ground.channels.contract import message_id as _

PAGE = 100
# A number tells when a post was made: milliseconds from bit 22 on. What was said a moment ago can be shown late, so the
# last five minutes are read again; within a day (UTC) X charges the same post once.
AGAIN = 5 * 60 * 1000 << 22
FIELDS = {
    "max_results": str(PAGE),
    "post.fields": "created_at,lang,entities",
    "expansions": "author_id,in_reply_to_user_id,referenced_posts",
    "user.fields": "name,username",
}


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """One page. The cursor is JSON: `since` the number that was reached; `newest` and `token` during a look."""
    at = logic.place_in(cursor)
    known = {"since_id": at.get("since", ""), "pagination_token": at.get("token", "")}
    asked = FIELDS | {key: value for key, value in known.items() if value}
    try:
        found = client.data_of(session, "GET", f"/2/users/{client.my_number(session)}/mentions?{urlencode(asked)}")
    except client.Failed as failed:
        if at.get("token") and failed.outcome.because is Because.REJECTED:  # the way back is no longer known: once more
            return Batch(cursor=json.dumps({"since": at["since"]} if at.get("since") else {}), more=True)
        return Batch(cursor=cursor, **problem_of(failed))
    rows, meta = found.get("data", []), found.get("meta")
    if not isinstance(rows, list) or not isinstance(meta, dict):
        return Batch(cursor=cursor, problem=_("X gave an answer that is no list."), because=Because.NOT_REACHED)
    items, broken = read_all(rows, _people(found))
    moved = _moved(at, rows, meta)
    return Batch(items, broken, json.dumps(moved), more="token" in moved)


def _moved(at: Mapping[str, str], rows: Sequence[Any], meta: Mapping[str, Any]) -> dict[str, str]:
    """Further back while there are pages, then on from the newest. The first look of all reads one page."""
    numbers = [int(row["id"]) for row in rows if isinstance(row, dict) and str(row.get("id", "")).isdecimal()]
    newest = max([*numbers, int(at.get("newest") or 0)], default=0)
    since = int(at.get("since") or 0)
    if meta.get("next_token") and since:
        return {"since": str(since), "newest": str(newest), "token": str(meta["next_token"])}
    reached = max(since, newest - AGAIN)
    return {"since": str(reached)} if reached else {}


def _people(found: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    included = found.get("includes")
    users = included.get("users") if isinstance(included, dict) else None
    return {str(user.get("id")): user for user in users or [] if isinstance(user, dict)}


def problem_of(failed: client.Failed) -> dict[str, Any]:
    """What went wrong, as the fields of a `Batch`."""
    sentences = {
        Because.AUTH: _("X does not let this account in, or its credits are used up."),
        Because.RATE: _("X asks to wait a little."),
        Because.REJECTED: _("X does not know what is asked for here."),
    }
    return logic.trouble(failed, sentences, _("X could not be reached."))


def read_all(
    rows: Sequence[Any], people: Mapping[str, Mapping[str, Any]]
) -> tuple[tuple[Incoming, ...], tuple[Broken, ...]]:
    """Each row by itself, oldest first: one that can't be read is set aside and stops nothing."""
    items, broken = [], []
    for row in reversed(rows):
        try:
            items.append(_post(row, people))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            number = str(row.get("id", "")) if isinstance(row, dict) else ""
            broken.append(unread(json.dumps(row)[:4000], error, number))
    return tuple(items), tuple(broken)


def _post(row: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> Incoming:
    number, writer = str(row["id"]), people.get(str(row["author_id"]), {})
    if not number.isdecimal():
        raise ValueError("no number")
    name = str(writer.get("username") or "")
    answers = publish.replied_to(row)
    return Incoming(
        external_id=number,
        author=str(writer.get("name") or name or "X"),
        handle=f"@{name}" if name else str(row["author_id"]),
        text=_text(row),
        url=f"https://x.com/{name}/status/{number}" if name else client.address(number),
        language=str(row.get("lang") or ""),
        created_at=logic.moment(row["created_at"]),
        in_reply_to=answers or "",
        kind="mention" if answers == "" else "reply",
    )


def _text(row: Mapping[str, Any]) -> str:
    """The words, with links as people wrote them."""
    text, entities = str(row["text"]), row.get("entities")
    for one in entities.get("urls") or [] if isinstance(entities, dict) else []:
        if isinstance(one, dict) and one.get("url") and one.get("expanded_url"):
            text = text.replace(str(one["url"]), str(one["expanded_url"]))
    return html.unescape(text)
