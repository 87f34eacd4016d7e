"""Never twice and never silently lost, in thousands of faulted runs; and that the simulator would notice.

That the house itself goes the way of the simulated one: publishing's `test_simulated.py`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from koor.flow.publishing.logic import delivery as logic
from koor.ground.channels.contract import Delivery
from tests.simulator.house import House
from tests.simulator.outcomes import HEAD, simulate

SHORT, LONG = 1500, 30_000


def check(delivery: Delivery, runs: int) -> str:
    """The line of the table; fails with the seeds that went wrong."""
    done = simulate(delivery, range(runs))
    assert (done.twice, done.lost) == ([], [])
    assert (done.asked > 0) == (delivery == Delivery.BLIND)
    return done.line()


@pytest.mark.parametrize("delivery", Delivery)
def test_never_twice_and_never_lost(delivery: Delivery) -> None:
    check(delivery, SHORT)


@pytest.mark.long
def test_thirty_thousand_runs_of_each_class(record_property: Callable[[str, object], None]) -> None:
    record_property("table", "\n".join([HEAD, *(check(one, LONG) for one in Delivery)]))


class TestItBites:
    """Each of these is a mistake that others made; with it, posts are up twice or lost, or a step is impossible."""

    def twice(self, delivery: Delivery, runs: int = SHORT) -> bool:
        """The first that goes wrong is enough."""
        for seed in range(runs):
            try:
                done = simulate(delivery, [seed])
            except logic.Impossible:
                return True
            if done.twice or done.lost:
                return True
        return False

    def test_an_unknown_post_is_sent_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def blindly(row: logic.Row, verdict: str, because: str, after: int | None, now: Any) -> logic.Next:
            done = verdict == logic.DONE
            return logic.moved(row, logic.Next(logic.PUBLISHED)) if done else logic.wait(row, now, because or "5xx")

        monkeypatch.setattr(logic, "after_send", blindly)
        assert self.twice(Delivery.READABLE)
        assert self.twice(Delivery.BLIND)

    def test_one_look_is_taken_for_proof(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(logic, "is_proof", lambda row: True)
        assert self.twice(Delivery.READABLE)

    def test_the_last_look_comes_too_early(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(logic, "LOOKS", logic.LOOKS[:3])
        assert self.twice(Delivery.READABLE)

    def test_the_clock_of_the_wall_is_believed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(logic, "passed", lambda *_given: timedelta(days=1))
        assert self.twice(Delivery.READABLE, 5000)

    def test_a_worker_that_was_stopped_may_go_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(logic, "HARD_LIMIT", 1e9)
        assert self.twice(Delivery.READABLE)

    def test_what_was_cut_off_is_sent_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(logic, "cut_off", lambda row, now: logic.wait(row, now, logic.CUT_OFF))
        assert self.twice(Delivery.READABLE)

    def test_who_lost_the_row_writes_in_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(House, "_ours", lambda *_given: True)
        assert self.twice(Delivery.READABLE)
