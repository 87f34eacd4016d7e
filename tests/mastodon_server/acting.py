"""Muting, blocking and reporting: docs, methods/accounts and methods/reports."""

from __future__ import annotations

from tests.mastodon_server import shapes
from tests.mastodon_server.asked import Answer, Asked, Refused
from tests.mastodon_server.world import World


def mute(world: World, asked: Asked, account_id: str) -> Answer:
    return _changed(world, asked, account_id, muting=True)


def unmute(world: World, asked: Asked, account_id: str) -> Answer:
    return _changed(world, asked, account_id, muting=False)


def block(world: World, asked: Asked, account_id: str) -> Answer:
    return _changed(world, asked, account_id, blocking=True)


def unblock(world: World, asked: Asked, account_id: str) -> Answer:
    return _changed(world, asked, account_id, blocking=False)


def _changed(world: World, asked: Asked, account_id: str, **wanted: bool) -> Answer:
    """The relationship as it is afterwards; the same again changes nothing."""
    if account_id not in world.accounts:
        raise Refused(404, "Record not found")
    viewer = world.accounts[asked.viewer]
    for name, on in wanted.items():
        those = getattr(viewer, name)
        those.add(account_id) if on else those.discard(account_id)
    return Answer(
        200,
        {
            "id": account_id,
            "following": account_id in viewer.following,
            "followed_by": account_id in viewer.followers,
            "blocking": account_id in viewer.blocking,
            "muting": account_id in viewer.muting,
            "muting_notifications": account_id in viewer.muting,
            "requested": False,
            "note": "",
        },
    )


def report(world: World, asked: Asked) -> Answer:
    """Each call is a report of its own."""
    account_id = asked.get("account_id")
    if account_id not in world.accounts:
        raise Refused(404, "Record not found")
    comment = asked.get("comment")
    if len(comment) > 1000:
        raise Refused(world.rules.refusal, "Validation failed: Comment is too long (maximum is 1000 characters)")
    made = {
        "id": world.serial(),
        "action_taken": False,
        "category": asked.get("category") or "other",
        "comment": comment,
        "forwarded": asked.true("forward"),
        "status_ids": asked.list("status_ids"),
    }
    world.reports.append(made | {"by": asked.viewer, "account_id": account_id})
    return Answer(200, made | {"target_account": shapes.account(world, world.accounts[account_id])})
