"""Everything that is read or uploaded: accounts, timelines, notifications, search, media, instance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from tests.mastodon_server import shapes, writing
from tests.mastodon_server.asked import Answer, Asked, Refused
from tests.mastodon_server.statuses import visible
from tests.mastodon_server.world import Account, Media, Status, World


class Numbered(Protocol):
    id: str


T = TypeVar("T", bound=Numbered)


def page(world: World, asked: Asked, rows: Sequence[T], shape: Callable[[T], Any], usual: int, most: int) -> Answer:
    """One page, newest first, with the Link header.

    `max_id`: older than; `since_id`: the newest ones newer than; `min_id`: the ones immediately newer than (no gap)."""
    limit = max(1, min(int(asked.get("limit") or usual), most))
    chosen = sorted(rows, key=lambda row: int(row.id), reverse=True)
    older, newer, right_after = (asked.get(key) for key in ("max_id", "since_id", "min_id"))
    if older.isdigit():
        chosen = [row for row in chosen if int(row.id) < int(older)]
    for bound in (newer, right_after):
        if bound.isdigit():
            chosen = [row for row in chosen if int(row.id) > int(bound)]
    chosen = chosen[-limit:] if right_after else chosen[:limit]
    chosen = chosen[: world.rules.page_keeps]
    link = {}
    if chosen:
        here = f"{world.base}{asked.path}"
        parts = [f'<{here}?max_id={chosen[-1].id}>; rel="next"', f'<{here}?min_id={chosen[0].id}>; rel="prev"']
        link = {"Link": ", ".join(parts)}
    return Answer(200, [shape(row) for row in chosen], link)


def _account(world: World, account_id: str) -> Account:
    if account_id not in world.accounts:
        raise Refused(404, "Record not found")
    return world.accounts[account_id]


def verify_credentials(world: World, asked: Asked) -> Answer:
    return Answer(200, shapes.credential_account(world, world.accounts[asked.viewer]))


def application(world: World, asked: Asked) -> Answer:
    """The application of the token, with its scopes (4.3 and later)."""
    addresses = {"redirect_uris": ["urn:ietf:wg:oauth:2.0:oob"], "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}
    scopes = sorted(asked.scopes)
    return Answer(200, {"id": "1", "name": "Koor", "website": None, "scopes": scopes, "vapid_key": "", **addresses})


def account(world: World, asked: Asked, account_id: str) -> Answer:
    return Answer(200, shapes.account(world, _account(world, account_id)))


def lookup(world: World, asked: Asked) -> Answer:
    name = asked.get("acct").lstrip("@")
    if name not in world.known():
        raise Refused(404, "Record not found")
    return Answer(200, shapes.account(world, world.account(name)))


def account_statuses(world: World, asked: Asked, account_id: str) -> Answer:
    owner = _account(world, account_id)
    listed = ("public", "unlisted", "private", "direct") if world.rules.lists_private else ("public", "unlisted")
    rows = [s for s in world.statuses.values() if s.account == owner.id and s.visibility in listed]
    rows = [s for s in rows if visible(world, s, asked.viewer)]
    if asked.true("exclude_reblogs"):
        rows = [s for s in rows if not s.reblog_of]
    if asked.true("exclude_replies"):
        rows = [s for s in rows if not s.in_reply_to]
    if asked.true("only_media"):
        rows = [s for s in rows if s.media]
    if asked.true("pinned"):
        rows = []
    return page(world, asked, rows, _shape(world, asked), 20, 40)


def _shape(world: World, asked: Asked) -> Callable[[Status], Any]:
    return lambda status: shapes.status(world, status, asked.viewer)


def home(world: World, asked: Asked) -> Answer:
    near = {asked.viewer, *world.accounts[asked.viewer].following}
    rows = [s for s in world.statuses.values() if s.account in near and s.visibility != "direct"]
    return page(world, asked, rows, _shape(world, asked), 20, 40)


def public(world: World, asked: Asked) -> Answer:
    rows = [s for s in world.statuses.values() if s.visibility == "public" and not s.reblog_of]
    if asked.true("local"):
        rows = [s for s in rows if not world.accounts[s.account].domain]
    return page(world, asked, rows, _shape(world, asked), 20, 40)


def hashtag(world: World, asked: Asked, tag: str) -> Answer:
    wanted = tag.lower()
    rows = [s for s in world.statuses.values() if s.visibility == "public" and not s.reblog_of]
    rows = [s for s in rows if wanted in writing.tags(s.text)]
    return page(world, asked, rows, _shape(world, asked), 20, 40)


def conversations(world: World, asked: Asked) -> Answer:
    """Each direct thread once, by its last status."""
    rows = [s for s in world.statuses.values() if s.visibility == "direct" and visible(world, s, asked.viewer)]
    parents = {s.in_reply_to for s in rows}
    last = [s for s in rows if s.id not in parents]

    def shape(status: Status) -> dict[str, Any]:
        people = [shapes.account(world, world.accounts[status.account])]
        return {"id": status.id, "unread": False, "accounts": people, "last_status": _shape(world, asked)(status)}

    return page(world, asked, last, shape, 20, 40)


def notifications(world: World, asked: Asked) -> Answer:
    rows = [n for n in world.notifications if n.to == asked.viewer]
    wanted, unwanted = asked.list("types"), asked.list("exclude_types")
    rows = [n for n in rows if (not wanted or n.kind in wanted) and n.kind not in unwanted]
    return page(world, asked, rows, lambda note: shapes.notification(world, note), 40, 80)


def notification(world: World, asked: Asked, note_id: str) -> Answer:
    for note in world.notifications:
        if (note.id, note.to) == (note_id, asked.viewer):
            return Answer(200, shapes.notification(world, note))
    raise Refused(404, "Record not found")


def clear_notifications(world: World, asked: Asked) -> Answer:
    world.notifications = [n for n in world.notifications if n.to != asked.viewer]
    return Answer(200, {})


def search(world: World, asked: Asked) -> Answer:
    """Accounts and hashtags by name; statuses by a word in them (as a server with full-text search does)."""
    term = asked.get("q").strip().lower()
    if not term:
        raise Refused(400, "Missing required parameter: q")
    word = term.lstrip("@#")
    people = [shapes.account(world, a) for a in world.accounts.values() if word in a.acct.lower()]
    found = [s for s in world.statuses.values() if term in s.text.lower() and visible(world, s, asked.viewer)]
    names = sorted({tag for s in world.statuses.values() for tag in writing.tags(s.text) if word in tag})
    tags = [{"id": n, "name": n, "url": f"{world.base}/tags/{n}", "history": [], "following": False} for n in names]
    whole = {"accounts": people, "statuses": [_shape(world, asked)(s) for s in found], "hashtags": tags}
    kind = asked.get("type")
    return Answer(200, {key: value if kind in ("", key) else [] for key, value in whole.items()})


def upload(world: World, asked: Asked) -> Answer:
    """200 when the file is processed at once, 202 with a null address while it is being processed."""
    given = asked.uploads.get("file")
    rules = world.rules
    if given is None or given.mime not in rules.mime_types or not given.content:
        raise Refused(422, "Validation failed: File content type is invalid, File is invalid")
    image = given.mime.startswith("image/")
    most = rules.image_bytes if image else rules.video_bytes
    if len(given.content) > most:
        raise Refused(422, f"Validation failed: File file size must be less than {most // 2**20} MB")
    if len(asked.get("description")) > rules.description_limit:
        raise Refused(422, "Validation failed: Description is too long")
    seconds = rules.media_seconds if image else max(rules.media_seconds, 0.2)
    item = Media(
        world.serial(), asked.viewer, given.mime, given.content, asked.get("description"), world.now() + seconds
    )
    item.failed = rules.media_fails
    world.media[item.id] = item
    return Answer(202 if seconds or item.failed else 200, shapes.media(world, item))


def media(world: World, asked: Asked, media_id: str) -> Answer:
    item = _own_media(world, asked, media_id)
    if item.failed:
        raise Refused(422, "There was an error processing the media attachment")
    ready = world.now() >= item.ready_at
    return Answer(200 if ready else world.rules.media_pending_code, shapes.media(world, item))


def describe(world: World, asked: Asked, media_id: str) -> Answer:
    item = _own_media(world, asked, media_id)
    item.description = asked.get("description", item.description)
    return Answer(200, shapes.media(world, item))


def delete_media(world: World, asked: Asked, media_id: str) -> Answer:
    item = _own_media(world, asked, media_id)
    if item.status_id:
        raise Refused(422, "Media attachment is currently used by a status")
    del world.media[media_id]
    return Answer(200, {})


def _own_media(world: World, asked: Asked, media_id: str) -> Media:
    item = world.media.get(media_id)
    if item is None or item.owner != asked.viewer:
        raise Refused(404, "Record not found")
    return item


def file(world: World, asked: Asked, media_id: str) -> Answer:
    item = world.media.get(media_id)
    if item is None:
        raise Refused(404, "Record not found")
    return Answer(200, raw=item.content, mime=item.mime)


def instance(world: World, asked: Asked) -> Answer:
    return Answer(200, shapes.instance(world))


def instance_v1(world: World, asked: Asked) -> Answer:
    new = shapes.instance(world)
    wanted = ("title", "version", "languages", "rules", "configuration")
    old = {key: new[key] for key in wanted}
    stats = {"user_count": len(world.accounts), "status_count": len(world.statuses), "domain_count": 1}
    return Answer(
        200, {**old, "uri": new["domain"], "email": "", "stats": stats, "short_description": "", "description": ""}
    )


def poll(world: World, asked: Asked, poll_id: str) -> Answer:
    for status in world.statuses.values():
        if status.poll and status.poll.id == poll_id and visible(world, status, asked.viewer):
            return Answer(200, shapes.poll(world, status.poll))
    raise Refused(404, "Record not found")
