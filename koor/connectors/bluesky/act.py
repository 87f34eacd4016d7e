"""What we do with a message of somebody else. A like and a block are records of our own, whose name follows from what
they are about: so twice is once, and taking back finds it. Sources: the lexicons in README.md."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from koor.connectors.bluesky import client, correct, hide, publish
from koor.connectors.bluesky.client import Failed
from koor.ground.channels import logic
from koor.ground.channels.contract import Act, Because, Outcome, Session, Verdict

MOST_WORDS = 2000  # of a report
COLLECTIONS = {Act.LIKE: "app.bsky.feed.like", Act.BLOCK: "app.bsky.graph.block"}
TID = re.compile(r"[2-7a-j][2-7a-z]{12}")
NOT_A_POST = Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="this is no post on Bluesky")


def act(session: Session, deed: Act, remote_id: str, words: str = "") -> Outcome:
    """Do it. A like and a report name one version of the post, so that is read first."""
    writer, _collection, rkey = publish.parts_of(remote_id)
    if not rkey:
        return NOT_A_POST
    try:
        if deed is Act.MUTE:
            return _plain(session, "app.bsky.graph.muteActor", writer)
        if deed is Act.HIDE:
            return hide.hide(session, remote_id, hidden=True)
        if deed is Act.BLOCK:
            return _kept(session, deed, writer, writer)
        post = _version_of(session, remote_id)
        if isinstance(post, Outcome):
            return post
        return _kept(session, deed, remote_id, post) if deed is Act.LIKE else _reported(session, post, words)
    except Failed as failed:
        return failed.outcome


def undo(session: Session, deed: Act, remote_id: str) -> Outcome:
    """Take it back; what was taken back already stays so."""
    writer, _collection, rkey = publish.parts_of(remote_id)
    if not rkey:
        return NOT_A_POST
    try:
        if deed is Act.MUTE:
            return _plain(session, "app.bsky.graph.unmuteActor", writer)
        if deed is Act.HIDE:
            return hide.hide(session, remote_id, hidden=False)
        about = remote_id if deed is Act.LIKE else writer
        us = client.login(session)
    except Failed as failed:
        return failed.outcome
    return correct.delete(session, f"at://{us.did}/{COLLECTIONS[deed]}/{name_for(about)}")


def _version_of(session: Session, uri: str) -> dict[str, str] | Outcome:
    """The post with the hash of what it says now, or what became of it when that can't be read."""
    try:
        return publish.version_of(publish.seen(session, uri))
    except Failed as failed:
        return logic.not_begun(failed.outcome)


def _kept(session: Session, deed: Act, about: str, subject: Any) -> Outcome:
    """A record under a name of its own; one that is there already is as good."""
    us = client.login(session)
    collection, rkey = COLLECTIONS[deed], name_for(about)
    uri = f"at://{us.did}/{collection}/{rkey}"
    record = {"$type": collection, "subject": subject, "createdAt": publish.written(logic.moment_of(session))}
    body = {"repo": us.did, "collection": collection, "rkey": rkey, "record": record, "swapRecord": None}
    response = client.write(session, "com.atproto.repo.putRecord", body)
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, dict) and found.get("uri") == uri:
        return Outcome(Verdict.DONE, uri, answer="200")
    failed = client.failure(session, response)
    return Outcome(Verdict.DONE, uri, answer="was there already") if failed.code == "InvalidSwap" else failed.outcome


def _plain(session: Session, name: str, writer: str) -> Outcome:
    """A deed that the service answers with nothing: a 200 with a page in it is somebody else's."""
    response = client.write(session, name, {"actor": writer})
    if response.status == 200 and response.content.strip() in (b"", b"{}"):
        return Outcome(Verdict.DONE, writer, answer="200")
    return client.failure(session, response).outcome


def _reported(session: Session, post: dict[str, str], words: str) -> Outcome:
    """To the moderators whom the account's server works with."""
    subject = {"$type": "com.atproto.repo.strongRef", **post}
    body = {"reasonType": "com.atproto.moderation.defs#reasonOther", "subject": subject, "reason": words[:MOST_WORDS]}
    response = client.write(session, "com.atproto.moderation.createReport", body)
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, dict) and isinstance(found.get("id"), int) and "subject" in found:
        return Outcome(Verdict.DONE, str(found["id"]), answer="200")
    return client.failure(session, response).outcome


def name_for(about: str) -> str:
    """The name of a record about something: a TID with the moment of that something, and ten bits of it."""
    digest = hashlib.sha256(about.encode()).digest()
    rkey = about.rsplit("/", 1)[-1]
    if not TID.fullmatch(rkey):  # a person has no moment: one within the year 2024
        micros = 1_704_067_200_000_000 + int.from_bytes(digest[:8]) % 31_000_000_000_000
        return publish.sortable(micros << 10 | int.from_bytes(digest[8:10]) & 1023)
    return rkey[:11] + "".join(publish.SORTABLE[byte & 31] for byte in digest[:2])
