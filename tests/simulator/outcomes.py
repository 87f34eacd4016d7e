"""What came of many runs, class by class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from koor.flow.publishing.logic import delivery as logic
from koor.ground.channels.contract import Delivery
from tests.simulator.house import House

HEAD = f"{'class':<10} {'runs':>7} {'twice':>6} {'silently lost':>14} {'asked of a person':>18} {'p95 to settle':>14}"


@dataclass
class Outcomes:
    """The failing seeds stand by their kind, to be tried again one by one."""

    delivery: Delivery
    runs: int = 0
    asked: int = 0
    twice: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, done: House) -> None:
        self.runs += 1
        live = len(done.platform.copies)
        if live > 1:
            self.twice.append(done.seed)
        if is_lost(done.row.state, live):
            self.lost.append(done.seed)
        self.asked += done.row.state == logic.NEEDS_PERSON
        if done.settled_at is not None:
            self.seconds.append(done.settled_at)

    def line(self) -> str:
        late = sorted(self.seconds)[int(len(self.seconds) * 0.95)] if self.seconds else 0
        lost, asked = len(self.lost), self.asked
        return f"{self.delivery:<10} {self.runs:>7,} {len(self.twice):>6} {lost:>14} {asked:>18,} {late:>12,.0f} s"


def is_lost(state: str, live: int) -> bool:
    """Said to be up and is not; up and said not to be; or still on its way when all is over."""
    if state == logic.PUBLISHED:
        return live == 0
    if state == logic.NEEDS_PERSON:
        return False  # nobody is left in the dark: a person looks
    return state not in logic.FINAL or live > 0


def simulate(delivery: Delivery, seeds: Iterable[int]) -> Outcomes:
    outcomes = Outcomes(delivery)
    for seed in seeds:
        outcomes.add(House(delivery, seed).run())
    return outcomes
