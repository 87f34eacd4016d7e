"""Around a post: its thread, a like, a boost. An answer is a draft with `in_reply_to` and goes through `publish`."""

from __future__ import annotations

from koor.connectors.mastodon import client, listen
from koor.ground.channels.contract import Batch, Outcome, Session


def thread(session: Session, remote_id: str) -> Batch:
    """What was said before and after a post, and the post itself, oldest first."""
    try:
        me = str(client.me(session)["id"])
        post = client.read(session, f"/api/v1/statuses/{remote_id}")
        around = client.read(session, f"/api/v1/statuses/{remote_id}/context")
    except client.Failed as failure:
        return Batch(**listen.problem_of(failure))
    whole = [*around.get("ancestors", []), post, *around.get("descendants", [])]
    items, broken = listen.read_all(whole[::-1], lambda status: listen.from_status(session, status, me))
    return Batch(items, broken)


def like(session: Session, remote_id: str) -> Outcome:
    """Favourite a post; doing it again changes nothing (docs: "or was already favourited")."""
    return client.write(session, "POST", f"/api/v1/statuses/{remote_id}/favourite")


def share(session: Session, remote_id: str) -> Outcome:
    """Boost a post; doing it again gives the same boost."""
    return client.write(session, "POST", f"/api/v1/statuses/{remote_id}/reblog")
