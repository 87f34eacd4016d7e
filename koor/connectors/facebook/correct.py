"""Setting right what the page said: other words, or taken away. Pictures stay as they are."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Draft, Outcome, Session


def edit(session: Session, remote_id: str, draft: Draft) -> Outcome:
    """Other words for a post or an answer of ours."""
    address = f"{meta.FACEBOOK}/{meta.safe(remote_id)}"
    return meta.write(session, "POST", address, meta.success(remote_id), json={"message": meta.wording(draft)})


def delete(session: Session, remote_id: str) -> Outcome:
    """Take it away. Meta answers for one that is gone as for one that we may not see, so that is no proof."""
    return meta.write(session, "DELETE", f"{meta.FACEBOOK}/{meta.safe(remote_id)}", meta.success(remote_id))
