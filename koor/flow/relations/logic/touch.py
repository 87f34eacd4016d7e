"""Pure decisions about being in touch: what a line shows, when a relation is quiet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

USUAL_RHYTHM = 90  # days
RHYTHMS = (14, 30, 60, 90, 180, 365)  # days
NO_NEED = 0
NOT_NOW = 14  # days
LONGEST_SENTENCE = 300  # characters
SHOWN = 90  # characters of a sentence on the line

# How somebody was met by hand, as conversations call it, and the kind of touch that it is
BY_CHANNEL = {"telephone": "call", "at the door": "visit", "e-mail": "mail", "elsewhere": "met"}


def kind_of(direction: str, channel: str) -> str:
    """The kind of touch that a message of a conversation is."""
    by_hand = BY_CHANNEL.get(channel)
    if by_hand:
        return by_hand
    return {"in": "message_in", "out": "message_out"}.get(direction, "note")


def one_line(text: str, most: int = LONGEST_SENTENCE) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text[: most * 4].split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


@dataclass(frozen=True)
class Moment:
    """A touch as the line sees it. `thread` tells which belong to one talk; empty: by itself."""

    kind: str
    day: date
    thread: str
    at: datetime


def in_one(moments: Sequence[Moment]) -> list[list[int]]:
    """Which touches stand together on the line, as positions: what was said back and forth on one day in one
    conversation is one moment. The moments come in the order of time."""
    groups: list[list[int]] = []
    for position, moment in enumerate(moments):
        before = moments[groups[-1][0]] if groups else None
        if before and moment.thread and (before.thread, before.day) == (moment.thread, moment.day):
            groups[-1].append(position)
        else:
            groups.append([position])
    return groups
