"""Making an issue. Nothing leaves the house here: who gets a copy, and who has it, is kept by the room above."""

from __future__ import annotations

from hashlib import sha256

from koor.connectors.newsletter import readers
from koor.connectors.newsletter.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    Draft,
    Outcome,
    Prepared,
    Seen,
    Session,
    Verdict,
)
from koor.ground.channels.contract import message_id as _


def prepare(session: Session, draft: Draft) -> Prepared:
    """Whether a letter of it fits, and whether it has a subject."""
    limits = session.limits or MANIFEST.limits
    problem = logic.problem(draft, limits, logic.length(draft, limits))
    if problem:
        return problem
    if draft.in_reply_to:
        sentence = _("A newsletter answers nobody. Answer with an e-mail address of the house.")
        return Prepared(problem=sentence, because=Because.REJECTED)
    if sum(one.bytes_long for one in draft.media) * 4 // 3 > readers.MOST_BYTES:
        sentence = _("With these pictures each letter is larger than 8 MB. Leave some out.")
        return Prepared(problem=sentence, because=Because.REJECTED)
    return Prepared()


def send(session: Session, attempt: Attempt) -> Outcome:
    """Always done: an issue is the caller's own row."""
    return Outcome(Verdict.DONE, number(attempt.key), answer="kept")


def find(session: Session, attempt: Attempt) -> Seen:
    """An issue is the caller's own row; there is nothing that could be missing."""
    return Seen(number(attempt.key))


def number(key: str) -> str:
    return f"issue-{sha256(key.encode()).hexdigest()[:20]}"
