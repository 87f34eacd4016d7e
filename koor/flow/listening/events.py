"""Facts of listening."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MentionStored:
    """A new mention came in that asks for a look: a query met it, or it was addressed to one of our accounts."""

    mention_id: int


@dataclass(frozen=True)
class ReactionHeard:
    """Somebody whom we know liked or shared a post of ours, or follows us. What it was stands in the event."""

    event_id: int
    contact_id: int


@dataclass(frozen=True)
class EnclosureReady:
    """A file that came with what somebody said can be shown, or never will be."""

    enclosure_id: int


@dataclass(frozen=True)
class MentionChanged:
    """Whoever said something said it in other words, or took it back: then the mention is no longer there."""

    change_id: int
    mention_id: int | None = None  # none when it never came in


@dataclass(frozen=True)
class MentionLabelled:
    """Somebody marked a mention, or took the mark away."""

    mention_id: int


@dataclass(frozen=True)
class BurstSeen:
    """Of something there is so much more than usual that a person should look."""

    burst_id: int
