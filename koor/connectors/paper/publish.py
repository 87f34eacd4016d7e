"""Posting to paper: the row in the ledger is the post, so nothing can be lost or doubled."""

from __future__ import annotations

import hashlib

from koor.connectors.paper.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Attempt, Draft, Outcome, Prepared, Seen, Session, Verdict


def prepare(session: Session, draft: Draft) -> Prepared:
    """Check the limits; there is nothing to upload."""
    limits = session.limits or MANIFEST.limits
    return logic.problem(draft, limits, logic.length(draft, limits)) or Prepared()


def send(session: Session, attempt: Attempt) -> Outcome:
    """Always done: the number follows from the key, so a second time gives the same."""
    return Outcome(Verdict.DONE, number(attempt.key), answer="kept")


def find(session: Session, attempt: Attempt) -> Seen:
    """What was said to paper is kept by the caller; there is nothing that could be missing."""
    return Seen(number(attempt.key))


def number(key: str) -> str:
    return f"paper-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
