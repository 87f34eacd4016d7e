"""Posting once. The film is brought as private; the one step that shows it may be done twice without effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from koor.connectors.youtube import client, limits, upload
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    NotSeen,
    NotSent,
    Outcome,
    Prepared,
    Response,
    Seen,
    Session,
    Unclear,
    Verdict,
)
from koor.ground.channels.contract import message_id as _

CLOCKS_DIFFER = timedelta(minutes=10)  # between YouTube's clock and ours, at most
STAYS_PRIVATE = "YouTube keeps it private: YouTube Studio tells why"


def prepare(session: Session, draft: Draft) -> Prepared:
    """Check the limits and bring the film, which nobody sees yet."""
    held = session.limits or limits.limits_for(session.settings)
    problem = logic.problem(draft, held, limits.length(draft, held)) or limits.problem(draft)
    if problem or draft.in_reply_to:
        return problem or Prepared()
    try:
        return Prepared(handle=upload.brought(session, draft))
    except client.Failed as failed:
        return _could_not(failed)
    except OSError:
        return Prepared(problem=_("The file can't be read at the moment."), because=Because.NONE)


def _could_not(failed: client.Failed) -> Prepared:
    sentences = {
        Because.AUTH: _("YouTube no longer lets this account in."),
        Because.RATE: _("What YouTube lets the application do in a day is used up. It goes on by itself."),
        Because.REJECTED: _("YouTube does not take this: %(answer)s"),
    }
    return logic.not_prepared(failed, sentences, _("YouTube could not be reached: %(answer)s"))


def privacy(draft: Draft) -> str:
    chosen = draft.options.get("privacy", "")
    return chosen if chosen in ("unlisted", "private") else "public"


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that shows the film, or says the comment."""
    draft = attempt.draft
    try:
        if draft.in_reply_to:
            name, body = comment(draft)
            query = {"part": "snippet"}
            response = client.ask(session, "POST", f"{client.API}/{name}", query=query, json=body)
            return _said(session, response)
        body = {"id": _video(attempt), "status": upload.status(draft, privacy(draft))}
        response = client.ask(session, "PUT", f"{client.API}/videos", query={"part": "status"}, json=body)
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    return _classified(session, attempt, response)


def _video(attempt: Attempt) -> str:
    return str(attempt.prepared.handle.get("video", ""))


def _classified(session: Session, attempt: Attempt, response: Response) -> Outcome:
    video, found = _video(attempt), logic.json_of(response)
    if response.status == 200 and isinstance(found, dict) and video and found.get("id") == video:
        shown = _privacy_of(found)
        if shown == privacy(attempt.draft):
            return Outcome(Verdict.DONE, video, client.address(video), answer="200")
        if shown == "private":
            return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer=STAYS_PRIVATE)
    return client.refusal(session, response) or logic.unknown(client.said(response, session))


def _privacy_of(video: Mapping[str, Any]) -> str:
    status = video.get("status")
    return str(status.get("privacyStatus", "")) if isinstance(status, dict) else ""


def comment(draft: Draft) -> tuple[str, dict[str, Any]]:
    """Where an answer goes and how: under a comment, or under a film."""
    text = logic.wording(draft)
    if client.is_comment(draft.in_reply_to):  # an answer to an answer stands under the same comment
        return "comments", {"snippet": {"parentId": draft.in_reply_to.split(".")[0], "textOriginal": text}}
    top = {"snippet": {"textOriginal": text}}
    return "commentThreads", {"snippet": {"videoId": draft.in_reply_to, "topLevelComment": top}}


def _said(session: Session, response: Response) -> Outcome:
    found = logic.json_of(response)
    number = found.get("id") if isinstance(found, dict) and isinstance(found.get("snippet"), dict) else None
    if response.status == 200 and isinstance(number, str) and number:
        return Outcome(Verdict.DONE, number, answer="200")
    return client.refusal(session, response) or logic.unknown(client.said(response, session))


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Look how the film stands, or among the comments."""
    try:
        if attempt.draft.in_reply_to:
            return _among_comments(session, attempt)
        video = _video(attempt)
        rows = client.read(session, "videos", part="status", id=video or "none")["items"]
    except client.Failed as failed:
        return CannotKnow(failed.outcome.answer)
    if not video or not rows or not isinstance(rows[0], dict):
        return CannotKnow("the film is not at YouTube")
    shown = _privacy_of(rows[0])
    if shown == privacy(attempt.draft):
        return Seen(video, client.address(video))
    return NotSeen() if shown == "private" else CannotKnow(f"the film is {shown or 'in no known state'}")


def _among_comments(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    ours, draft = client.my_channel(session), attempt.draft
    if client.is_comment(draft.in_reply_to):
        name, place = "comments", {"parentId": draft.in_reply_to.split(".")[0]}
    else:
        name, place = "commentThreads", {"videoId": draft.in_reply_to, "order": "time"}
    found = client.read(session, name, part="snippet", maxResults="100", textFormat="plainText", **place)
    for row in found["items"]:
        if _is_it(attempt, ours, row):
            return Seen(str(row["id"]))
    return CannotKnow("more comments than were read") if found.get("nextPageToken") else NotSeen()


def _is_it(attempt: Attempt, ours: str, row: Any) -> bool:
    snippet = row.get("snippet") if isinstance(row, dict) else None
    top = snippet.get("topLevelComment") if isinstance(snippet, dict) else None
    snippet = top.get("snippet") if isinstance(top, dict) else snippet
    if not isinstance(snippet, dict) or not row.get("id") or str(row["id"]) in attempt.taken:
        return False
    writer, at = snippet.get("authorChannelId"), logic.moment(snippet.get("publishedAt"))
    if not isinstance(writer, dict) or writer.get("value") != ours:
        return False
    if at is not None and at < attempt.started_at - CLOCKS_DIFFER:
        return False
    said = str(snippet.get("textOriginal") or snippet.get("textDisplay") or "")
    return "".join(said.split()) == "".join(logic.wording(attempt.draft).split())
