"""The house goes the way of the simulated one: the same states for the same reasons, at the same moments. So what
`tests/simulator` shows of the one holds for the other."""

from collections.abc import Callable, Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from koor.flow.publishing.actions import deliver as engine
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Target
from koor.ground.channels import contract
from koor.ground.channels.contract import Delivery, Outcome, Verdict
from koor.ground.channels.models import Account
from koor.kernel import clock
from tests.simulator.house import EPOCH, House, Process
from tests.simulator.platforms import Answer, Platform


class Scripted(Platform):
    """A platform that answers by a script; the house's connector and the simulated one read the same."""

    def __init__(self, seed: int) -> None:
        super().__init__(Delivery.READABLE, Random(seed), 0.0, late=False)
        pick = Random(f"script:{seed}")
        sent = [
            Answer(logic.DONE),
            Answer(logic.DEFINITELY_NOT, logic.RATE, 600),
            Answer(logic.DEFINITELY_NOT, logic.RATE),
            Answer(logic.DEFINITELY_NOT, logic.NOT_REACHED),
            Answer(logic.DEFINITELY_NOT, logic.REFUSED),
            *[Answer("unknown")] * 4,
        ]
        self.answers: Iterator[Answer] = iter([pick.choice(sent) for _time in range(50)])
        found = [logic.SEEN, *[logic.NOT_SEEN] * 3, logic.CANNOT_KNOW]
        self.looks: Iterator[str] = iter([pick.choice(found) for _time in range(200)])

    def request(self, key: str, now: float) -> Answer:
        return next(self.answers)

    def find(self, key: str, now: float) -> tuple[str, float]:
        return next(self.looks), 0.0


def the_same_to_the_house(platform: Scripted) -> Any:
    """The script as the `publish` module of a connector."""
    because = {one.value: one for one in contract.Because}

    def send(_session: Any, attempt: contract.Attempt) -> Outcome:
        said = platform.request(attempt.key, 0)
        number = f"nr-{attempt.key}" if said.verdict == logic.DONE else ""
        return Outcome(Verdict(said.verdict), number, because=because[said.because], retry_after=said.retry_after)

    def find(_session: Any, attempt: contract.Attempt) -> Any:
        found, _seconds = platform.find(attempt.key, 0)
        if found == logic.SEEN:
            return contract.Seen(f"nr-{attempt.key}")
        return contract.NotSeen() if found == logic.NOT_SEEN else contract.CannotKnow()

    return SimpleNamespace(prepare=lambda _session, _draft: contract.Prepared(), send=send, find=find)


def simulated_trail(seed: int, spread: int) -> list[tuple[str, str, float | None]]:
    """State, reason, and seconds until the next look of every step, when each comes at its moment."""
    house = House(Delivery.READABLE, spread)
    house.kinds, house.platform, trail = frozenset(), Scripted(seed), []
    while house.row.wake_at is not None and len(trail) < 30:
        house.now = max(house.now, (house.row.wake_at - EPOCH).total_seconds())
        process = Process(iter(()), "one")
        house.processes = [process]
        before = len(house.trail)
        for _wait in house._deliver(process):
            pass
        house.holder = None
        assert len(house.trail) > before, "stuck"
        wake_at = house.row.wake_at
        later = round((wake_at - EPOCH).total_seconds() - house.now, 3) if wake_at else None
        trail.append((house.row.state, house.row.because, later))
    return trail


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(6))
def test_the_house_goes_the_same_way(
    seed: int, released: Callable[..., Target], on_mastodon: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = released("Acht lokalen in Eibergen hebben frisse lucht.", on_mastodon)
    manifest = engine.channels.connector("mastodon").manifest
    script = SimpleNamespace(publish=the_same_to_the_house(Scripted(seed)), manifest=manifest)
    monkeypatch.setattr(engine.channels, "connector", lambda _key: script)
    trail: list[tuple[str, str, float | None]] = []
    present = Target.objects.get(pk=row.pk)
    now = present.wake_at
    while present.wake_at is not None and len(trail) < 30:
        now = max(now, present.wake_at)
        with clock.fixed(now):
            engine.deliver(row.pk)
        present = Target.objects.get(pk=row.pk)
        later = round((present.wake_at - now).total_seconds(), 3) if present.wake_at else None
        trail.append((present.state, present.because, later))
    assert trail == simulated_trail(seed, row.pk)
    assert len(trail) > 1 or trail[0][0] in logic.FINAL
