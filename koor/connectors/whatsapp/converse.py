"""Around a message: the API gives nothing back of what was said before."""

from __future__ import annotations

from koor.ground.channels.contract import Batch, Session


def thread(session: Session, remote_id: str) -> Batch:
    """Nothing can be asked; what was said is in Koor."""
    return Batch()
