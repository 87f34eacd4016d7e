"""Setting right what was said: other words, or taking it away. Pictures stay as they are."""

from __future__ import annotations

import dataclasses
from typing import Any

from koor.connectors.linkedin import client, little, publish
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, NotSent, Outcome, Session, Unclear, Verdict


def edit(session: Session, remote_id: str, draft: Draft) -> Outcome:
    """Give a post or a comment other words."""
    if client.parts_of(remote_id)[0]:
        text = publish.comment(session, draft)["message"]["text"]
        return _written(session, _comment(session, remote_id), {"message": {"$set": {"text": text}}}, remote_id)
    text = little.wording(draft)
    try:
        said = little.commentary(text, publish.numbers_of(session, little.pages_named(text)))
    except client.Failed as failed:  # who is named was only looked up: nothing has changed
        return dataclasses.replace(failed.outcome, verdict=Verdict.DEFINITELY_NOT)
    return _written(session, f"/rest/posts/{client.path_of(remote_id)}", {"$set": {"commentary": said}}, remote_id)


def _comment(session: Session, urn: str) -> str:
    above, number = client.parts_of(urn)
    place = f"/rest/socialActions/{client.path_of(above)}/comments/{number}"
    return f"{place}?actor={client.path_of(client.author(session))}"


def _written(session: Session, path: str, patch: dict[str, Any], remote_id: str) -> Outcome:
    try:
        response = client.ask(session, "POST", path, rest="PARTIAL_UPDATE", json={"patch": patch})
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    comment = response.status == 200 and client.COMMENT.fullmatch(str(client.entity_of(response).get("commentUrn", "")))
    if response.status == 204 or comment:
        return Outcome(Verdict.DONE, remote_id, answer=str(response.status))
    return client.refusal(session, response) or logic.unknown(client.said(response, session))


def delete(session: Session, remote_id: str) -> Outcome:
    """Take it away. LinkedIn answers the same when it was not there any more."""
    comment = client.parts_of(remote_id)[0]
    path = _comment(session, remote_id) if comment else f"/rest/posts/{client.path_of(remote_id)}"
    try:
        response = client.ask(session, "DELETE", path, rest="DELETE")
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    if response.status == 204:
        return Outcome(Verdict.DONE, remote_id, answer="204")
    return client.refusal(session, response) or logic.unknown(client.said(response, session))
