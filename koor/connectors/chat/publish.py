"""Posting once. A webhook gives nothing by which a message could be found again: a person looks in the channel."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from urllib.parse import urlsplit

from koor.connectors.chat import limits, wording
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    NotSent,
    Outcome,
    Prepared,
    Response,
    Session,
    Unclear,
    Verdict,
)
from koor.ground.channels.contract import message_id as _
from koor.kernel.addresses import parse_allowed

SECONDS = 30.0
# Where a webhook of each chat lives. Mattermost runs on a server of one's own: any that the door lets us call.
HOSTS = {
    "slack": re.compile(r"hooks\.slack(-gov)?\.com"),
    "teams": re.compile(r"[a-z0-9.-]+\.(logic\.azure\.com|api\.powerplatform\.com|webhook\.office\.com)"),
    "mattermost": re.compile(r"[a-z0-9.:-]+"),
}
# What each says when it takes nothing (status, word): the account needs its owner, or the message has to change.
OWNER = re.compile(
    r"no_service|no_team|channel_not_found|channel_is_archived|invalid_token|team_disabled|user_not_found|"
    r"action_prohibited|posting_to_general_channel_denied|no_active_hooks|web\.incoming_webhook\."
)
REJECTED = re.compile(
    r"invalid_payload|invalid_blocks|no_text|msg_blocks_too_long|msg_too_long|too_many_attachments|rollup_error"
)


def prepare(session: Session, draft: Draft) -> Prepared:
    """Nothing goes out: whether it fits, and whether there is an address that it may go to."""
    held = session.limits or limits.limits_for(session.settings)
    problem = logic.problem(draft, held, limits.length(draft, held))
    if problem:
        return problem
    if not _may_be_called(session):
        sentence = _("This is no address of a webhook of the chosen chat. Copy it once more in the chat itself.")
        return Prepared(problem=sentence, because=Because.AUTH)
    return Prepared()


def _kind(session: Session) -> str:
    kind = session.settings.get("kind", "")
    return kind if kind in HOSTS else "slack"


def _may_be_called(session: Session) -> bool:
    """Only https and a host that is known for this chat, or one that the administrator named."""
    try:
        parts = urlsplit(session.secrets.get("address", "").strip())
        place = ((parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80))
        if parts.scheme not in ("http", "https") or not place[0]:
            return False
        if place in parse_allowed(os.environ.get("KOOR_ALLOW_HOSTS", "")):
            return True
    except ValueError:
        return False
    return parts.scheme == "https" and place[1] == 443 and bool(HOSTS[_kind(session)].fullmatch(place[0]))


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that puts it in the channel."""
    if not _may_be_called(session):
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.AUTH, answer="this is no address of a webhook")
    address = session.secrets["address"].strip()
    try:
        sent = wording.body(_kind(session), attempt.draft)
        response = session.http.request("POST", address, json=sent, timeout=SECONDS)
    except NotSent as error:
        return logic.not_reached(_without(error, address))
    except Unclear as error:
        return logic.unknown(str(_without(error, address)))
    return _classified(session, attempt, response)


def _without(error: Exception, address: str) -> Exception:
    """Who has the address can write in the channel, so it stands nowhere."""
    path = urlsplit(address).path
    said = str(error).replace(address, "…")
    return RuntimeError(said.replace(path, "…") if len(path) > 1 else said)


def _classified(session: Session, attempt: Attempt, response: Response) -> Outcome:
    kind, said = _kind(session), response.content[:2000].decode("utf-8", "replace").strip()
    taken = response.status == 200 and said == "ok"
    if kind == "teams":  # the workflow took it and answers with nothing; connectors of old said "1"
        taken = (response.status == 202 and not said) or (response.status == 200 and said in ("", "1"))
    if taken:
        number = f"hook-{sha256(attempt.key.encode()).hexdigest()[:20]}"
        return Outcome(Verdict.DONE, number, answer=str(response.status))
    no, status = Verdict.DEFINITELY_NOT, response.status
    word = OWNER.search(said) or REJECTED.search(said)
    answer = f"{status}: {word[0]}" if word else str(status)
    if status == 429:
        now = session.now or attempt.started_at
        return Outcome(no, because=Because.RATE, retry_after=logic.retry_after(response.headers, now), answer=answer)
    if status in (401, 403) or (status in (400, 404, 410) and OWNER.search(said)):
        return Outcome(no, because=Because.AUTH, answer=answer)
    if status in (400, 413) and REJECTED.search(said):
        return Outcome(no, because=Because.REJECTED, answer=answer)
    return logic.unknown(answer)


def find(session: Session, attempt: Attempt) -> CannotKnow:
    """A webhook only takes in."""
    return CannotKnow("a webhook tells nothing of what is in the channel")
