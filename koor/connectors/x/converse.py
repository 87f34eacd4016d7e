"""What was said around a post. X charges for each post that is read; what mentions us comes by itself."""

from __future__ import annotations

from koor.ground.channels.contract import Batch, Session


def thread(session: Session, remote_id: str) -> Batch:
    """Nothing is asked: it would cost money each time somebody opens a conversation."""
    return Batch()
