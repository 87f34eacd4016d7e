"""Hiding an answer under a post of ours, with all that stands under it. It may be asked twice."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Act, Outcome, Session


def act(session: Session, deed: Act, remote_id: str, words: str = "") -> Outcome:
    """Hide it from others."""
    return _hidden(session, remote_id, True)


def undo(session: Session, deed: Act, remote_id: str) -> Outcome:
    """Shown again."""
    return _hidden(session, remote_id, False)


def _hidden(session: Session, remote_id: str, hide: bool) -> Outcome:
    address = f"{meta.THREADS}/{meta.safe(remote_id)}/manage_reply"
    return meta.write(session, "POST", address, meta.success(remote_id), json={"hide": hide})
