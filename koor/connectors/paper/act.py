"""Doing something with a message on paper: to practise what it asks, without anybody outside."""

from __future__ import annotations

from koor.ground.channels.contract import Act, Outcome, Session, Verdict


def act(session: Session, deed: Act, remote_id: str, words: str = "") -> Outcome:
    """Done as soon as the caller keeps that it was."""
    return Outcome(Verdict.DONE, remote_id, answer="kept")


def undo(session: Session, deed: Act, remote_id: str) -> Outcome:
    """Done as soon as the caller keeps that it was undone."""
    return Outcome(Verdict.DONE, remote_id, answer="undone")
