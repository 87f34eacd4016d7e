"""The coming weeks: stock and holes per channel, who is away, what is free, and proposals for each hole."""

import textwrap
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest, TruncDate
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from koor.flow.calendar.choices import AgreementState
from koor.flow.calendar.logic import forecast, quiet_days
from koor.flow.calendar.models import Slot, SlotAsk
from koor.flow.calendar.queries.holidays import Off, days_off, free_days
from koor.flow.calendar.queries.period import absent_between
from koor.flow.hub import queries as hub
from koor.flow.hub.choices import ItemKind, ItemState
from koor.flow.hub.models import Item
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.channels.queries import connectors
from koor.ground.people.choices import SkillKind
from koor.ground.people.models import Absence, Person
from koor.ground.people.queries import house, today
from koor.kernel import clock, written

OFFERED = 12  # of each kind that proposals choose from
MOST_HOLES = 40  # that a page shows with their proposals


@dataclass(frozen=True)
class Way:
    """A proposal in words: one click, and why."""

    proposal: forecast.Proposal
    button: str
    why: str
    face: Person | None = None


@dataclass(frozen=True)
class ShownHole:
    hole: forecast.Hole
    why: str
    slot: Slot | None
    ways: list[Way]
    asked: list[str]  # first names of who was asked already
    waits: bool  # for who was asked just now


@dataclass(frozen=True)
class ShownChannel:
    account: Account
    channel: forecast.Channel


@dataclass(frozen=True)
class Outlook:
    """Everything that a page of the coming weeks needs; the same number of queries whatever there is."""

    first: date
    last: date
    today: date
    channels: list[ShownChannel]
    holes: list[ShownHole]
    more: int  # holes after those shown
    later: date | None  # the day of the first of them
    gaps: list[date]  # the days of all holes
    ready: int
    quiet: int  # working days on which nothing stands or is promised
    absences: list[Absence]
    off: list[Off]
    standing: dict[date, str]  # of days on which something stands: set, promise or gap

    @property
    def all_holes(self) -> int:
        return len(self.gaps)

    @property
    def bare(self) -> bool:
        """Nothing stands, is promised or can be proposed: each day would say the same."""
        return not (self.standing or any(one.ways for one in self.holes))


def outlook(person: Person, first: date | None = None, last: date | None = None, since: date | None = None) -> Outlook:
    """The coming eight weeks, or other days; the holes of `since` and later are shown."""
    day = today()
    first = max(first or day, day)
    last = max(last or day + timedelta(days=forecast.HORIZON), first)
    absences = list(absent_between(first - timedelta(days=7), last + timedelta(days=7)))
    places = _places(first, last, absences)
    free = free_days(house(), first, last)
    found = forecast.holes(places, free, first, last)
    shown, more, later = _page(found, since)
    accounts = list(_accounts())
    covered = {place.day for place in places if not place.is_hole}
    return Outlook(
        first, last, day,
        [ShownChannel(a, c) for a, c in zip(accounts, _channels(accounts, places, first), strict=True)],
        _shown(person, shown, places, absences), more, later,
        [hole.day for hole in found],
        sum(place.filled for place in places),
        len(quiet_days([], set(free) | covered, first, last)),
        [one for one in absences if one.first_day <= last and one.last_day >= first],
        days_off(house(), first, last), _standing(places),
    )  # fmt: skip


def _page(holes: list[forecast.Hole], since: date | None) -> tuple[list[forecast.Hole], int, date | None]:
    """The holes of one page, how many come after them, and the day of the next page: a page ends with a day."""
    coming = [hole for hole in holes if since is None or hole.day >= since]
    if len(coming) <= MOST_HOLES:
        return coming, 0, None
    later = next((hole.day for hole in coming[MOST_HOLES:] if hole.day > coming[0].day), None)
    shown = [hole for hole in coming if later is None or hole.day < later]
    return shown, len(coming) - len(shown), later


def _standing(places: list[forecast.Place]) -> dict[date, str]:
    """The best of each day: ready before promised before open."""
    found: dict[date, str] = {}
    for place in sorted(places, key=lambda one: (one.filled, not one.is_hole)):
        found[place.day] = "set" if place.filled else "gap" if place.is_hole else "promise"
    return found


def _accounts() -> QuerySet[Account]:
    """Channels that post, of the house or of colleagues who promised something there."""
    mine = Q(personal=False) | Q(posting_times__isnull=False) | Q(agreements__isnull=False)
    public = [key for key, found in connectors().items() if found.manifest.public]
    rows = Account.objects.filter(mine, state=AccountState.ACTIVE, connector__in=public)
    return rows.distinct().order_by("personal", "name", "pk")


def _channels(accounts: Sequence[Account], places: list[forecast.Place], first: date) -> list[forecast.Channel]:
    return forecast.channels([account.pk for account in accounts], places, first, forecast.HORIZON)


def _places(first: date, last: date, absences: list[Absence]) -> list[forecast.Place]:
    """Slots of these days as the brain sees them: there may be tens of thousands. One query."""
    away: dict[int | None, list[Absence]] = defaultdict(list)
    for absence in absences:
        away[absence.person_id].append(absence)
    rows = Slot.objects.filter(dropped_at=None, day__range=(first, last)).order_by("day", "time", "pk")
    rows = rows.annotate(agreed=ArrayAgg("agreement__accounts", filter=~Q(agreement__accounts=None), default=None))
    told = rows.values_list("pk", "day", "filled", "account", "agreed", "person", "team", "content", "unready")
    return [
        forecast.Place(
            pk, day, filled, (account,) if account else tuple(agreed or ()), person, team,
            any(a.first_day <= day <= a.last_day for a in away.get(person, ())), content, unready,
        )
        for pk, day, filled, account, agreed, person, team, content, unready in told
    ]  # fmt: skip


def _cards(holes: list[forecast.Hole], ways: list[list[forecast.Proposal]]) -> dict[int, Slot]:
    """The slots that the page names: those of the holes, and those that could move there. One query."""
    named = {hole.place.id for hole in holes if hole.place}
    named |= {way.id for some in ways for way in some if way.kind == forecast.MOVE}
    return Slot.objects.select_related("person", "account").in_bulk(named)


def _shown(
    person: Person,
    holes: list[forecast.Hole],
    places: list[forecast.Place],
    absences: list[Absence],
) -> list[ShownHole]:
    if not holes:
        return []
    names = _Names(person, places, absences)
    proposed = forecast.proposals(holes, names.supply)
    names.rows = rows = _cards(holes, proposed)
    asked, waits = _asks(holes)
    return [
        ShownHole(
            hole, names.why(hole), rows[hole.place.id] if hole.place else None,
            [names.way(way) for way in ways], *((asked[pk], pk in waits) if (pk := _slot_of(hole)) else ([], False)),
        )
        for hole, ways in zip(holes, proposed, strict=True)
    ]  # fmt: skip


def _slot_of(hole: forecast.Hole) -> int | None:
    return hole.place.id if hole.place else None


def _asks(holes: list[forecast.Hole]) -> tuple[dict[int, list[str]], set[int]]:
    """First names of who was asked, by slot, and the slots that wait for somebody who was asked just now. One query."""
    asked: dict[int, list[str]] = defaultdict(list)
    waits: set[int] = set()
    since = clock.now() - forecast.ANSWERS_WITHIN
    slots = [pk for hole in holes if (pk := _slot_of(hole))]
    for ask in SlotAsk.objects.filter(slot__in=slots).select_related("person"):
        asked[ask.slot_id].append(ask.person.first_name)
        if ask.at > since:
            waits.add(ask.slot_id)
    return asked, waits


class _Names:
    """What could fill holes, and how it is called on the page."""

    def __init__(
        self,
        person: Person,
        places: list[forecast.Place],
        absences: list[Absence],
    ) -> None:
        self.rows: dict[int, Slot] = {}  # that it names
        self.evergreens, self.captures = _on_the_shelf(person)
        self.colleagues = list(_askable(person))
        away: dict[int, list[tuple[date, date]]] = defaultdict(list)
        for absence in absences:
            away[absence.person_id].append((absence.first_day, absence.last_day))
        self.supply = forecast.Supply(
            [(item.pk, item.shown, hub.rested_on(item, item.shown)) for item in self.evergreens],
            [item.pk for item in self.captures],
            [one.pk for one in self.colleagues], away,
            {(p.person, p.day - timedelta(days=p.day.weekday())) for p in places if p.person and not p.away},
            forecast.spare(places, today()),
        )  # fmt: skip
        self.items: dict[int, Item] = {item.pk: item for item in (*self.evergreens, *self.captures)}
        self.people = {one.pk: one for one in self.colleagues}

    def why(self, hole: forecast.Hole) -> str:
        if hole.why == forecast.AWAY and hole.place and (who := self.rows[hole.place.id].person):
            return _("%(name)s is away") % {"name": who.first_name}
        if hole.why == forecast.UNREADY and hole.place:
            return self.rows[hole.place.id].not_ready
        return _("Nobody yet") if hole.why == forecast.NOBODY else _("Nothing stands here")

    def way(self, way: forecast.Proposal) -> Way:
        if way.kind == forecast.COLLEAGUE:
            one = self.people[way.id]
            return Way(way, _("Ask %(name)s") % {"name": one.first_name}, self.reason(one), one)
        if way.kind == forecast.MOVE:
            slot = self.rows[way.id]
            said = {"what": slot, "day": date_format(slot.day, "l j F")}
            return Way(way, _("Move “%(what)s”") % said, _("Two stand ready on %(day)s.") % said)
        item = self.items[way.id]
        if way.kind == forecast.CAPTURE:
            why = _("%(name)s sent it in; it waits for a place.") % {"name": item.by.first_name if item.by else "–"}
        else:
            shown = getattr(item, "shown", None)
            since = (
                _("Last in the calendar on %(day)s.") % {"day": date_format(shown, "j F Y")}
                if shown
                else _("Not in the calendar before.")
            )
            why = (_("Always fits.") if item.evergreen else _("From a collection that is proposed.")) + " " + since
        first_words = textwrap.shorten(str(item), 36, placeholder="…")  # one line of a button
        return Way(way, _("Use “%(what)s”") % {"what": first_words}, why)

    def reason(self, one: Any) -> str:
        if one.promise:
            return _("Is there that day, and shows something more often: %(what)s.") % {"what": one.promise}
        return _("Is there that day, and said to be good at %(what)s.") % {"what": one.craft}


def _on_the_shelf(person: Person) -> tuple[list[Any], list[Any]]:
    """What lies ready in the library: evergreens and what collections propose, the longest rested first, and photos
    that wait, the oldest first.

    One query."""
    rows = hub.publishable_items(person).prefetch_related(None).select_related(None).select_related("by")
    rows = rows.annotate(shown=Max("slots__day", filter=Q(slots__dropped_at=None)))
    rows = rows.annotate(last=Greatest("shown", TruncDate("used_at")))
    rows = rows.exclude(Exists(hub.undescribed().filter(item=OuterRef("pk"))))  # it would wait as a draft
    waiting = rows.filter(state=ItemState.NEW, kind=ItemKind.PHOTO, evergreen=False, slots=None).annotate(
        lies=Value(False)
    )
    proposed = Q(pk__in=hub.proposed(person).values("pk"))
    rested = rows.filter(Q(evergreen=True) | proposed).annotate(lies=Value(True))
    rested = rested.order_by(F("last").asc(nulls_first=True), "pk")
    found = list(rested[:OFFERED].union(waiting.order_by("made_at", "pk")[:OFFERED], all=True))
    ready = {item.pk: item for item in found if item.lies}
    return list(ready.values()), [item for item in found if not item.lies and item.pk not in ready]


def _askable(person: Person) -> QuerySet[Any]:
    """Who could be asked, by what they told themselves: a promise of their own or a craft; not asked lately."""
    lately = clock.now() - timedelta(days=forecast.ASKED_LATELY)
    asked = SlotAsk.objects.filter(at__gte=lately).values("person")
    promised = Q(agreements__state=AgreementState.AGREED)
    crafty = Q(skills__kind=SkillKind.CRAFT)
    rows = Person.objects.filter(promised | crafty, is_active=True).exclude(pk__in=asked).exclude(pk=person.pk)
    return rows.annotate(
        promise=Max("agreements__about", filter=promised), craft=Max("skills__name", filter=crafty)
    ).order_by("name")[: OFFERED * 2]


def ask_of(person: Person, pk: int) -> SlotAsk | None:
    """What this colleague was asked."""
    return SlotAsk.objects.filter(pk=pk, person=person).select_related("slot", "by").first()


def open_ask(person: Person, slot: Slot) -> SlotAsk | None:
    """Whether this colleague was asked for it and did not answer yet."""
    if slot.filled or slot.person_id == person.pk:
        return None
    return SlotAsk.objects.filter(slot=slot, person=person, put_away_at=None).first()


def _asked_slots(pk: Any, day: Any) -> QuerySet[SlotAsk]:
    rows = SlotAsk.objects.filter(person=pk, put_away_at=None, slot__filled=False, slot__dropped_at=None)
    rows = rows.filter(slot__day__gte=day).exclude(slot__person=pk).select_related("slot", "by")
    return rows.order_by("slot__day", "pk")


@written.once("pk", "day")
def first_asked_slot(pk: Any, day: Any) -> QuerySet[SlotAsk]:
    """The first of these, for Today."""
    return _asked_slots(pk, day)[:1]


def channel_for_silence(person: Person) -> Account | None:
    """Where something goes on a day on which no channel expects it: the first of the house."""
    return _accounts().filter(personal=False).first()


def christmas(person: Person, since: date | None = None) -> "Promise":
    """The weeks around the year's end, day by day, with their holes."""
    first, last = forecast.years_end(today())
    seen = outlook(person, first, last, since)
    weeks = [
        [_day(first + timedelta(days=7 * week + n), seen) for n in range(7)]
        for week in range(((last - first).days + 1) // 7)
    ]
    return Promise(seen, weeks)


@dataclass(frozen=True)
class PromiseDay:
    date: date
    standing: str  # set, promise, gap, free, quiet (weekend) or past
    name: str = ""  # of the day off


@dataclass(frozen=True)
class Promise:
    """The Christmas promise: something of us every working day, also then."""

    outlook: Outlook
    weeks: list[list[PromiseDay]]


def _day(day: date, seen: Outlook) -> PromiseDay:
    name = next((off.name for off in seen.off if off.public and off.first == day), "")
    if day < seen.today:
        return PromiseDay(day, "past", name)
    if day in seen.gaps:
        return PromiseDay(day, "gap", name)
    standing = seen.standing.get(day)
    return PromiseDay(day, standing or ("free" if name else "quiet"), name)
