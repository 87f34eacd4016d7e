"""Writing and reading statuses: docs, methods/statuses."""

from __future__ import annotations

from typing import Any

from tests.mastodon_server import shapes, writing
from tests.mastodon_server.asked import Answer, Asked, Refused
from tests.mastodon_server.world import Poll, Status, World

KEY_SECONDS = 3600  # "Idempotency keys are stored for up to 1 hour"
VISIBILITIES = ("public", "unlisted", "private", "direct")


def visible(world: World, status: Status, viewer: str) -> bool:
    """Who may see it: everybody, or the author, those named in it and (private) followers."""
    if status.visibility in ("public", "unlisted") or status.account == viewer:
        return True
    named = {world.account(name).id for name in writing.mentions(status.text) if name in world.known()}
    follows = status.visibility == "private" and viewer in world.accounts[status.account].followers
    return viewer in named or follows


def fetch(world: World, asked: Asked, status_id: str) -> Status:
    """The status, or 404 for one that is not there or not visible."""
    status = world.statuses.get(status_id)
    if status is None or not visible(world, status, asked.viewer):
        raise Refused(404, "Record not found")
    return status


def own(world: World, asked: Asked, status_id: str) -> Status:
    status = fetch(world, asked, status_id)
    if status.account != asked.viewer:
        raise Refused(404, "Record not found")
    return status


def create(world: World, asked: Asked) -> Answer:
    key = asked.headers.get("idempotency-key", "")
    if key and world.rules.honours_idempotency_key:
        known, until = world.keys.get((asked.viewer, key), ("", 0.0))
        if known in world.statuses and world.now() < until:
            return Answer(200, shapes.status(world, world.statuses[known], asked.viewer))
    status = _made(world, asked, key)
    world.statuses[status.id] = status
    for media_id in status.media:
        world.media[media_id].status_id = status.id
    _tell(world, status)
    if key:
        world.keys[asked.viewer, key] = (status.id, world.now() + KEY_SECONDS)
    return Answer(200, shapes.status(world, status, asked.viewer))


def _made(world: World, asked: Asked, key: str) -> Status:
    text, spoiler = asked.get("status"), asked.get("spoiler_text")
    media = _media(world, asked)
    poll = _poll(world, asked, media)
    _check_text(world, text, spoiler, bool(media or poll))
    visibility = asked.get("visibility") or "public"
    if visibility not in VISIBILITIES:
        raise Refused(world.rules.refusal, "Validation failed: Visibility is not included in the list")
    parent = asked.get("in_reply_to_id")
    if parent and (parent not in world.statuses or not visible(world, world.statuses[parent], asked.viewer)):
        raise Refused(404, "The post you are trying to reply to does not appear to exist.")
    return Status(
        id=world.new_id(),
        account=asked.viewer,
        text=text,
        created=world.now(),
        visibility=visibility,
        spoiler=spoiler,
        sensitive=asked.true("sensitive") or bool(spoiler),
        language=asked.get("language") or None,
        in_reply_to=parent,
        media=media,
        poll=poll,
        key=key,
    )


def _check_text(world: World, text: str, spoiler: str, has_more: bool) -> None:
    if not text.strip() and not has_more:
        raise Refused(world.rules.refusal, "Validation failed: Text can't be blank")
    if writing.count(text, spoiler) > world.rules.max_characters:
        limit = world.rules.max_characters
        raise Refused(world.rules.refusal, f"Validation failed: Text character limit of {limit} exceeded")


def _media(world: World, asked: Asked, kept: tuple[str, ...] = ()) -> list[str]:
    ids, code = asked.list("media_ids"), world.rules.refusal
    if len(ids) > world.rules.max_media:
        raise Refused(code, f"Cannot attach more than {world.rules.max_media} files")
    for media_id in ids:
        item = world.media.get(media_id)
        if item is None or item.owner != asked.viewer or (item.status_id and media_id not in kept):
            raise Refused(code, f"Media {media_id} not found or already attached to another post")
        if item.failed or world.now() < item.ready_at:
            raise Refused(code, "Cannot attach files that have not finished processing. Try again in a moment!")
    films = [i for i in ids if not world.media[i].mime.startswith("image/")]
    if films and len(ids) > 1:
        raise Refused(code, "Cannot attach a video to a post that already contains images")
    return ids


def _poll(world: World, asked: Asked, media: list[str]) -> Poll | None:
    raw = asked.form.get("poll")
    if not isinstance(raw, dict):
        return None
    options = [str(option) for option in raw.get("options") or []]
    if media:
        raise Refused(world.rules.refusal, "Validation failed: Media attachments cannot be combined with polls")
    if not 2 <= len(options) <= 4 or any(len(option) > 50 for option in options):
        raise Refused(world.rules.refusal, "Validation failed: Options must be 2 to 4, each at most 50 characters")
    until = world.now() + int(raw.get("expires_in") or 86_400)
    return Poll(world.serial(), options, [0] * len(options), until, str(raw.get("multiple", "")).lower() == "true")


def _tell(world: World, status: Status) -> None:
    """Notify those who are named in it and who live here."""
    for name in writing.mentions(status.text):
        if "@" in name or name in world.known():
            world.notify(world.account(name).id, "mention", status.account, status.id)


def show(world: World, asked: Asked, status_id: str) -> Answer:
    return Answer(200, shapes.status(world, fetch(world, asked, status_id), asked.viewer))


def edit(world: World, asked: Asked, status_id: str) -> Answer:
    status = own(world, asked, status_id)
    text, spoiler = asked.get("status"), asked.get("spoiler_text")
    media = _media(world, asked, tuple(status.media))
    _check_text(world, text, spoiler, bool(media or status.poll))
    status.history.append(_version(world, status))
    status.text, status.spoiler, status.media = text, spoiler, media
    status.sensitive = asked.true("sensitive") or bool(spoiler)
    status.language = asked.get("language") or status.language
    status.edited = world.now()
    for media_id in media:
        world.media[media_id].status_id = status.id
    return Answer(200, shapes.status(world, status, asked.viewer))


def _version(world: World, status: Status) -> dict[str, Any]:
    shaped = shapes.status(world, status)
    kept = ("content", "spoiler_text", "sensitive", "media_attachments", "emojis", "account")
    return {"created_at": shaped["edited_at"] or shaped["created_at"], **{key: shaped[key] for key in kept}}


def delete(world: World, asked: Asked, status_id: str) -> Answer:
    status = own(world, asked, status_id)
    shaped = shapes.status(world, status, asked.viewer, source=True)
    world.remove(status)
    for media_id in status.media:
        world.media[media_id].status_id = ""
    return Answer(200, shaped)


def context(world: World, asked: Asked, status_id: str) -> Answer:
    status = fetch(world, asked, status_id)
    above, below, at = [], [], status
    while at.in_reply_to in world.statuses:
        at = world.statuses[at.in_reply_to]
        above.insert(0, at)
    waiting = [status.id]
    while waiting:
        parent = waiting.pop(0)
        children = [s for s in world.statuses.values() if s.in_reply_to == parent]
        below += children
        waiting += [child.id for child in children]
    seen = [
        [shapes.status(world, s, asked.viewer) for s in part if visible(world, s, asked.viewer)]
        for part in (above, below)
    ]
    return Answer(200, {"ancestors": seen[0], "descendants": seen[1]})


def source(world: World, asked: Asked, status_id: str) -> Answer:
    status = own(world, asked, status_id)
    return Answer(200, {"id": status.id, "text": status.text, "spoiler_text": status.spoiler})


def history(world: World, asked: Asked, status_id: str) -> Answer:
    status = fetch(world, asked, status_id)
    return Answer(200, [*status.history, _version(world, status)])


def favourite(world: World, asked: Asked, status_id: str) -> Answer:
    status = fetch(world, asked, status_id)
    if asked.viewer not in status.favourited_by:
        status.favourited_by.add(asked.viewer)
        world.notify(status.account, "favourite", asked.viewer, status.id)
    return Answer(200, shapes.status(world, status, asked.viewer))


def unfavourite(world: World, asked: Asked, status_id: str) -> Answer:
    status = fetch(world, asked, status_id)
    status.favourited_by.discard(asked.viewer)
    return Answer(200, shapes.status(world, status, asked.viewer))


def reblog(world: World, asked: Asked, status_id: str) -> Answer:
    """A boost is a status of its own; boosting twice gives the same one."""
    status = fetch(world, asked, status_id)
    if status.visibility == "direct":
        raise Refused(403, "This action is not allowed")
    boost = next((s for s in world.statuses.values() if (s.reblog_of, s.account) == (status.id, asked.viewer)), None)
    if boost is None:
        boost = Status(world.new_id(), asked.viewer, status.text, world.now(), reblog_of=status.id)
        world.statuses[boost.id] = boost
        world.notify(status.account, "reblog", asked.viewer, status.id)
    return Answer(200, shapes.status(world, boost, asked.viewer))


def unreblog(world: World, asked: Asked, status_id: str) -> Answer:
    status = fetch(world, asked, status_id)
    for boost in [s for s in world.statuses.values() if (s.reblog_of, s.account) == (status.id, asked.viewer)]:
        del world.statuses[boost.id]
    return Answer(200, shapes.status(world, status, asked.viewer))
