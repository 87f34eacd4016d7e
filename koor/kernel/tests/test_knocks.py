"""Network addresses are counted without being kept: a digest of the day, by a key that goes with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from koor.kernel import clock, knocks
from koor.kernel.models import DayKey, Knock

OFFICE = "198.41.0.4"


def often(times: int, address: str = OFFICE, kind: str = "form") -> list[bool]:
    return [knocks.too_many(kind, address, an_hour=3, a_day=5) for _again in range(times)]


def test_by_the_hour_and_by_the_day(db: None, noon: object) -> None:
    assert often(4) == [False, False, False, True]
    assert often(1, kind="other") == often(1, "198.41.0.5") == [False]
    with clock.fixed(clock.now() + timedelta(hours=2)):
        assert often(2) == [False, True]  # the sixth of the day


def test_nothing_of_the_address_stays(db: None, noon: object) -> None:
    often(1)
    first, key = Knock.objects.get().digest, bytes(DayKey.objects.get().key)
    assert OFFICE not in first
    with clock.fixed(clock.now() + timedelta(days=1)):
        knocks.forget_knocks(0)
        assert not Knock.objects.exists()
        assert not DayKey.objects.exists()
        often(1)
        assert Knock.objects.get().digest != first
        assert bytes(DayKey.objects.get().key) != key


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (OFFICE, OFFICE),
        (f"::ffff:{OFFICE}", OFFICE),
        ("2a02:a450:1:2:3:4:5:6", "2a02:a450:1:2::/64"),
        ("127.0.0.1", ""),
        ("10.1.2.3", ""),
        ("fe80::1%eth0", ""),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_what_counts_as_one_place(address: str, network: str) -> None:
    assert knocks.network_of(address) == network
