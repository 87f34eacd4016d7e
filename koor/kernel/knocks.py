"""How often one network address knocks at a door that is open to anybody, without keeping who knocked.

An address becomes a digest with a key of that day, which is random and stands nowhere else. Digests and key are gone
when the day is over, so that nobody can tell afterwards whose address it was. Only public addresses count: behind a
proxy that is not named in KOOR_TRUSTED_PROXIES everybody would have its address."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from datetime import UTC, date, timedelta

from koor.kernel import clock, jobs
from koor.kernel.models import DayKey, Knock

V6_NETWORK = 64  # bits: what one house or phone gets


def too_many(kind: str, address: str, *, an_hour: int, a_day: int) -> bool:
    """Count one more from there, in the present transaction; whether it is too many by now. Days are those of UTC."""
    network = network_of(address)
    if not network:
        return False
    now = clock.now()
    digest = hmac.new(_key_of_today(), f"{kind} {network}".encode(), hashlib.sha256).hexdigest()
    Knock.objects.create(digest=digest, at=now)
    seen = list(Knock.objects.filter(digest=digest).order_by("-at").values_list("at", flat=True)[: a_day + 1])
    return len(seen) > a_day or sum(at > now - timedelta(hours=1) for at in seen) > an_hour


def network_of(address: str) -> str:
    """What counts as one place: an address of IPv4, the first half of one of IPv6; empty for what is not public."""
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if not found.is_global or found.is_multicast:
        return ""
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, V6_NETWORK), strict=False))


def _key_of_today() -> bytes:
    forget_past_days()
    made, _fresh = DayKey.objects.get_or_create(day=_today(), defaults={"key": secrets.token_bytes(32)})
    return bytes(made.key)


def forget_past_days() -> None:
    """What was counted before today, and the key to it."""
    if DayKey.objects.exclude(day=_today()).delete()[0]:
        Knock.objects.all().delete()


def _today() -> date:
    return clock.now().astimezone(UTC).date()


@jobs.every("1 * * * *", "kernel.forget_knocks", queue="upkeep")
def forget_knocks(timestamp: int) -> None:
    forget_past_days()
