"""What a calendar program reads at a private address."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from koor.flow.calendar.models import Feed, Slot
from koor.flow.calendar.queries.period import slots
from koor.ground.people.models import Person
from koor.ground.people.queries import house, today
from koor.kernel import clock, secrets
from koor.kernel.access import NotFound

BACK, AHEAD = timedelta(days=60), timedelta(days=366)
MOST = 2000
LENGTH = timedelta(minutes=30)


def feed_of(secret: str) -> Feed:
    """The open feed behind an address, of a colleague who works here. NotFound for anything else."""
    if not 20 <= len(secret) <= 100:
        raise NotFound
    rows = Feed.objects.filter(digest=secrets.digest(secret), revoked_at=None, person__is_active=True)
    found = rows.select_related("person").first()
    if found is None:
        raise NotFound
    return found


def feeds_of(person: Person) -> dict[bool, Feed]:
    """One's own open feeds: of oneself (False) and of the house (True)."""
    return {feed.whole_house: feed for feed in Feed.objects.filter(person=person, revoked_at=None)}


def calendar_of(person: Person, *, whole_house: bool, home: str) -> bytes:
    """The calendar as iCal; `home` is the address of the house. Times carry the zone of the house, so that a change of
    the clock is right wherever it is read."""
    day = today()
    rows = slots().filter(day__range=(day - BACK, day + AHEAD)).order_by("day", "time", "id")
    if not whole_house:
        mine = Q(person=person) | Q(person=None, team__people=person)
        rows = rows.filter(mine).distinct()
    calendar = Calendar()
    calendar.add("prodid", "-//Koor//koor//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", house().name if whole_house else f"{house().name}: {person.first_name}")
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    for event in _events(rows[:MOST], home):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _events(rows: Iterable[Slot], home: str) -> Iterable[Any]:
    ours = house()
    zone = ZoneInfo(ours.zone)
    stamp = clock.now().astimezone(UTC).replace(microsecond=0)
    for slot in rows:
        event = Event()
        event.add("uid", f"slot-{slot.pk}@{ours.identity}")
        event.add("dtstamp", stamp)
        event.add("sequence", slot.version)
        event.add("summary", _summary(slot))
        event.add("url", home + reverse("calendar:slot", args=[slot.pk]))
        if slot.time:
            begin = datetime.combine(slot.day, slot.time, zone)
            event.add("dtstart", begin)
            event.add("dtend", (begin.astimezone(UTC) + LENGTH).astimezone(zone))
        else:
            event.add("dtstart", slot.day)
            event.add("dtend", slot.day + timedelta(days=1))
            event.add("transp", "TRANSPARENT")
        yield event


def _summary(slot: Slot) -> str:
    who = slot.person.first_name if slot.person else slot.team.name if slot.team else _("nobody yet")
    mark = "✓ " if slot.filled else ""
    return f"{mark}{slot} ({who})"
