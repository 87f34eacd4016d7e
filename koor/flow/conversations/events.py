"""Facts of conversations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageArrived:
    message_id: int


@dataclass(frozen=True)
class ConversationAnswered:
    message_id: int


@dataclass(frozen=True)
class ConversationAssigned:
    conversation_id: int


@dataclass(frozen=True)
class ConversationDone:
    conversation_id: int
