"""Platforms of the five delivery classes. Each counts the copies that are live: they say whether a post is up."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from koor.flow.publishing.logic import delivery as logic
from koor.ground.channels.contract import Delivery

KEY_LASTS = 3600.0  # seconds that an idempotency key is remembered
LATEST = 900.0  # seconds after a request that the platform may still act upon it


@dataclass(frozen=True)
class Answer:
    """What the connector makes of it, and how many seconds later."""

    verdict: str
    because: str = ""
    retry_after: int | None = None
    seconds: float = 0.3


@dataclass
class Copy:
    key: str
    live_at: float


@dataclass
class Platform:
    """`odd`: how often it answers otherwise than it should, 0 to 1. `late`: whether it may act up to LATEST after."""

    delivery: Delivery
    random: Random
    odd: float
    late: bool
    honours_keys: bool = True
    copies: list[Copy] = field(default_factory=list)

    def request(self, key: str, now: float) -> Answer:
        """The step that makes a post public."""
        if self.random.random() >= self.odd:
            self._post(key, now)
            return Answer(logic.DONE)
        return self.random.choice((self._refuse, self._refuse, self._fail_silently, self._do_and_fail))(key, now)

    def find(self, key: str, now: float) -> tuple[str, float]:
        """What is read back, and after how many seconds."""
        seconds = self.random.choice((0.2, 0.2, 5.0, 70.0)) if self.random.random() < self.odd else 0.2
        if self.delivery == Delivery.BLIND or self.random.random() < self.odd / 3:
            return logic.CANNOT_KNOW, seconds
        there = any(copy.key == key and copy.live_at <= now for copy in self.copies)
        return (logic.SEEN if there else logic.NOT_SEEN), seconds

    def _refuse(self, key: str, now: float) -> Answer:
        """Certain: it did not go."""
        because = self.random.choice((logic.RATE, logic.AUTH, logic.NOT_REACHED, logic.NOT_REACHED, logic.REFUSED))
        after = self.random.choice((None, 0, -5, 30, 600, 10**9)) if because == logic.RATE else None
        return Answer(logic.DEFINITELY_NOT, because, after)

    def _fail_silently(self, key: str, now: float) -> Answer:
        """An error, a page, nothing in time: and it did not go."""
        return Answer("unknown", seconds=self._how_long())

    def _do_and_fail(self, key: str, now: float) -> Answer:
        """The same, and it did go, or will."""
        self._post(key, now + (self.random.uniform(0, LATEST) if self.late else 0))
        return Answer("unknown", seconds=self._how_long())

    def _how_long(self) -> float:
        return self.random.choice((0.1, 2.0, 30.0, 59.0, 75.0))

    def _post(self, key: str, at: float) -> None:
        if not self._knows(key, at):
            self.copies.append(Copy(key, at))

    def _knows(self, key: str, at: float) -> bool:
        """Whether it takes this for the same post as before."""
        same = [copy for copy in self.copies if copy.key == key]
        if self.delivery == Delivery.KEY:
            return self.honours_keys and any(abs(at - copy.live_at) < KEY_LASTS for copy in same)
        return self.delivery in (Delivery.CLIENT_ID, Delivery.STAGED) and bool(same)
