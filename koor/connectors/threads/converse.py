"""Around a post: what stands under it."""

from __future__ import annotations

from koor.connectors import meta
from koor.connectors.threads.listen import incoming, under
from koor.ground.channels.contract import Batch, Session


def thread(session: Session, remote_id: str) -> Batch:
    """Everything under a post, oldest first."""
    try:
        rows = list(under(session, remote_id))
    except meta.Failed as failed:
        return Batch(**meta.problem_of(failed))
    return Batch(*meta.read_each(rows, lambda row: incoming(row, "reply")))
