"""Reads of the conversations room. First parameter `person`; missing and not for you are the same."""

from koor.flow.conversations.queries.figures import answered, how_many_wait, unsure, waiting_for_anybody
from koor.flow.conversations.queries.lists import (
    Queue,
    Row,
    arrived_since,
    as_rows,
    how_many_wait_for,
    inbox,
    listed,
    of_contact,
    operator_list,
    saying,
    talk,
    waiting_for,
)
from koor.flow.conversations.queries.one import (
    Thread,
    conversation,
    conversations_of_mentions,
    message,
    thread,
    who_knows,
)
from koor.flow.conversations.queries.reasons import why
from koor.flow.conversations.queries.wishing import Wished, wished_in, with_wishes

__all__ = [
    "Queue",
    "Row",
    "Thread",
    "Wished",
    "answered",
    "arrived_since",
    "as_rows",
    "conversation",
    "conversations_of_mentions",
    "how_many_wait",
    "how_many_wait_for",
    "inbox",
    "listed",
    "message",
    "of_contact",
    "operator_list",
    "saying",
    "talk",
    "thread",
    "unsure",
    "waiting_for",
    "waiting_for_anybody",
    "who_knows",
    "why",
    "wished_in",
    "with_wishes",
]
