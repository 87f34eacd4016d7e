"""A stream that stays open: where it is, and what its messages say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from koor.ground.channels.contract import Broken, Incoming


class NamesLater(Exception):
    """Raised by `named`: who said it can't be had now. What was said waits, for who was erased stays away by name."""


@dataclass(frozen=True)
class Opening:
    """A line to be opened (`wss://…`)."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    most: int = 5_000_000  # bytes of one message
    named_by: str = ""  # the other side (`https://…`) that gave this address, when it did


@dataclass(frozen=True)
class Told:
    """What one message says. Nothing at all is said by a heartbeat, and by what is not for this source."""

    items: tuple[Incoming, ...] = ()
    broken: tuple[Broken, ...] = ()
    cursor: str = ""  # where to go on from after it; empty: it does not say
    at: datetime | None = None  # when the other side sent it; aware
    lost: bool = False  # what came before it can't be had any more
    problem: str = ""  # the other side ends it, in a sentence (a message id)
