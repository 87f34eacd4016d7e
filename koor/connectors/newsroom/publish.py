"""Posting in the newsroom: the page is made from the row in the ledger; marked as published is being public."""

from __future__ import annotations

import base64
import hashlib

from koor.connectors.newsroom.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Attempt, Draft, Outcome, Prepared, Seen, Session, Verdict


def prepare(session: Session, draft: Draft) -> Prepared:
    """Check the limits; the media are in the house already."""
    limits = session.limits or MANIFEST.limits
    return logic.problem(draft, limits, logic.length(draft, limits)) or Prepared()


def send(session: Session, attempt: Attempt) -> Outcome:
    """Always done: number and address follow from the key, so a second time gives the same page."""
    return Outcome(Verdict.DONE, number(attempt.key), path(attempt.key), answer="kept")


def find(session: Session, attempt: Attempt) -> Seen:
    """The page is the caller's own row; there is nothing that could be missing."""
    return Seen(number(attempt.key), path(attempt.key))


def number(key: str) -> str:
    """Ten signs that can't be guessed from another page, in small letters and digits."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest())[:10].decode().lower()


def path(key: str) -> str:
    """The page's address inside the house; the caller puts the house's own name before it."""
    return f"/newsroom/{number(key)}/"
