"""Setting right what was said: docs, methods/statuses, edit (3.5 and later) and delete."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from koor.connectors.mastodon import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Outcome, Session, Verdict

SHORTEST = 300  # seconds that a poll lasts at least


def edit(session: Session, remote_id: str, draft: Draft) -> Outcome:
    """Give a post other words. Its media and its poll stay: an edit without them would take them away, with what people
    answered."""
    try:
        present = client.read(session, f"/api/v1/statuses/{remote_id}")
    except client.Failed as failure:
        nothing_sent = failure.outcome.because or Because.NOT_REACHED
        wait = failure.outcome.retry_after
        return Outcome(Verdict.DEFINITELY_NOT, because=nothing_sent, retry_after=wait, answer=failure.outcome.answer)
    warning = draft.options.get("content_warning", present.get("spoiler_text") or "")
    body: dict[str, Any] = {"status": logic.wording(draft), "spoiler_text": warning, "sensitive": bool(warning)}
    media = [str(piece["id"]) for piece in present.get("media_attachments", [])]
    if media:
        body["media_ids"] = media
    if re.fullmatch(r"[a-z]{2,3}", draft.language):
        body["language"] = draft.language
    if poll := present.get("poll"):
        if poll.get("expired"):
            return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="its poll has ended")
        body["poll"] = _the_same(session, poll)
    return client.write(session, "PUT", f"/api/v1/statuses/{remote_id}", json=body)


def _the_same(session: Session, poll: Mapping[str, Any]) -> dict[str, Any]:
    """With the same answers nobody's vote is lost; it ends when it would have ended."""
    ends, now = logic.moment(poll.get("expires_at")), session.now or datetime.now(UTC)
    seconds = max(SHORTEST, int((ends - now).total_seconds())) if ends else 86_400
    titles = [str(one.get("title", "")) for one in poll.get("options", ())]
    return {"options": titles, "expires_in": seconds, "multiple": bool(poll.get("multiple"))}


def delete(session: Session, remote_id: str) -> Outcome:
    """Take a post away. One that is not there any more counts as taken away."""
    outcome = client.write(session, "DELETE", f"/api/v1/statuses/{remote_id}")
    if outcome.verdict is not Verdict.DONE and outcome.answer.startswith(("404", "410")) and _is_home(session):
        return Outcome(Verdict.DONE, remote_id, answer="was not there any more")
    return outcome


def _is_home(session: Session) -> bool:
    """Whether this is the server of our account: else "not found" says nothing about the post."""
    try:
        return bool(client.me(session))
    except client.Failed:
        return False
