"""Around a post: it and what stands under it."""

from __future__ import annotations

from koor.connectors import meta
from koor.connectors.facebook.listen import FIELDS, incoming
from koor.ground.channels.contract import Batch, Session


def thread(session: Session, remote_id: str) -> Batch:
    """The comments under a post or a comment, oldest first."""
    address = f"{meta.FACEBOOK}/{meta.safe(remote_id)}/comments"
    try:
        found = meta.read(session, address, fields=FIELDS, limit="100", order="chronological", filter="stream")
        rows = meta.rows_of(found)
    except meta.Failed as failed:
        return Batch(**meta.problem_of(failed))
    items, broken = meta.read_each(
        rows, lambda row: incoming(session, {"post": remote_id, **row} if isinstance(row, dict) else row)
    )
    return Batch(items, broken)
