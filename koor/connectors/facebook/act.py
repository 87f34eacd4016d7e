"""What a page may do with what others say under its posts. All of it may be asked twice."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Act, Outcome, Session


def act(session: Session, deed: Act, remote_id: str, words: str = "") -> Outcome:
    """Like it, hide it from others, or take it away."""
    address = f"{meta.FACEBOOK}/{meta.safe(remote_id)}"
    if deed is Act.LIKE:
        return meta.write(session, "POST", f"{address}/likes", meta.success(remote_id))
    if deed is Act.HIDE:
        return meta.write(session, "POST", address, meta.success(remote_id), json={"is_hidden": True})
    return meta.write(session, "DELETE", address, meta.success(remote_id))


def undo(session: Session, deed: Act, remote_id: str) -> Outcome:
    """No longer liked, or shown again."""
    address = f"{meta.FACEBOOK}/{meta.safe(remote_id)}"
    if deed is Act.LIKE:
        return meta.write(session, "DELETE", f"{address}/likes", meta.success(remote_id))
    return meta.write(session, "POST", address, meta.success(remote_id), json={"is_hidden": False})
