"""What an account may do with what others say under its posts. Both may be asked twice."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Act, Outcome, Session


def act(session: Session, deed: Act, remote_id: str, words: str = "") -> Outcome:
    """Hide it from others, or take it away."""
    address = f"{meta.INSTAGRAM}/{meta.safe(remote_id)}"
    if deed is Act.HIDE:
        return meta.write(session, "POST", address, meta.success(remote_id), json={"hide": True})
    return meta.write(session, "DELETE", address, meta.success(remote_id))


def undo(session: Session, deed: Act, remote_id: str) -> Outcome:
    """Shown again."""
    address = f"{meta.INSTAGRAM}/{meta.safe(remote_id)}"
    return meta.write(session, "POST", address, meta.success(remote_id), json={"hide": False})
