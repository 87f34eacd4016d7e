"""Around a comment: what is said below the same page. An answer is a draft with `in_reply_to`, by `publish`."""

from __future__ import annotations

from koor.connectors.wordpress import client, listen
from koor.connectors.wordpress.client import Failed
from koor.connectors.wordpress.correct import route_of
from koor.connectors.wordpress.publish import COMMENT
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Session
from koor.ground.channels.contract import message_id as _


def thread(session: Session, remote_id: str) -> Batch:
    """The hundred first comments below the page, oldest first."""
    route = route_of(remote_id)
    if not route:
        return Batch(problem=_("The server does not know what is asked for here."), because=Because.REJECTED)
    try:
        us = client.me(session)
        page = remote_id
        if remote_id.startswith(COMMENT):
            page = str(client.read(session, route).get("post", ""))
        query = {"post": page, "status": "all", "orderby": "id", "order": "asc", "per_page": "100"}
        rows = client.read(session, "comments", query)
    except Failed as failed:
        return Batch(**listen.problem_of(failed))
    items, broken = logic.read_all(rows, lambda row: listen.from_comment(session, row, us))
    return Batch(items, broken)
