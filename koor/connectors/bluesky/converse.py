"""Around a post: its thread. An answer is a draft with `in_reply_to` and goes through `publish`."""

from __future__ import annotations

from koor.connectors.bluesky import client, listen, reading
from koor.connectors.bluesky.client import Failed
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Session

BELOW, ABOVE = "20", "80"  # levels


def thread(session: Session, remote_id: str) -> Batch:
    """What was said before and after a post, and the post itself, oldest first."""
    try:
        me = client.login(session).did
        query = {"uri": remote_id, "depth": BELOW, "parentHeight": ABOVE}
        found = client.look(session, "app.bsky.feed.getPostThread", query).get("thread")
        if not isinstance(found, dict) or "post" not in found:
            raise Failed(logic.unknown("no thread in the answer"))
    except Failed as failed:
        return Batch(**listen.problem_of(failed))
    items, broken = logic.read_all(listen.flat(found), lambda view: reading.from_view(view, me))
    return Batch(items, broken)
