"""Reading what others say. The service pages backwards, so a visit walks from the newest down to what was read before,
over as many pages as it takes, and only a whole walk moves the mark. A reply can miss its notification (one that came
at once, or with an old date), so the threads of our own posts are looked at too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from koor.connectors.bluesky import client, publish, reading
from koor.connectors.bluesky.client import Failed, Query
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Incoming, Session
from koor.ground.channels.contract import message_id as _

PAGE = 100
REASONS = {
    "mention": "mention", "reply": "reply", "quote": "mention", "like": "favourite", "like-via-repost": "favourite",
    "repost": "boost", "repost-via-repost": "boost", "follow": "follow",
}  # fmt: skip
AGAIN = timedelta(minutes=15)  # is read again: what comes in late keeps its own moment
THREADS_EVERY = timedelta(minutes=10)
POSTS = 50  # of our own, the latest, whose threads are looked at
THREADS = 10  # read in one page


@dataclass(frozen=True)
class Place:
    """How far it was read. `mark` is the newest moment of the last whole walk; `page` and `high` belong to one that is
    under way; `posts` holds the number of answers below each post of ours, `looked` when they were counted."""

    mark: str = ""
    page: str = ""
    high: str = ""
    looked: str = ""
    posts: Mapping[str, int] = field(default_factory=dict)
    wait: tuple[str, ...] = ()  # posts whose threads are still to be read

    @classmethod
    def of(cls, cursor: str) -> Place:
        """Anything that is no place of ours begins anew."""
        try:
            found = json.loads(cursor or "{}")
            words = {key: str(found.get(key, ""))[:2000] for key in ("mark", "page", "high", "looked")}
            posts = {str(key): int(value) for key, value in dict(found.get("posts", {})).items()}
            return cls(**words, posts=posts, wait=tuple(map(str, found.get("wait", ()))))
        except (ValueError, TypeError, AttributeError, RecursionError):
            return cls()

    def __str__(self) -> str:
        kept = {key: value for key, value in vars(self).items() if value}
        return json.dumps(kept)


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """One page of a walk; now and then, before a walk through the notifications, the threads of our own posts."""
    place, kind = Place.of(cursor), settings.get("kind", "notifications")
    try:
        if kind == "notifications" and place.wait:
            return _threads(session, place)
        if kind == "notifications" and not place.page and place.mark and _counts_are_old(session, place):
            return _counted(session, place)
        return _walked(session, place, kind, settings)
    except Failed as failed:
        return Batch(cursor=cursor, **problem_of(failed))


def problem_of(failed: Failed) -> dict[str, Any]:
    """What went wrong, as the fields of a `Batch`."""
    sentences = {
        Because.AUTH: _("Bluesky no longer accepts the app password of this account."),
        Because.RATE: _("The server asks to wait a little."),
        Because.REJECTED: _("The server does not know what is asked for here."),
    }
    return logic.trouble(failed, sentences, _("The server could not be reached."))


def _walked(session: Session, place: Place, kind: str, settings: Mapping[str, str]) -> Batch:
    """A page of the walk. A place in it that the service does not know any more begins the walk anew."""
    me = client.login(session).did
    try:
        rows, following = _page(session, place, kind, settings)
    except Failed as failed:
        if failed.outcome.because is not Because.REJECTED or not place.page:
            raise
        place = replace(place, page="", high="")
        rows, following = _page(session, place, kind, settings)
    reader = _from_notification if kind == "notifications" else _from_search
    known = [row for row in rows if kind != "notifications" or not _is_other(row)]
    items, broken = logic.read_all(known[::-1], lambda row: reader(row, me))
    moments = [moment for row in rows if (moment := _seen_at(session, row))]
    high = max([place.high or place.mark, *(moment.isoformat() for moment in moments)])
    until = logic.moment(place.mark)
    whole = until is None or not following or following == place.page
    whole = whole or bool(moments and until and min(moments) <= until - AGAIN)
    if not whole:
        return Batch(items, broken, str(replace(place, page=following, high=high)), more=True)
    place = replace(place, mark=high or logic.moment_of(session).astimezone(UTC).isoformat(), page="", high="")
    return Batch(items, broken, str(place))


def _page(session: Session, place: Place, kind: str, settings: Mapping[str, str]) -> tuple[list[Any], str]:
    """The rows of a page, newest first, and where the next one begins. Raises `Failed`."""
    query: dict[str, str | list[str]] = {"limit": str(PAGE)}
    if place.page:
        query["cursor"] = place.page
    if kind == "notifications":
        return _rows(session, "app.bsky.notification.listNotifications", "notifications", query)
    word = settings.get("tag", "").strip().lstrip("#")
    query |= {"q": f"#{word}" if kind == "hashtag" else settings.get("words", "").strip(), "sort": "latest"}
    if since := logic.moment(place.mark):
        query["since"] = publish.written(since - AGAIN)
    return _rows(session, "app.bsky.feed.searchPosts", "posts", query)


def _rows(session: Session, name: str, key: str, query: Query) -> tuple[list[Any], str]:
    found = client.look(session, name, query)
    rows, following = found.get(key), found.get("cursor")
    if not isinstance(rows, list):
        raise Failed(logic.unknown(f"no {key} in the answer"))
    return rows, following if isinstance(following, str) else ""


def _seen_at(session: Session, row: Any) -> datetime | None:
    """When the service saw it, never in the future: the mark may not run ahead of what is yet to come."""
    found = logic.moment(row.get("indexedAt")) if isinstance(row, dict) else None
    return min(found, logic.moment_of(session)).astimezone(UTC) if found else None


def _is_other(row: Any) -> bool:
    """A kind of notification that says nothing to us, such as a starter pack."""
    return isinstance(row, dict) and isinstance(row.get("reason"), str) and row["reason"] not in REASONS


def _from_notification(row: Mapping[str, Any], me: str) -> Incoming:
    kind = REASONS[row["reason"]]
    if kind in ("mention", "reply"):
        return replace(reading.from_view(row, me), kind=kind)
    by = row["author"]
    return Incoming(
        external_id=str(row["uri"]),
        author=reading.name(by),
        handle=reading.handle(by),
        url=reading.profile(by),
        created_at=logic.moment(row["indexedAt"]),
        in_reply_to=str(row.get("reasonSubject") or ""),
        kind=kind,
        raw={"type": row["reason"]},
    )


def _from_search(row: Mapping[str, Any], me: str) -> Incoming:
    return reading.from_view(row, me, usual="hashtag")


def _counts_are_old(session: Session, place: Place) -> bool:
    looked = logic.moment(place.looked)
    return looked is None or logic.moment_of(session) - looked >= THREADS_EVERY


def _counted(session: Session, place: Place) -> Batch:
    """Count what stands below our latest posts; where it grew, the thread is to be read. The first time only counts."""
    me = client.login(session).did
    query = {"actor": me, "filter": "posts_with_replies", "limit": str(POSTS)}
    rows, _following = _rows(session, "app.bsky.feed.getAuthorFeed", "feed", query)
    posts: dict[str, int] = {}
    for row in rows:
        post = row.get("post") if isinstance(row, dict) else None
        repo, _collection, rkey = publish.parts_of(str(post.get("uri", ""))) if isinstance(post, dict) else ("", "", "")
        if isinstance(post, dict) and repo == me:
            told = (post.get("replyCount"), post.get("quoteCount"))
            posts[rkey] = sum(number for number in told if isinstance(number, int) and number > 0)
    grown = [rkey for rkey, number in posts.items() if place.looked and number > place.posts.get(rkey, 0)]
    place = replace(place, posts=posts, wait=tuple(grown), looked=publish.written(logic.moment_of(session)))
    return Batch(cursor=str(place), more=True)


def _threads(session: Session, place: Place) -> Batch:
    """What others said below some of our posts, and about them. One that is gone meanwhile is passed over."""
    me, said = client.login(session).did, list[Any]()
    for rkey in place.wait[:THREADS]:
        uri = f"at://{me}/{client.COLLECTION}/{rkey}"
        for name, key, query in (
            ("app.bsky.feed.getPostThread", "thread", {"uri": uri, "parentHeight": "0"}),
            ("app.bsky.feed.getQuotes", "posts", {"uri": uri, "limit": str(PAGE)}),
        ):
            try:
                found = client.look(session, name, query).get(key)
            except Failed as failed:
                if failed.outcome.because is Because.REJECTED:
                    continue
                raise
            said += flat(found)[1:] if key == "thread" else found if isinstance(found, list) else []
    theirs = [view for view in said if publish.parts_of(str(view.get("uri", "")))[0] != me]
    items, broken = logic.read_all(theirs, lambda view: reading.from_view(view, me))
    return Batch(items, broken, str(replace(place, wait=place.wait[THREADS:])), more=True)


def flat(thread: Any) -> list[dict[str, Any]]:
    """The posts of a thread: those before it, itself, and what is below it. What is blocked or gone is left out."""
    found: list[dict[str, Any]] = []
    above, waiting = thread, []
    while isinstance(above := above.get("parent") if isinstance(above, dict) else None, dict):
        if isinstance(above.get("post"), dict):
            found.insert(0, above["post"])
    waiting = [thread]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict) and isinstance(one.get("post"), dict):
            found.append(one["post"])
            below = one.get("replies")
            waiting += below[::-1] if isinstance(below, list) else []
    return found
