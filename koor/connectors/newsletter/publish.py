"""Making an issue. Nothing leaves the house here: who gets a copy, and who has it, is kept by the room above."""

from __future__ import annotations

from hashlib import sha256

from koor.connectors.newsletter import limits
from koor.connectors.newsletter.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Draft,
    Outcome,
    Prepared,
    Seen,
    Session,
    Verdict,
)


def prepare(session: Session, draft: Draft) -> Prepared:
    """Whether a letter of it fits, and whether it has a subject."""
    held = session.limits or MANIFEST.limits
    return logic.problem(draft, held, limits.length(draft, held)) or limits.problem(draft) or Prepared()


def send(session: Session, attempt: Attempt) -> Outcome:
    """Always done: an issue is the caller's own row."""
    return Outcome(Verdict.DONE, number(attempt.key), answer="kept")


def find(session: Session, attempt: Attempt) -> Seen:
    """An issue is the caller's own row; there is nothing that could be missing."""
    return Seen(number(attempt.key))


def number(key: str) -> str:
    return f"issue-{sha256(key.encode()).hexdigest()[:20]}"
