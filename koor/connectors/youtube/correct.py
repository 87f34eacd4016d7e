"""Setting right what was said: title and text of a film, the words of a comment, or taking it away."""

from __future__ import annotations

from typing import Any

from koor.connectors.youtube import client, limits
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, NotSent, Outcome, Session, Unclear, Verdict


def edit(session: Session, remote_id: str, draft: Draft) -> Outcome:
    """Other words. Of a film what is not changed is sent along: what is left out YouTube forgets."""
    if client.is_comment(remote_id):
        body: dict[str, Any] = {"id": remote_id, "snippet": {"textOriginal": logic.wording(draft)}}
        return _written(session, "PUT", "comments", {"part": "snippet"}, remote_id, json=body)
    try:
        rows = client.read(session, "videos", part="snippet", id=remote_id)["items"]
    except client.Failed as failed:
        because = failed.outcome.because or Because.NOT_REACHED
        wait = failed.outcome.retry_after
        return Outcome(Verdict.DEFINITELY_NOT, because=because, retry_after=wait, answer=failed.outcome.answer)
    present = rows[0].get("snippet") if rows and isinstance(rows[0], dict) else None
    if not isinstance(present, dict):
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="the film is not at YouTube")
    stays = {key: present[key] for key in ("tags", "categoryId", "defaultLanguage", "title") if key in present}
    changed = {"description": logic.wording(draft), **({"title": limits.title_of(draft)} if draft.title else {})}
    body = {"id": remote_id, "snippet": stays | changed}
    return _written(session, "PUT", "videos", {"part": "snippet"}, remote_id, json=body)


def delete(session: Session, remote_id: str) -> Outcome:
    """Take it away. What is not there any more counts as taken away."""
    name = "comments" if client.is_comment(remote_id) else "videos"
    return _written(session, "DELETE", name, {"id": remote_id}, remote_id)


def _written(session: Session, method: str, name: str, query: dict[str, str], number: str, **body: Any) -> Outcome:
    try:
        response = client.ask(session, method, f"{client.API}/{name}", query=query, **body)
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    found = logic.json_of(response)
    whole = response.status == 200 and isinstance(found, dict) and found.get("id") == number and "snippet" in found
    gone = response.status == 404 and client.reasons(response) & {"videoNotFound", "commentNotFound"}
    if method == "DELETE" and (response.status == 204 or gone):
        return Outcome(Verdict.DONE, number, answer=str(response.status))
    if method != "DELETE" and whole:
        return Outcome(Verdict.DONE, number, answer="200")
    return client.refusal(session, response) or logic.unknown(client.said(response, session))
