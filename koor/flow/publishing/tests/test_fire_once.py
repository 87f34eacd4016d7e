"""What is planned for a wall time fires exactly once, also in nights in which the clock jumps, and when the rules of
a zone change. Numbers: the faults in docs/operate/delivery.md."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest

from koor.flow.publishing.actions.deliver import deliver, follow_the_clocks
from koor.flow.publishing.logic import moments
from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again
from koor.flow.publishing.tests.test_moments import changes
from koor.ground.channels.models import Account
from koor.ground.people.models import House
from koor.kernel import clock

pytestmark = [pytest.mark.broad, pytest.mark.django_db]
Released = Callable[..., Target]
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
SAMPLE = ["Europe/Amsterdam", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca", "Antarctica/Troll"]


def offset(zone: str, at: datetime) -> timedelta:
    return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def all_changes(zones: list[str]) -> Iterator[tuple[str, datetime]]:
    """Each different change of the clock between 2026 and 2028, with one zone that has it."""
    seen = set()
    for zone in zones:
        for change in changes(zone, FIRST, LAST):
            sort = (change, offset(zone, change - timedelta(hours=1)), offset(zone, change))
            if sort not in seen:
                seen.add(sort)
                yield zone, change


def fires(released: Released, stage: Account, zone: str, change: datetime, minutes: int) -> None:
    """Plan a post so many minutes after the clock before the jump reads the hour of it, and let the night go by."""
    House.objects.update(zone=zone)
    before = change.astimezone(UTC) + offset(zone, change - timedelta(hours=1)) + timedelta(minutes=minutes)
    wall = before.replace(tzinfo=None)
    with clock.fixed(change - timedelta(hours=6)):
        target = released(f"Om {wall} in {zone}.", stage, due_local=wall)
    gone: list[datetime] = []
    for quarter in range(-16, 17):
        now = change + timedelta(minutes=15 * quarter)
        with clock.fixed(now):
            follow_the_clocks()
            deliver(target.pk)
            deliver(target.pk)
        if again(target).state == "published" and not gone:
            gone.append(now)
    after = again(target)
    assert (after.state, after.attempts_made) == ("published", 1), f"{wall} in {zone}"
    assert after.due_at == moments.instant(wall.date(), wall.time(), zone)
    assert gone[0] - timedelta(minutes=15) < after.due_at <= gone[0]


def walk(released: Released, stage: Account, zones: list[str], forward: bool) -> int:
    number = 0
    for zone, change in all_changes(zones):
        if (offset(zone, change) > offset(zone, change - timedelta(hours=1))) == forward:
            for minutes in (-1, 0, 29, 30, 61) if forward else (-60, -31, -30, -1, 1):
                fires(released, stage, zone, change, minutes)
                number += 1
    return number


def test_p15_a_time_that_the_clock_skips_fires_once(released: Released, stage: Account) -> None:
    some = list(all_changes(SAMPLE[:3]))[:4]
    assert some
    for zone, change in some:
        if offset(zone, change) > offset(zone, change - timedelta(hours=1)):
            for minutes in (0, 30):
                fires(released, stage, zone, change, minutes)


def test_p16_a_time_that_comes_twice_fires_once(released: Released, stage: Account) -> None:
    for zone, change in list(all_changes(SAMPLE[:3]))[:4]:
        if offset(zone, change) < offset(zone, change - timedelta(hours=1)):
            for minutes in (-30, -1):
                fires(released, stage, zone, change, minutes)


@pytest.mark.long
@pytest.mark.parametrize("forward", [True, False])
def test_p15_p16_every_gap_and_fold_of_all_zones(released: Released, stage: Account, forward: bool) -> None:
    assert walk(released, stage, sorted(available_timezones()), forward) > 100


# ── The rules themselves change ──────────────────────────────────────────────────────────────────────────────────────


def other_rules(like: str) -> Callable[[str], ZoneInfo]:
    """Europe/Amsterdam with the rules of another zone, as after an update of the zone data."""
    package = files("tzdata.zoneinfo") / like
    raw = package.read_bytes() if package.is_file() else Path("/usr/share/zoneinfo", like).read_bytes()
    return lambda key: ZoneInfo.from_file(BytesIO(raw), key=key) if key == "Europe/Amsterdam" else ZoneInfo(key)


@pytest.mark.parametrize(
    ("like", "hour"),
    [("Etc/GMT-2", 7), ("Etc/GMT", 9), ("Europe/Amsterdam", 8)],  # always summer; no Central European time; unchanged
)
def test_p17_the_rules_of_a_zone_change_after_planning(
    released: Released, stage: Account, monkeypatch: pytest.MonkeyPatch, like: str, hour: int
) -> None:
    """Nine in the morning stays nine in the morning, and it goes once."""
    with clock.fixed(datetime(2026, 11, 24, 12, tzinfo=UTC)):
        target = released("Goedemorgen.", stage, due_local=datetime(2026, 11, 27, 9))
        assert again(target).due_at == datetime(2026, 11, 27, 8, tzinfo=UTC)
        monkeypatch.setattr(moments, "ZoneInfo", other_rules(like))
        assert follow_the_clocks() == (like != "Europe/Amsterdam")
    fired: list[datetime] = []
    for minutes in range(6 * 60, 10 * 60, 20):
        now = datetime(2026, 11, 27, tzinfo=UTC) + timedelta(minutes=minutes)
        with clock.fixed(now):
            follow_the_clocks()
            deliver(target.pk)
        if again(target).state == "published" and not fired:
            fired.append(now)
    assert fired == [datetime(2026, 11, 27, hour, tzinfo=UTC)]
    assert again(target).attempts_made == 1


def test_p17_new_rules_do_not_touch_what_went(
    released: Released, stage: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.fixed(datetime(2026, 11, 24, 12, tzinfo=UTC)):
        target = released("Goedemorgen.", stage, due_local=datetime(2026, 11, 27, 9))
    with clock.fixed(datetime(2026, 11, 27, 8, tzinfo=UTC)):
        deliver(target.pk)
    monkeypatch.setattr(moments, "ZoneInfo", other_rules("Etc/GMT"))
    with clock.fixed(datetime(2026, 11, 27, 8, 1, tzinfo=UTC)):
        assert follow_the_clocks() == 0
        deliver(target.pk)
    assert (again(target).state, again(target).attempts_made) == ("published", 1)
