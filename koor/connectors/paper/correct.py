"""Setting right on paper: the caller keeps the text, so it is enough that the caller changes it."""

from __future__ import annotations

from koor.ground.channels.contract import Draft, Outcome, Session, Verdict


def edit(session: Session, remote_id: str, draft: Draft) -> Outcome:
    """Done as soon as the caller keeps the other text."""
    return Outcome(Verdict.DONE, remote_id, answer="kept")


def delete(session: Session, remote_id: str) -> Outcome:
    """Done as soon as the caller marks it as taken away."""
    return Outcome(Verdict.DONE, remote_id, answer="taken away")
