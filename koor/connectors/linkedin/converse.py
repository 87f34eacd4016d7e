"""What was said under a post or a comment. An answer is a draft with `in_reply_to` and goes through `publish`."""

from __future__ import annotations

from koor.connectors.linkedin import client, listen, publish
from koor.ground.channels.contract import Batch, Session


def thread(session: Session, remote_id: str) -> Batch:
    """The comments, oldest first; of a page only, for a person may not read them."""
    above = client.parts_of(remote_id)[0] or remote_id
    try:
        path = f"/rest/socialActions/{client.path_of(above)}/comments?count={publish.COMMENTS}&start=0"
        rows = publish.elements(client.read(session, path))
    except client.Failed as failed:
        return Batch(**listen.problem_of(failed))
    return listen.read_all(session, rows, "")
