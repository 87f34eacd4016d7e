"""What was said under a film or a comment. An answer is a draft with `in_reply_to` and goes through `publish`."""

from __future__ import annotations

from koor.connectors.youtube import client, listen
from koor.ground.channels.contract import Batch, Session


def thread(session: Session, remote_id: str) -> Batch:
    """The newest hundred comments, oldest first: under a film, or under the comment that this stands under."""
    try:
        ours = client.my_channel(session)
        if client.is_comment(remote_id):
            top = remote_id.split(".")[0]
            rows = client.read(session, "comments", **listen.ASKED, parentId=top)["items"]
        else:
            rows = client.read(session, "commentThreads", **listen.ASKED, videoId=remote_id, order="time")["items"]
    except client.Failed as failed:
        return Batch(**listen.problem_of(failed))
    return listen.read_all(rows, ours)
