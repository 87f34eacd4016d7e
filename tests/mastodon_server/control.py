"""What a test steers and reads, all under `/_control/` as JSON; no token needed.

POST rules      {"honours_idempotency_key": false, "media_seconds": 1, …}      see `world.Rules`
POST faults     {"route": "POST /api/v1/statuses", "answer": "500", "accepted": true, "times": 1, "seconds": 2}
DELETE faults                                                                   takes all of them away
POST inject     {"kind": "mention", "from": "els@social.example", "name": "Els", "text": "…", "to": STATUS}
                kinds: mention, reply, direct, post, favourite, reblog, follow; "for": the local account (reurslag)
POST clock      {"seconds": 3600}                                               moves the clock
GET  copies     ?text=…      the oracle: {"live", "ever", "ids", "keys"}; without text: {"texts": {text: live}}
GET  requests   {"counts": {"POST /api/v1/statuses": 3}, "log": [{"route", "status", "key", "at"}]}
POST reset      everything as at the start
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from tests.mastodon_server.asked import Answer, Asked, Refused
from tests.mastodon_server.faults import Fault
from tests.mastodon_server.world import Rules, Status, World

if TYPE_CHECKING:
    from tests.mastodon_server.wire import MastodonServer


def steer(server: MastodonServer, asked: Asked) -> Answer:
    """Answers one request under `/_control/`."""
    what = f"{asked.method} {asked.path.removeprefix('/_control/')}"
    world = server.world
    if what == "POST rules":
        return Answer(200, _rules(world, asked.form))
    if what == "POST faults":
        return _add_fault(server, asked.form)
    if what == "DELETE faults":
        server.faults.clear()
        return Answer(200, {})
    if what == "POST inject":
        return Answer(200, inject(world, **{key.replace("from", "by"): value for key, value in asked.form.items()}))
    if what == "POST clock":
        world.offset += float(asked.get("seconds") or 0)
        return Answer(200, {"now": world.now()})
    if what == "GET copies":
        return Answer(200, copies(world, asked.query.get("text")))
    if what == "GET requests":
        return Answer(200, {"counts": dict(world.counts), "log": list(world.log)})
    if what == "POST reset":
        server.reset()
        return Answer(200, {})
    raise Refused(404, "No such control")


def _rules(world: World, wanted: dict[str, Any]) -> dict[str, Any]:
    known = {field.name for field in fields(Rules)}
    for name, value in wanted.items():
        if name not in known:
            raise Refused(422, f"No such rule: {name}")
        setattr(world.rules, name, tuple(value) if isinstance(value, list) else value)
    return vars(world.rules)


def _add_fault(server: MastodonServer, wanted: dict[str, Any]) -> Answer:
    try:
        server.faults.append(Fault(**wanted))
    except (TypeError, ValueError) as error:
        raise Refused(422, str(error)) from None
    return Answer(200, [vars(fault) for fault in server.faults])


def inject(
    world: World, kind: str, by: str, name: str = "", text: str = "", to: str = "", **more: Any
) -> dict[str, str]:
    """Let somebody outside say or do something. Gives the ids of the status and of the notification."""
    who = world.account(by, name)
    local = world.account(more.get("for", "reurslag"))
    if kind == "follow":
        local.followers.add(who.id)
        return _ids(None, world.notify(local.id, "follow", who.id))
    if kind in ("favourite", "reblog"):
        about = world.statuses[to]
        if kind == "favourite":
            about.favourited_by.add(who.id)
        else:
            boost = Status(world.new_id(), who.id, about.text, world.now(), reblog_of=to)
            world.statuses[boost.id] = boost
        return _ids(about, world.notify(about.account, kind, who.id, to))
    status = _said(world, kind, who.id, text, to, more)
    note = None if kind == "post" else world.notify(local.id, "mention", who.id, status.id)
    return _ids(status, note)


def _said(world: World, kind: str, account_id: str, text: str, to: str, more: dict[str, Any]) -> Status:
    status = Status(
        id=world.new_id(),
        account=account_id,
        text=text,
        created=float(more.get("created") or world.now()),
        visibility="direct" if kind == "direct" else more.get("visibility", "public"),
        language=more.get("language"),
        in_reply_to=to,
    )
    world.statuses[status.id] = status
    return status


def _ids(status: Any, note: Any) -> dict[str, str]:
    return {"status_id": status.id if status else "", "notification_id": note.id if note else ""}


def copies(world: World, text: str | None = None) -> dict[str, Any]:
    """The oracle. `live` counts what can be seen now, `ever` also what was deleted since."""
    if text is None:
        texts = {s.text for s in world.statuses.values() if not s.reblog_of}
        return {"texts": {t: len(world.live_copies(t)) for t in texts}}
    live = world.live_copies(text)
    gone = [s for s in world.deleted if s.text == text and not s.reblog_of]
    return {
        "live": len(live),
        "ever": len(live) + len(gone),
        "ids": [s.id for s in live],
        "keys": [s.key for s in live],
    }
