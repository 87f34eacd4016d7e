"""Reading the comments under all films of the channel. YouTube gives the newest threads first, with a few answers each.

A look goes back page by page to where the last one ended. An answer does not bring an older thread to the front, so the
number of answers of the newest hundred threads is remembered, and where it changed they are read whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from koor.connectors.youtube import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Incoming, Session, unread
from koor.ground.channels.contract import message_id as _

ASKED = {"part": "snippet", "maxResults": "100", "textFormat": "plainText"}


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """One page. The cursor is JSON: `since` the moment that was reached, `newest` and `token` during a look, `todo` the
    threads whose answers are to be read, `counts` how many each had."""
    at = _opened(cursor)
    try:
        ours = client.my_channel(session)
        if at["todo"]:
            return _answers(session, at, ours)
        query = ASKED | {"part": "snippet,replies", "allThreadsRelatedToChannelId": ours, "order": "time"}
        found = client.read(session, "commentThreads", **query, **({"pageToken": at["token"]} if at["token"] else {}))
    except client.Failed as failed:
        if at["token"] and failed.outcome.because is Because.REJECTED:  # the way back is no longer known: once more
            return Batch(cursor=json.dumps({**at, "token": "", "newest": ""}), more=True)
        return Batch(cursor=cursor, **problem_of(failed))
    threads = [row for row in found["items"] if isinstance(row, dict)]
    flat = [one for row in threads for one in [row, *_answers_in(row)]]
    batch = read_all(flat, ours)
    moved = _moved(at, threads, str(found.get("nextPageToken") or ""))
    return Batch(batch.items, batch.broken, json.dumps(moved), more=bool(moved["token"] or moved["todo"]))


def _opened(cursor: str) -> dict[str, Any]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        found = {}
    found = found if isinstance(found, dict) else {}
    todo = [row for row in found.get("todo") or [] if isinstance(row, list) and len(row) == 2]
    counts = found.get("counts")
    texts = {key: str(found.get(key) or "") for key in ("since", "newest", "token")}
    return {**texts, "todo": todo, "counts": counts if isinstance(counts, dict) else {}}


def _answers(session: Session, at: dict[str, Any], ours: str) -> Batch:
    """A page of the answers in one thread. Raises `client.Failed`; one that is gone is left."""
    (thread, token), *rest = at["todo"]
    try:
        page = {"pageToken": str(token)} if token else {}
        found = client.read(session, "comments", **ASKED, parentId=str(thread), **page)
    except client.Failed as failed:
        if failed.outcome.because is not Because.REJECTED:
            raise
        found = {"items": []}
    ahead = [[thread, found["nextPageToken"]]] if found.get("nextPageToken") else []
    at["todo"] = [*ahead, *rest]
    batch = read_all(found["items"], ours)
    return Batch(batch.items, batch.broken, json.dumps(at), more=bool(at["todo"] or at["token"]))


def _answers_in(row: Mapping[str, Any]) -> list[Any]:
    replies = row.get("replies")
    rows = replies.get("comments") if isinstance(replies, dict) else None
    return rows if isinstance(rows, list) else []


def _top(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The comment of a thread; a comment itself as it is."""
    snippet = row.get("snippet")
    top = snippet.get("topLevelComment") if isinstance(snippet, dict) else None
    return top if isinstance(top, dict) else row


def _at(row: Mapping[str, Any]) -> str:
    snippet = _top(row).get("snippet")
    return str(snippet.get("publishedAt") or "") if isinstance(snippet, dict) else ""


def _how_many(row: Mapping[str, Any]) -> int:
    """The answers of a thread, as YouTube tells; none where it tells nothing that is a number."""
    snippet = row.get("snippet")
    told = snippet.get("totalReplyCount") if isinstance(snippet, dict) else 0
    return told if isinstance(told, int) else 0


def _moved(at: Mapping[str, Any], threads: Sequence[Mapping[str, Any]], token: str) -> dict[str, Any]:
    """Further back while a page is newer than what was reached; the first look of all reads one page."""
    moments = [moment for moment in map(_at, threads) if moment]
    newest = max([*moments, at["newest"]], default="")
    counts, todo = dict(at["counts"]), []
    for row in threads:
        number, thread = _how_many(row), str(row.get("id") or "")
        if thread and number != counts.get(thread, 0) and number > len(_answers_in(row)):
            todo.append([thread, ""])
        counts[thread] = number
    first_page = not at["token"]
    kept = {str(row["id"]): counts[str(row["id"])] for row in threads if row.get("id")} if first_page else at["counts"]
    if token and at["since"] and moments and min(moments) >= at["since"]:
        return {"since": at["since"], "newest": newest, "token": token, "todo": todo, "counts": kept}
    return {"since": max(newest, at["since"]), "newest": "", "token": "", "todo": todo, "counts": kept}


def problem_of(failed: client.Failed) -> dict[str, Any]:
    """What went wrong, as the fields of a `Batch`."""
    sentences = {
        Because.AUTH: _("YouTube no longer lets this account in."),
        Because.RATE: _("What YouTube lets the application do in a day is used up. It goes on by itself."),
        Because.REJECTED: _("YouTube does not know what is asked for here."),
    }
    return logic.trouble(failed, sentences, _("YouTube could not be reached."))


def read_all(rows: Sequence[Any], ours: str) -> Batch:
    """Each by itself, oldest first: one that can't be read is set aside and stops nothing. Our own are left out."""
    items, broken = [], []
    for row in rows:
        try:
            comment = _top(row)
            if comment["snippet"]["authorChannelId"]["value"] != ours:
                items.append(_comment(comment))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            number = str(row.get("id", "")) if isinstance(row, dict) else ""
            broken.append(unread(json.dumps(row)[:4000], error, number))
    return Batch(tuple(sorted(items, key=lambda item: str(item.created_at))), tuple(broken))


def _comment(row: Mapping[str, Any]) -> Incoming:
    number, snippet = str(row["id"]), row["snippet"]
    name, video = str(snippet["authorDisplayName"]), str(snippet.get("videoId") or "")
    return Incoming(
        external_id=number,
        author=name,
        handle=name if name.startswith("@") else str(snippet["authorChannelId"]["value"]),
        text=str(snippet.get("textOriginal") or snippet["textDisplay"]),
        url=f"{client.address(video)}&lc={number}" if video else "",
        created_at=logic.moment(snippet["publishedAt"]),
        in_reply_to=str(snippet.get("parentId") or video),
        kind="reply",
    )
