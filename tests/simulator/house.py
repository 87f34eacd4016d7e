"""One row in a virtual house: senders that claim, send, look and record in the order of `actions/deliver.py`, with the
transactions of `actions/ledger.py`. Every `yield` is a point at which a process may be killed, stopped, or go on."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from koor.flow.publishing.logic import delivery as logic
from koor.ground.channels.contract import Delivery
from tests.simulator.platforms import Platform

EPOCH = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = 60.0
HORIZON = 4 * 24 * 3600.0  # seconds; a row that has not settled by then is lost
JUST_NOW = timedelta(seconds=5)
KINDS = ("kill", "stop", "answers", "late", "jobs", "crowd", "hold", "clock", "person", "restart")
CHANCE = 0.3  # that one of them happens at a point where it can
BUDGET = 8  # how many happen in one run, so that it ends


@dataclass
class Row:
    """What `Target` keeps."""

    state: str = logic.SCHEDULED
    wake_at: datetime | None = EPOCH
    because: str = ""
    epoch: int = 0
    attempts: int = 0
    looks: int = 0
    revision: int = 1
    key: str = ""
    last_sent_at: datetime | None = None
    steady: dict[str, float] = field(default_factory=dict)


@dataclass(eq=False)
class Process:
    """A sender at work on the row. `limit`: when it ends itself, by a clock that nobody sets."""

    work: Iterator[float]
    machine: str
    limit: float | None = None
    dead: bool = False


@dataclass
class House:
    """A run of one seed. Times are seconds since EPOCH; the wall's clock may be `ahead` of them."""

    delivery: Delivery
    seed: int
    row: Row = field(default_factory=Row)
    now: float = 0.0
    ahead: float = 0.0
    held: bool = False
    holder: Process | None = None
    settled_at: float | None = None
    trail: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(f"{self.delivery}:{self.seed}")
        self.kinds = frozenset(self.random.sample(KINDS, self.random.randint(1, 5)))
        self.budget = BUDGET
        self.machines = dict.fromkeys(("one", "two"), 0)  # and how often each started again
        self.processes: list[Process] = []
        odd = 0.7 if "answers" in self.kinds else 0.4 if "late" in self.kinds else 0.0
        honours = self.random.random() < 0.7
        self.platform = Platform(self.delivery, self.random, odd, "late" in self.kinds, honours)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0

    # ── The world ────────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> House:
        """Until the row has settled and nothing is on its way any more."""
        self._job()
        self._at(MINUTE, self._sweep)
        for kind, happen in self._around():
            if kind in self.kinds:
                self._at(self.random.choice((10.0, 300.0, 2000.0)) * self.random.random(), happen)
        while self._events and self.now < HORIZON:
            self.now, _number, event = heapq.heappop(self._events)
            event()
            if self.settled and not self.processes:
                break
        return self

    def _around(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        return (
            ("hold", self._hold),
            ("clock", self._set_clock),
            ("person", self._person),
            ("restart", self._restart),
        )

    @property
    def settled(self) -> bool:
        return self.row.state in logic.FINAL or self.row.state == logic.NEEDS_PERSON

    @property
    def wall(self) -> datetime:
        return EPOCH + timedelta(seconds=self.now + self.ahead)

    def _at(self, moment: float, event: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._events, (moment, self._number, event))

    def _strikes(self, kind: str) -> bool:
        """Whether a fault of this kind happens here."""
        if kind not in self.kinds or self.budget <= 0 or self.random.random() >= CHANCE:
            return False
        self.budget -= 1
        return True

    # ── Processes ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _job(self) -> None:
        """A job of the row at its moment: it may get lost, or come more than once."""
        if self.row.wake_at is None or self._strikes("jobs"):
            return
        moment = max(self.now, (self.row.wake_at - EPOCH).total_seconds() - self.ahead)
        for _worker in range(self.random.randint(2, 4) if "crowd" in self.kinds else 1):
            self._at(moment + self.random.uniform(0, 0.2), self._start)

    def _start(self) -> None:
        machine = self.random.choice(sorted(self.machines))
        process = Process(iter(()), machine)
        process.work = self._deliver(process)
        self.processes.append(process)
        self._go_on(process)

    def _go_on(self, process: Process) -> None:
        if process.dead:
            return
        if process.limit is not None and self.now > process.limit:
            self._die(process)
            return
        try:
            seconds = next(process.work)
        except StopIteration:
            self._die(process)
            return
        if self._strikes("kill"):
            self._at(self.now + self.random.uniform(0, seconds), lambda: self._die(process))
        if self._strikes("stop"):
            seconds += self.random.choice((5.0, 45.0, 300.0, 1500.0))
        self._at(self.now + seconds, lambda: self._go_on(process))

    def _die(self, process: Process) -> None:
        """It ends, and its lock with it."""
        process.dead = True
        if process in self.processes:
            self.processes.remove(process)
        if self.holder is process:
            self.holder = None

    # ── The steps of actions/deliver.py ──────────────────────────────────────────────────────────────────────────────

    def _deliver(self, process: Process) -> Iterator[float]:
        if not self._moment_has_come() or self.holder is not None:
            return
        self.holder = process
        yield 0.01
        if not self._moment_has_come():
            return
        if self.row.state in (logic.CLAIMED, logic.SENDING):
            self.keep(logic.cut_off(self.seen(process), self.wall))
        elif self.row.state in (logic.UNKNOWN, logic.RECONCILING):
            yield from self._look(process, self._claim_to_look(process))
        elif (epoch := self._claim_to_send(process)) is not None:
            yield from self._send(process, epoch)

    def _moment_has_come(self) -> bool:
        return logic.moment_has_come(self.row.state, self.row.wake_at, self.wall)

    def _claim_to_send(self, process: Process) -> int | None:
        if self.held:
            return None
        to = logic.at_its_moment(self.seen(process), self.wall)
        if to.state == logic.CLAIMED:
            self.row.epoch += 1
            self.row.attempts += 1
            self.row.key = self.row.key or f"key-{self.row.revision}"
        self.keep(to)
        return self.row.epoch if to.state == logic.CLAIMED else None

    def _send(self, process: Process, epoch: int) -> Iterator[float]:
        yield self.random.choice((0.05, 0.05, 20.0))  # preparing
        process.limit = self.now + logic.HARD_LIMIT
        key = self.row.key
        if not self.start_sending(process, epoch):
            return
        yield 0.01
        answer = self.platform.request(key, self.now)
        yield answer.seconds
        process.limit = None
        yield 0.01
        if answer.verdict == logic.DONE:
            self._up(process)
        elif self._ours(epoch, logic.SENDING):
            seen = self.seen(process)
            self.keep(logic.after_send(seen, answer.verdict, answer.because, answer.retry_after, self.wall))
        yield 0.01

    def _claim_to_look(self, process: Process) -> int:
        self.row.epoch += 1
        self.row.looks += 1
        self.row.steady.setdefault(*self._steady(process))
        self.keep(logic.looking(self.seen(process), self.wall))
        return self.row.epoch

    def _look(self, process: Process, epoch: int) -> Iterator[float]:
        key = self.row.key
        yield 0.01
        process.limit = self.now + logic.HARD_LIMIT
        found, seconds = self.platform.find(key, self.now)
        yield seconds
        process.limit = None
        if found == logic.SEEN and self.row.state in logic.UNSURE:
            self._up(process)
        elif self._ours(epoch, logic.RECONCILING):
            self.keep(logic.after_look(self.seen(process), found, self.wall))

    # ── The transactions of actions/ledger.py ────────────────────────────────────────────────────────────────────────

    def seen(self, process: Process) -> logic.Row:
        """What the state machine knows."""
        row = self.row
        return logic.Row(
            row.state,
            EPOCH,
            attempts=row.attempts,
            looks=row.looks,
            last_sent_at=row.last_sent_at,
            passed=logic.passed(row.steady, *self._steady(process)),
            blind=self.delivery == Delivery.BLIND,
            spread=self.seed,
        )

    def start_sending(self, process: Process, epoch: int) -> bool:
        if not self._ours(epoch, logic.CLAIMED):
            return False
        if self.held:
            self.keep(logic.wait(self.seen(process), self.wall, logic.HELD))
            return False
        self.row.last_sent_at = self.wall
        self.row.steady = dict([self._steady(process)])
        self.row.looks = 0
        self.keep(logic.on_its_way(self.seen(process), self.wall))
        return True

    def keep(self, to: logic.Next) -> None:
        self.row.state, self.row.wake_at, self.row.because = to.state, to.wake_at, to.because
        self.trail.append(to.state)
        self.settled_at = self.now if self.settled else None
        self._job()

    def _up(self, process: Process) -> None:
        if self.row.state != logic.PUBLISHED:
            self.keep(logic.moved(self.seen(process), logic.Next(logic.PUBLISHED)))

    def _ours(self, epoch: int, state: str) -> bool:
        return self.row.epoch == epoch and self.row.state == state

    def _steady(self, process: Process) -> tuple[str, float]:
        return f"{process.machine}:{self.machines[process.machine]}", self.now

    # ── What happens around it ───────────────────────────────────────────────────────────────────────────────────────

    def _sweep(self) -> None:
        """Every minute: who holds the row for too long loses it, and a moment that passed gets its job again."""
        self._at(self.now + MINUTE, self._sweep)
        row = self.row
        if row.wake_at is None:
            return
        if row.state in logic.UNSURE and logic.sleeps_too_long(row.last_sent_at, row.wake_at, self.wall):
            row.wake_at = self.wall
        elif row.wake_at > self.wall - JUST_NOW:
            return
        if self.held and self.row.state not in logic.UNSURE:
            return
        if self.holder is not None and logic.is_stuck(row.state, row.last_sent_at, row.wake_at, self.wall):
            self.holder = None  # its connection is closed; the process does not know
        self._job()

    def _hold(self) -> None:
        self.held = not self.held
        if self.held:
            self._at(self.now + self.random.uniform(1, 3000), self._hold)

    def _set_clock(self) -> None:
        """Somebody sets the clock of the wall."""
        self.ahead += self.random.choice((-21600.0, -7200.0, -600.0, -30.0, 30.0, 600.0, 1200.0, 3600.0, 21600.0))
        if self.random.random() < 0.5:
            self._at(self.now + self.random.uniform(0, 1500), self._set_clock)

    def _restart(self) -> None:
        """A machine starts again: its processes are gone, and its steady clock begins anew."""
        name = self.random.choice(sorted(self.machines))
        self.machines[name] += 1
        for process in [one for one in self.processes if one.machine == name]:
            self._die(process)

    def _person(self) -> None:
        """Cancels, or writes something else, where the house allows it: never while it may be up."""
        if self.row.state in (logic.SCHEDULED, logic.WAITING, logic.CLAIMED):
            self._change(self.random.choice((logic.CANCELLED, logic.SCHEDULED)))

    def _change(self, state: str) -> None:
        if state == logic.SCHEDULED:  # another content is another post, with another key
            self.row.revision += 1
            self.row.key, self.row.last_sent_at, self.row.steady, self.row.looks = "", None, {}, 0
        wake_at = self.wall if state == logic.SCHEDULED else None
        self.keep(logic.moved(logic.Row(self.row.state), logic.Next(state, wake_at)))
