"""Facts of publishing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PostReleased:
    """A post left its maker's hands; its rows are scheduled."""

    post_id: int


@dataclass(frozen=True)
class TargetPublished:
    """One row is up on its platform."""

    target_id: int


@dataclass(frozen=True)
class TargetFailed:
    """A row ended in rejected or missed, or is on a person's list (needs_person)."""

    target_id: int


@dataclass(frozen=True)
class TargetByHand:
    """A row waits for somebody to post it by hand."""

    target_id: int


@dataclass(frozen=True)
class EffectNoted:
    """Somebody noted what came of a row, or took that back."""

    target_id: int


@dataclass(frozen=True)
class PostSentToBuddy:
    post_id: int
