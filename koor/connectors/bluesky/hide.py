"""Hiding an answer: only who began a thread can, by a record beside its first post (a threadgate) that names what is
hidden. Whoever else keeps rules in that record finds them as they were. Sources: README.md."""

from __future__ import annotations

from typing import Any

from koor.connectors.bluesky import client, publish
from koor.connectors.bluesky.client import Failed
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Outcome, Session, Verdict

GATE = "app.bsky.feed.threadgate"
MOST = 300  # hidden answers in one thread
TRIES = 3  # somebody else may change the record at the same moment
NOT_AN_ANSWER = Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="this answers nothing")
NOT_OURS = Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="only who began the thread hides answers")
TOO_MANY = Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="no more answers can be hidden there")


def hide(session: Session, uri: str, hidden: bool) -> Outcome:
    """Hide an answer, or show it again; what is so already stays so. Raises `Failed`."""
    root = _root_of(session, uri)
    if not root:
        return NOT_AN_ANSWER
    us = client.login(session)
    writer, _collection, rkey = publish.parts_of(root)
    if writer != us.did:
        return NOT_OURS
    for _try in range(TRIES):
        gate, version = _gate(session, root, f"at://{us.did}/{GATE}/{rkey}")
        known = [one for one in gate.get("hiddenReplies", ()) if isinstance(one, str)]
        if (uri in known) == hidden:
            return Outcome(Verdict.DONE, uri, answer="was so already")
        told = [*known, uri] if hidden else [one for one in known if one != uri]
        if len(told) > MOST:
            return TOO_MANY
        body = {"repo": us.did, "collection": GATE, "rkey": rkey, "record": {**gate, "hiddenReplies": told}}
        outcome = _put(session, {**body, "swapRecord": version}, f"at://{us.did}/{GATE}/{rkey}", uri)
        if outcome is not None:
            return outcome
    return Outcome(Verdict.DEFINITELY_NOT, because=Because.NOT_REACHED, answer="somebody changes it all the time")


def _root_of(session: Session, uri: str) -> str:
    """The post that the thread of an answer began with. Raises `Failed` when that can't be read."""
    try:
        record = publish.seen(session, uri).get("record")
    except Failed as failed:
        raise Failed(logic.not_begun(failed.outcome), code=failed.code) from failed
    reply = record.get("reply") if isinstance(record, dict) else None
    root = reply.get("root") if isinstance(reply, dict) else None
    found = root.get("uri") if isinstance(root, dict) else None
    return found if isinstance(found, str) and publish.parts_of(found)[2] else ""


def _gate(session: Session, root: str, uri: str) -> tuple[dict[str, Any], str | None]:
    """The record as it is, with its version; a new one, in which everybody may answer, where there is none."""
    try:
        found = publish.kept(session, uri)
    except Failed as failed:
        if failed.code != "RecordNotFound":
            raise Failed(logic.not_begun(failed.outcome), code=failed.code) from failed
        return {"$type": GATE, "post": root, "createdAt": publish.written(logic.moment_of(session))}, None
    value = found.get("value")
    if not isinstance(value, dict) or not isinstance(found.get("cid"), str):
        raise Failed(logic.not_begun(logic.unknown("no record in the answer")))
    return value, str(found["cid"])


def _put(session: Session, body: dict[str, Any], gate: str, uri: str) -> Outcome | None:
    """None: somebody else changed it since it was read."""
    response = client.write(session, "com.atproto.repo.putRecord", body)
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, dict) and found.get("uri") == gate and "error" not in found:
        return Outcome(Verdict.DONE, uri, answer="200")
    failed = client.failure(session, response)
    return None if failed.code == "InvalidSwap" else failed.outcome
