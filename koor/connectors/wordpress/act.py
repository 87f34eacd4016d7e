"""What we do with a comment of somebody else: hold it back, so that nobody sees it, or to the bin with it."""

from __future__ import annotations

from koor.connectors.wordpress import client, correct
from koor.connectors.wordpress.client import Failed
from koor.connectors.wordpress.publish import COMMENT
from koor.ground.channels.contract import Act, Outcome, Session, Verdict


def act(session: Session, deed: Act, remote_id: str, words: str = "") -> Outcome:
    """Do it; twice is once."""
    if deed is Act.DELETE and remote_id.startswith(COMMENT):
        return correct.delete(session, remote_id)
    return _standing(session, remote_id, "hold")


def undo(session: Session, deed: Act, remote_id: str) -> Outcome:
    """Let it be seen again."""
    return _standing(session, remote_id, "approve")


def _standing(session: Session, remote_id: str, wanted: str) -> Outcome:
    route = correct.route_of(remote_id)
    if not route.startswith("comments/"):
        return correct.NOT_OURS
    try:
        found = client.write(session, route, json={"status": wanted})
    except Failed as failed:
        return failed.outcome
    if found.get("status") == {"hold": "hold", "approve": "approved"}[wanted]:
        return Outcome(Verdict.DONE, remote_id, answer="200")
    return Outcome(Verdict.UNKNOWN, answer=f"the comment is {str(found.get('status'))[:20]}")
