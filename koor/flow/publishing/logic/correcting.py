"""Putting right what was said: what can be done on a place, and what is said there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

CORRECT, APOLOGISE, WITHDRAW = "correct", "apologise", "withdraw"
EDIT, REPLY, DELETE, NOTE, STOP, HAND = "edit", "reply", "delete", "note", "stop", "hand"
SAYS = frozenset({EDIT, REPLY, HAND})  # ways that need words


@dataclass(frozen=True)
class Place:
    """What is known of a row that is to be put right."""

    up: bool  # it is there, and nobody asked to take it away
    ready: bool  # it has not gone yet, and can be stopped
    known: bool  # we have the platform's own number of it
    ours: bool  # it stands in the house itself
    edits: bool
    deletes: bool
    replies: bool
    speaks: bool  # who puts it right may speak there
    removes: bool  # and take it away


def ways(kind: str, place: Place) -> tuple[str, ...]:
    """What can be done there, the best first; empty: there is nothing to put right."""
    if place.ready:
        return () if kind == APOLOGISE else (STOP,)
    if kind == WITHDRAW:
        return (DELETE,) if place.up and place.known and place.deletes and place.removes else (HAND,)
    if not (place.up and place.known):
        return (HAND,)
    edits, replies = place.edits and place.speaks, place.replies and not place.ours
    if kind == CORRECT:
        return (*((EDIT,) if edits else ()), *((REPLY,) if replies else ()), HAND)[: None if not place.ours else 1]
    if place.ours:
        return (NOTE,)
    return (*((REPLY,) if replies else ()), *((EDIT,) if edits else ()), HAND)


def mark(kind: str, way: str, said: str) -> str:
    """What a place was shown with, so that words that nobody changed follow the others."""
    return f"{kind}-{way}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def way_of(marked: str) -> tuple[str, str]:
    kind, _dash, rest = marked.partition("-")
    return kind, rest.partition("-")[0]


def own_words(marked: str, said: str, now: str) -> bool:
    """Whether somebody gave a place words of its own, for the way that it has now."""
    return marked.rsplit("-", 1)[0] == now.rsplit("-", 1)[0] and mark(*way_of(marked), said) != marked
