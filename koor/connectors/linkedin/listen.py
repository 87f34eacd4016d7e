"""Reading the comments under what a page said. LinkedIn has no list of all of them, so each post is asked.

One look: the page's newest posts and how many comments each has. What changed is read whole, and one more post by
turns, as one comment taken away and one that came leave the number as it was. Who reads knows what it has."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from koor.connectors.linkedin import client, publish
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Incoming, Session, unread
from koor.ground.channels.contract import message_id as _

POSTS = 50  # of the newest, whose comments are read


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """One page forward. The cursor is JSON: `todo` the places to read with where to begin, `counts` what each had."""
    at = _opened(cursor)
    try:
        if not at["todo"]:
            at = _looked_round(session, at)
        if not at["todo"]:
            return Batch(cursor=json.dumps(at))
        place, start = at["todo"][0]
        path = f"/rest/socialActions/{client.path_of(place)}/comments?count={publish.COMMENTS}&start={start}"
        rows = publish.elements(client.read(session, path))
    except client.Failed as failed:
        if failed.status == 404 and at["todo"]:  # taken away meanwhile: the others are read
            rest = {**at, "todo": at["todo"][1:]}
            return Batch(cursor=json.dumps(rest), more=bool(rest["todo"]))
        return Batch(cursor=cursor, **problem_of(failed))
    ahead = [[place, start + publish.COMMENTS]] if len(rows) >= publish.COMMENTS else []
    at["todo"] = [*ahead, *at["todo"][1:], *_answered(rows, place)]
    found = read_all(session, rows, place)
    return Batch(found.items, found.broken, json.dumps(at), more=bool(at["todo"]))


def _opened(cursor: str) -> dict[str, Any]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        found = {}
    found = found if isinstance(found, dict) else {}
    todo = [row for row in found.get("todo", []) if isinstance(row, list) and len(row) == 2]
    counts = found.get("counts")
    return {"todo": todo, "counts": counts if isinstance(counts, dict) else {}, "turn": int(found.get("turn") or 0)}


def _looked_round(session: Session, at: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be read now. Raises `client.Failed`."""
    author = client.path_of(client.author(session))
    path = f"/rest/posts?author={author}&q=author&count={POSTS}&start=0&sortBy=CREATED"
    posts = [str(row["id"]) for row in publish.elements(client.read(session, path, "FINDER")) if row.get("id")]
    if not posts:
        return {**at, "todo": [], "counts": {}}
    ids = ",".join(client.path_of(urn) for urn in posts)
    results = client.read(session, f"/rest/socialMetadata?ids=List({ids})", "BATCH_GET").get("results")
    results = results if isinstance(results, dict) else {}
    counts = {urn: _count(results.get(urn)) for urn in posts}
    changed = [urn for urn in posts if counts[urn] != at["counts"].get(urn, 0)]
    turn = posts[at["turn"] % len(posts)]
    more = [turn] if counts[turn] and turn not in changed else []
    return {"todo": [[urn, 0] for urn in [*changed, *more]], "counts": counts, "turn": at["turn"] + 1}


def _count(told: Any) -> int:
    summary = told.get("commentSummary") if isinstance(told, dict) else None
    number = summary.get("count") if isinstance(summary, dict) else 0
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def _answered(rows: Sequence[Mapping[str, Any]], place: str) -> list[list[Any]]:
    """The comments that were answered themselves: what stands under them is read too. It goes one step deep."""
    if client.parts_of(place)[0]:
        return []
    found = []
    for row in rows:
        summary = row.get("commentsSummary")
        number = summary.get("aggregatedTotalComments") if isinstance(summary, dict) else 0
        if number and (urn := _urn(row)):
            found.append([urn, 0])
    return found


def _urn(row: Mapping[str, Any]) -> str:
    told = str(row.get("commentUrn") or row.get("$URN") or "")
    return told if client.COMMENT.fullmatch(told) else ""


def problem_of(failed: client.Failed) -> dict[str, Any]:
    """What went wrong, as the fields of a `Batch`."""
    sentences = {
        Because.AUTH: _("LinkedIn no longer lets this account in."),
        Because.RATE: _("LinkedIn asks to wait a little."),
        Because.REJECTED: _("LinkedIn does not know what is asked for here."),
    }
    return logic.trouble(failed, sentences, _("LinkedIn could not be reached."))


def read_all(session: Session, rows: Sequence[Mapping[str, Any]], place: str) -> Batch:
    """Each row by itself: one that can't be read is set aside and stops nothing. Our own are left out."""
    items, broken = [], []
    for row in rows:
        try:
            if row["actor"] != client.author(session):
                items.append(_comment(row))
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
            broken.append(unread(json.dumps(row)[:4000], error, _urn(row)))
    return Batch(tuple(sorted(items, key=lambda item: str(item.created_at))), tuple(broken))


def _comment(row: Mapping[str, Any]) -> Incoming:
    """LinkedIn tells a program the number of who wrote it, and not the name."""
    urn, above = str(row.get("commentUrn") or row["$URN"]), client.parts_of(_urn(row))[0]
    if not above:
        raise ValueError("no URN of a comment")
    writer = str(row["actor"])
    return Incoming(
        external_id=urn,
        author="LinkedIn",
        handle=writer,
        text=str(row["message"]["text"]),
        url=client.address(str(row.get("object") or above)),
        created_at=datetime.fromtimestamp(int(row["created"]["time"]) / 1000, UTC),
        in_reply_to=str(row.get("parentComment") or row.get("object") or above),
        kind="reply",
        raw={"writer": writer},
    )
