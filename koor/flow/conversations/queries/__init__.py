"""Reads of the conversations room. First parameter `person`; missing and not for you are the same."""

from koor.flow.conversations.queries.figures import answered, count_open, count_waiting, usual_wait
from koor.flow.conversations.queries.lists import Queue, Row, inbox, listed, of_contact, operator_list, talk
from koor.flow.conversations.queries.one import (
    Thread,
    conversation,
    conversation_of_mention,
    message,
    thread,
)
from koor.flow.conversations.queries.reasons import why

__all__ = [
    "Queue",
    "Row",
    "Thread",
    "answered",
    "conversation",
    "conversation_of_mention",
    "count_open",
    "count_waiting",
    "inbox",
    "listed",
    "message",
    "of_contact",
    "operator_list",
    "talk",
    "thread",
    "usual_wait",
    "why",
]
