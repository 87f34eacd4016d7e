"""Facts of conversations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageArrived:
    """Somebody outside said something, over a channel or as a colleague noted it."""

    message_id: int


@dataclass(frozen=True)
class MessageTakenBack:
    """Somebody outside took back what they said; the message is gone, or empty."""

    message_id: int


@dataclass(frozen=True)
class ConversationAnswered:
    """An answer of ours went on its way."""

    message_id: int


@dataclass(frozen=True)
class AnswerFailed:
    """An answer of ours never went out after all."""

    message_id: int


@dataclass(frozen=True)
class ColleagueNamed:
    """A note names colleagues."""

    message_id: int


@dataclass(frozen=True)
class MomentNoted:
    """A colleague noted a call, a visit or another moment of contact."""

    message_id: int


@dataclass(frozen=True)
class ConversationAssigned:
    conversation_id: int


@dataclass(frozen=True)
class FireOpened:
    """Something burns, or an exercise began."""

    fire_id: int
