"""The demo organisation goes into an empty house only. What it is like there: tests/journeys/test_the_demo.py."""

from datetime import UTC, datetime

import pytest

from koor.ground.people.models import House
from koor.kernel import clock
from koor.kernel.access import Refused
from koor.shell.demo import load, remove
from koor.shell.demo.moments import Moments


@pytest.mark.django_db
def test_a_house_of_somebodys_own_is_left_alone(house: House) -> None:
    with pytest.raises(Refused):
        load.load()
    assert not remove.remove()
    assert House.objects.exists()


def test_todays_moments_end_now_whatever_the_hour() -> None:
    for hour in (0, 5, 12, 23):
        now = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
        with clock.fixed(now):
            when = Moments(now)
            assert when.of(0, "09:40") < now
            assert when.of(0, "08:00") < when.of(0, "09:00") < now
            assert when.of(3, "07:10") < now
