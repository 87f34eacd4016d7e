"""Taking away what we said; Threads lets nobody change it. At most 100 a day."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Outcome, Session


def delete(session: Session, remote_id: str) -> Outcome:
    """Take it away."""
    return meta.write(session, "DELETE", f"{meta.THREADS}/{meta.safe(remote_id)}", meta.success(remote_id))
