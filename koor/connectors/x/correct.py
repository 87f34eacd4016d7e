"""Setting right what was said: other words within half an hour, where X lets the account; and taking it away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from koor.connectors.x import client, limits
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Outcome, Session, Verdict


def edit(session: Session, remote_id: str, draft: Draft) -> Outcome:
    """Other words: X makes a new post of it with a number of its own, and shows that one from then on."""
    try:
        found = client.data_of(session, "GET", f"/2/tweets/{remote_id}?post.fields=edit_controls,attachments").get(
            "data"
        )
    except client.Failed as failed:
        outcome = failed.outcome
        because = outcome.because or Because.NOT_REACHED
        return Outcome(Verdict.DEFINITELY_NOT, because=because, retry_after=outcome.retry_after, answer=outcome.answer)
    why = _why_not(found, logic.moment_of(session))
    if why:
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer=why)
    body = {"text": limits.wording(draft), "edit_options": {"previous_post_id": remote_id}}
    return client.write(session, "POST", "/2/tweets", client.number_in, json=body)[0]


def _why_not(post: Any, now: datetime) -> str:
    controls = post.get("edit_controls") if isinstance(post, dict) else None
    if not isinstance(controls, dict) or controls.get("is_edit_eligible") is not True:
        return "X does not let this post be edited"
    until = logic.moment(controls.get("editable_until"))
    if until is None or until <= now or not controls.get("edits_remaining"):
        return "the half hour in which X lets a post be edited is over"
    return "a post with pictures is not edited" if post.get("attachments") else ""


def delete(session: Session, remote_id: str) -> Outcome:
    """Take a post away. One that is not there any more counts as taken away."""
    outcome, response = client.write(
        session, "DELETE", f"/2/tweets/{remote_id}", lambda found: remote_id if _is_deleted(found) else ""
    )
    kind = str(client.problem_of(response).get("type", "")) if response is not None else ""
    if response is not None and response.status in (200, 404) and kind.endswith("/problems/resource-not-found"):
        return Outcome(Verdict.DONE, remote_id, answer="was not there any more")
    return outcome


def _is_deleted(found: Any) -> bool:
    data = found.get("data")
    return isinstance(data, dict) and data.get("deleted") is True
