"""Taking a post away: deleting its record, which may be done twice."""

from __future__ import annotations

from koor.connectors.bluesky import client, publish
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, NotSent, Outcome, Session, Unclear, Verdict


def delete(session: Session, remote_id: str) -> Outcome:
    """Take a post away. One that is not there any more counts as taken away: the server does not tell them apart."""
    repo, collection, rkey = publish.parts_of(remote_id)
    try:
        us = client.login(session)
    except client.Failed as failed:
        return failed.outcome
    if not rkey or repo != us.did:
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="this is no post of this account")
    body = {"repo": repo, "collection": collection, "rkey": rkey}
    try:
        response = client.ask(session, "POST", "com.atproto.repo.deleteRecord", token=us.token, json=body)
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, dict) and "error" not in found:
        return Outcome(Verdict.DONE, remote_id, answer="200")
    return client.failure(session, response).outcome
