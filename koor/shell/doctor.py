"""`koor doctor`: what a phone, a webhook and a letter would meet, and what else an administrator should look at.

Every check is one function that yields findings; one that breaks is itself a finding. Nothing is changed."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from koor.kernel import clock, postgres
from koor.kernel.http import Door, NotSent, Unclear
from koor.kernel.identity import identity
from koor.shell import health, proxies
from koor.shell.findings import Finding, State, disk, erased, files, keys, last_backup, mail, sealed
from koor.shell.supervisor import running_at

CHECKED_DAYS = 180  # platforms change their rules about twice a year
RETIRED_DAYS = 60  # before a platform retires the version of its interface that Koor speaks


Check = Callable[[], Iterator[Finding]]


def examine() -> list[dict[str, Any]]:
    """All findings, in the order of CHECKS; without the tables of this version those of the rooms are left out.

    Never raises."""
    found = _look(CHECKS)
    if not any(finding.about in {"database", "migrations"} and finding.state is State.WRONG for finding in found):
        found += _look(CHECKS_OF_ROOMS)
    return [asdict(finding) for finding in found]


def _look(checks: Iterable[Check]) -> list[Finding]:
    found: list[Finding] = []
    for check in checks:
        try:
            found += check()
        except Exception as error:  # the report must not end where the trouble begins
            about = check.__name__.replace("_", " ")
            found.append(Finding(about, State.WRONG, f"could not be looked at: {type(error).__name__}: {error}"))
    return found


# ── The way in ───────────────────────────────────────────────────────────────────────────────────────────────────────


def address() -> Iterator[Finding]:
    """What a phone and a webhook need: HTTPS and a name that others can look up."""
    url = urlsplit(settings.KOOR_URL)
    host = url.hostname or ""
    if url.scheme != "https":
        yield Finding(
            "address",
            State.LOOK,
            f"{settings.KOOR_URL} is not HTTPS: phones get no camera, no offline page and no passkey",
            "put a proxy with a certificate before it and set KOOR_URL=https://… (docs/operate/install.md)",
        )
    if _is_local(host):
        yield Finding(
            "address",
            State.LOOK,
            f"{host} leads no further than this network: no webhook arrives, links in letters do not work outside",
            "set KOOR_URL to a public name",
        )
    elif url.scheme == "https":
        yield Finding("address", State.WELL, f"{settings.KOOR_URL} has HTTPS and a name")


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host


def front_door() -> Iterator[Finding]:
    """Go to KOOR_URL as a phone would, and see whether it is this house that answers."""
    running = running_at(settings.KOOR_HOME)
    if running is None:
        yield Finding("front door", State.LOOK, "the house does not run now", "koor start, or systemctl start koor")
        return
    url = urlsplit(settings.KOOR_URL)
    there = (url.hostname or "", url.port or (443 if url.scheme == "https" else 80))
    door = Door(plain_reads=True, allow=frozenset({there}))
    status = 0
    try:
        answer = door.request("GET", f"{settings.KOOR_URL}/health/", timeout=15)
        status = answer.status
        said = answer.json()
        house = said["house"]
    except (NotSent, Unclear) as error:
        said = f"nobody comes in at {settings.KOOR_URL}: {_met(error)}"
        yield Finding("front door", State.WRONG, said, "look at DNS, firewall, proxy and certificate")
        return
    except (ValueError, KeyError, TypeError):
        yield _no_koor(status)
        return
    if house != str(identity(settings.KOOR_HOME)):
        yield Finding("front door", State.WRONG, f"another house answers at {settings.KOOR_URL}", "correct the proxy")
        return
    yield Finding("front door", State.WELL, f"this house answers at {settings.KOOR_URL}")
    yield from _proxy_words(url.scheme, said)


def _no_koor(status: int) -> Finding:
    if status in (502, 503, 504):
        says = f"the proxy at {settings.KOOR_URL} reaches no Koor (it says {status})"
        advice = f"wait until the house has started (see its log), or let the proxy lead to port {settings.KOOR_PORT}"
        return Finding("front door", State.WRONG, says, advice)
    says = f"{settings.KOOR_URL} answers, but it is no Koor"
    return Finding("front door", State.WRONG, says, "look where the proxy leads")


def _met(error: Exception) -> str:
    """What the system said, for an operator."""
    said = str(error.__cause__ or "")
    return f"{error} ({said[:200]})" if said else str(error)


def _proxy_words(scheme: str, said: dict[str, Any]) -> Iterator[Finding]:
    if scheme == "https" and not said.get("secure"):
        yield Finding(
            "proxy",
            State.WRONG,
            "the proxy is not believed, so every visitor seems to come from it, over plain HTTP",
            "set KOOR_TRUSTED_PROXIES to its address, and let it send X-Forwarded-For and X-Forwarded-Proto",
        )


def trusted_proxies() -> Iterator[Finding]:
    named = tuple(settings.KOOR_TRUSTED_PROXIES)
    try:
        wide = [str(net) for net in proxies.networks(named) if net.prefixlen < (8 if net.version == 4 else 16)]
    except ValueError as error:
        yield Finding(
            "proxy", State.WRONG, f"KOOR_TRUSTED_PROXIES cannot be read: {error}", "name addresses or networks"
        )
        return
    if wide:
        yield Finding(
            "proxy", State.WRONG, f"anybody may pretend to be anybody: {', '.join(wide)}", "name the proxy alone"
        )
    elif named:
        yield Finding("proxy", State.WELL, f"believed: {', '.join(named)}")


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def letters() -> Iterator[Finding]:
    from koor.kernel.models import Mail

    late = clock.now() - timedelta(hours=1)
    waiting = Mail.objects.filter(state=Mail.State.WAITING, made_at__lt=late).count()
    failed = Mail.objects.filter(state=Mail.State.FAILED).count()
    if waiting or failed:
        says = f"{waiting} letters wait for over an hour, {failed} could not go"
        yield Finding("letters", State.LOOK, says, "see Mail in the administrator's pages")


def mailbox() -> Iterator[Finding]:
    """The one that colleagues send photos to; read by the worker, every minute."""
    from koor.flow.hub.queries import SILENT, mailbox_on, mailbox_trouble

    box = mailbox_on()
    if box is None:
        return
    if box.problem:
        with translation.override("en"):  # as all that the doctor says
            says = f"{box.address}: {mailbox_trouble(box)}"
        yield Finding("mailbox", State.WRONG, says, "see Photos by mail (docs/operate/mail.md)")
    elif box.read_at and clock.now() - box.read_at > SILENT:
        yield Finding("mailbox", State.WRONG, f"{box.address} was not read for a while", "see that the worker runs")
    else:
        yield Finding("mailbox", State.WELL, f"{box.address} is read every minute")


def terms() -> Iterator[Finding]:
    """What should have gone in the night before the last one."""
    from koor.ground.governance.queries.terms import overdue

    for kind, number in overdue(timedelta(days=2)).items():
        says = f"{kind}: {number} rows are past their term and still here"
        yield Finding("terms", State.LOOK, says, "10,000 go in a night; the log says of which one can't go, and why")


# ── The house itself ─────────────────────────────────────────────────────────────────────────────────────────────────


def database() -> Iterator[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version_num')::int, pg_backend_pid()")
        version, backend = cursor.fetchone()
        behind_pooler = connection.connection.info.backend_pid != backend
    parameters = postgres.address(settings.KOOR_HOME)
    with postgres.connect(parameters, autocommit=True) as one:
        by_transaction = postgres.is_pooled_by_transaction(parameters, one)
    whose = "embedded" if postgres.embedded() else "DATABASE_URL"
    if version < postgres.OLDEST:
        advice = f"{postgres.OLDEST // 10000} or later"
        yield Finding("database", State.WRONG, f"PostgreSQL {version // 10000} is too old", advice)
    elif by_transaction:
        advice = "connect directly, or let it pool by session"
        yield Finding("database", State.WRONG, "a pooler pools by transaction: locks and jobs break", advice)
    elif behind_pooler:
        advice = "it pools by session, as it should; it must hold a connection for each thread and worker"
        yield Finding("database", State.LOOK, "a connection pooler stands before PostgreSQL", advice)
    else:
        yield Finding("database", State.WELL, f"PostgreSQL {version // 10000}, {whose}")


def migrations() -> Iterator[Finding]:
    from koor.shell.preparation import waiting_migrations

    if waiting := waiting_migrations():
        says = f"{len(waiting)} migrations wait, the first is {waiting[0]}"
        yield Finding("migrations", State.WRONG, says, "koor prepare, or start the house")


def workers() -> Iterator[Finding]:
    if running_at(settings.KOOR_HOME) is None:
        return
    state = health.look()
    for reason in state.reasons:
        loss = ": no post goes out" if reason.startswith("sender") else ""
        yield Finding("workers", State.WRONG, reason + loss, "look at the log of the house")
    if state.well:
        yield Finding("workers", State.WELL, "jobs are done and posts can go out")
    if not state.listens:
        says = "listener: none is running: what people say is heard at the next visit, minutes later"
        yield Finding("workers", State.LOOK, says, "look at the log of the house")


def jobs() -> Iterator[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select count(*) filter (where status = 'failed') from procrastinate_jobs")
        (failed,) = cursor.fetchone()
        cursor.execute(
            "select count(*) from procrastinate_jobs where status = 'todo' and coalesce(scheduled_at, %s) < %s",
            [clock.now() - timedelta(days=1), clock.now() - timedelta(minutes=10)],
        )
        (late,) = cursor.fetchone()
    if failed or late > 100:
        yield Finding("jobs", State.LOOK, f"{failed} jobs failed, {late} wait for over ten minutes", "look at the log")


def publishing_held() -> Iterator[Finding]:
    from koor.ground.people.models import House

    house = House.objects.first()
    if house is None:
        yield Finding("organisation", State.LOOK, "nobody lives here yet", "koor init")
    elif house.publishing_held:
        yield Finding("publishing", State.LOOK, f"held: {house.publishing_held}", "let it go when you have looked")
    elif house.demo and settings.HTTPS:
        yield Finding("organisation", State.LOOK, "the demo organisation lives at a public address", "remove the demo")


def ledger() -> Iterator[Finding]:
    """A constraint sees to it that a row is final, on a person's list or has a wake-up; here: that somebody wakes,
    and that what was promised was kept."""
    from koor.flow.publishing.queries.invariants import broken
    from koor.flow.publishing.queries.lists import overdue
    from koor.flow.publishing.queries.read_back import of_house

    for number, says in broken():
        yield Finding("publishing", State.WRONG, f"row {number} {says}", "look at its history, and tell us")
    found = of_house()
    if found["twice"]:
        yield Finding(
            "publishing", State.WRONG, f"{found['twice']} posts stand twice outside", "see Today, and tell us"
        )
    elif found["all"]:
        says = f"{found['all']} posts were read back at night, none of them twice ({found['gone']} taken away there)"
        yield Finding("publishing", State.WELL, says)
    if number := overdue().count():
        says = f"{number} posts should have been looked at a while ago"
        yield Finding("publishing", State.WRONG, says, "see that the sender runs: the log of the house")


def connectors() -> Iterator[Finding]:
    """Rules of platforms that were read long ago may have changed."""
    from koor.ground.channels.queries import connectors as known

    today = clock.now().date()
    for one in known().values():
        checked: date | None = one.manifest.checked_on
        if checked and (today - checked).days > CHECKED_DAYS:
            says = f"{one.manifest.name}: rules last read on {checked}"
            yield Finding("connectors", State.LOOK, says, "upgrade Koor, or read its README")
        retired: date | None = one.manifest.retired_on
        if retired and (retired - today).days < RETIRED_DAYS:
            gone = today >= retired
            says = f"{one.manifest.name}: version {one.manifest.api_version} is retired there on {retired}"
            yield Finding("connectors", State.WRONG if gone else State.LOOK, says, "upgrade Koor before that day")


def clocks() -> Iterator[Finding]:
    """A machine that does not know the time signs and schedules wrongly."""
    if abs((datetime.now(UTC) - _database_now()).total_seconds()) > 5:
        advice = "set the clock: timedatectl set-ntp true"
        yield Finding("clock", State.WRONG, "this machine and the database do not agree on the time", advice)


def user() -> Iterator[Finding]:
    if os.geteuid() == 0 and settings.HTTPS and Path(settings.KOOR_HOME).stat().st_uid == 0:
        yield Finding("user", State.LOOK, "a public house runs as root", "give it a user of its own: koor service")


def _database_now() -> datetime:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


CHECKS: tuple[Check, ...] = (
    address,
    front_door,
    trusted_proxies,
    mail,
    connectors,
    disk,
    keys,
    last_backup,
    erased,
    user,
    database,
    migrations,
)
CHECKS_OF_ROOMS: tuple[Check, ...] = (
    sealed, letters, mailbox, terms, workers, jobs, files, publishing_held, ledger, clocks,
)  # fmt: skip
