"""Pure decisions of the conversations room: no Django, no database."""

from koor.flow.conversations.logic.routing import NOBODY, Decision, Presence, Reason, Situation, route
from koor.flow.conversations.logic.words import (
    LONGEST_ANSWER,
    LONGEST_KNOWN,
    PREVIEW,
    SNOOZES,
    asks_for_an_answer,
    clean,
    greeted,
    preview,
    snooze_until,
    waiting_from,
    wants_conversation,
)

__all__ = [
    "LONGEST_ANSWER",
    "LONGEST_KNOWN",
    "NOBODY",
    "PREVIEW",
    "SNOOZES",
    "Decision",
    "Presence",
    "Reason",
    "Situation",
    "asks_for_an_answer",
    "clean",
    "greeted",
    "preview",
    "route",
    "snooze_until",
    "waiting_from",
    "wants_conversation",
]
