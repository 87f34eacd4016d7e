"""Around a post: its thread. An answer is a draft with `in_reply_to` and goes through `publish`."""

from __future__ import annotations

from koor.connectors.mastodon import client, listen
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Session


def thread(session: Session, remote_id: str) -> Batch:
    """What was said before and after a post, and the post itself, oldest first."""
    try:
        me = str(client.me(session)["id"])
        post = client.read(session, f"/api/v1/statuses/{remote_id}")
        around = client.read(session, f"/api/v1/statuses/{remote_id}/context")
    except client.Failed as failure:
        return Batch(**listen.problem_of(failure))
    whole = [*around.get("ancestors", []), post, *around.get("descendants", [])]
    items, broken = logic.read_all(whole, lambda status: listen.from_status(session, status, me))
    return Batch(items, broken)
