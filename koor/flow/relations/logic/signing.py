"""How a message to another system is signed, and what its answer means: it arrived, or when it is tried again."""

from dataclasses import dataclass

from koor.kernel.signed import MARK, headers, read, signature, written

__all__ = ["MARK", "Outcome", "headers", "outcome", "read", "signature", "wait", "written"]

TRIES = 8
STEPS = (1, 5, 15, 60, 180, 360, 720)  # minutes before each next try
TRY_AGAIN = frozenset({408, 409, 423, 425, 429})  # of the answers that say no, those that may say yes later


@dataclass(frozen=True)
class Outcome:
    """What an answer means: it arrived; or not, and whether trying again may help."""

    arrived: bool
    again: bool


def outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(arrived=True, again=False)
    return Outcome(arrived=False, again=status >= 500 or status in TRY_AGAIN)


def wait(attempts: int) -> int:
    """Minutes until the next try."""
    return STEPS[min(max(attempts, 1), len(STEPS)) - 1]
