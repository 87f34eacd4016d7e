"""What we do with a message of somebody else: docs, methods/statuses (favourite), methods/accounts (mute, block) and
methods/reports. All but a report may be asked twice; the documentation promises nothing for a second report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from koor.connectors.mastodon import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Act, Outcome, Session, Verdict

MOST_WORDS = 1000  # "comment ... maximum of 1000 characters"
_WITH_A_POST = {Act.LIKE: ("favourite", "unfavourite")}
_WITH_ITS_WRITER = {Act.MUTE: ("mute", "unmute", "muting"), Act.BLOCK: ("block", "unblock", "blocking")}


def act(session: Session, deed: Act, remote_id: str, words: str = "") -> Outcome:
    """Do it. For what concerns its writer the post is read first, to know who that is."""
    if deed in _WITH_A_POST:
        return client.write(session, "POST", f"/api/v1/statuses/{remote_id}/{_WITH_A_POST[deed][0]}")
    try:
        writer = _writer(session, remote_id)
    except client.Failed as failure:
        return logic.not_begun(failure.outcome)
    if deed in _WITH_ITS_WRITER:
        way, _back, proof = _WITH_ITS_WRITER[deed]
        return client.write(session, "POST", f"/api/v1/accounts/{writer}/{way}", proof=_says(proof, True))
    body = {"account_id": writer, "status_ids": [remote_id], "comment": words[:MOST_WORDS], "forward": True}
    return client.write(session, "POST", "/api/v1/reports", proof=_is_report, json=body)


def undo(session: Session, deed: Act, remote_id: str) -> Outcome:
    """Take it back; what was taken back already stays so."""
    if deed in _WITH_A_POST:
        return client.write(session, "POST", f"/api/v1/statuses/{remote_id}/{_WITH_A_POST[deed][1]}")
    try:
        writer = _writer(session, remote_id)
    except client.Failed as failure:
        return logic.not_begun(failure.outcome)
    _way, back, proof = _WITH_ITS_WRITER[deed]
    return client.write(session, "POST", f"/api/v1/accounts/{writer}/{back}", proof=_says(proof, False))


def _writer(session: Session, remote_id: str) -> str:
    post = client.read(session, f"/api/v1/statuses/{remote_id}")
    if not client.is_status(post):
        raise client.Failed(Outcome(Verdict.UNKNOWN, answer="no status in the answer"))
    return str(post["account"]["id"])


def _says(name: str, wanted: bool) -> Callable[[Any], bool]:
    return lambda found: isinstance(found, Mapping) and bool(found.get("id")) and found.get(name) is wanted


def _is_report(found: Any) -> bool:
    return isinstance(found, Mapping) and bool(found.get("id")) and "action_taken" in found
