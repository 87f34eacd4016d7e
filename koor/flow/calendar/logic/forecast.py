"""Looking ahead: per channel how long the stock lasts and where the holes are, and what could fill them. No Django."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from koor.flow.calendar.logic import stock

HORIZON = 56  # days
MOST_OF_A_KIND = 3  # proposals of one kind for a hole
NEAR = 4  # days around a hole from which something may move to it
ASKED_LATELY = 14  # days in which nobody is asked twice
ANSWERS_WITHIN = timedelta(days=2)  # so long other ways wait for who was asked; who says no is not told on
YEARS_END = ((12, 14), (1, 10))  # the weeks that hold these days are the Christmas promise

AWAY, NOBODY, SILENT, UNREADY = "away", "nobody", "silent", "unready"  # why a day is a hole
EVERGREEN, CAPTURE, COLLEAGUE, MOVE = "evergreen", "capture", "colleague", "move"
KINDS = (CAPTURE, EVERGREEN, COLLEAGUE, MOVE)


@dataclass(frozen=True)
class Place:
    """What matters of a slot for looking ahead."""

    id: int
    day: date
    filled: bool
    channels: tuple[int, ...]
    person: int | None = None
    team: int | None = None
    away: bool = False
    content: str = ""
    unready: str = ""  # why what was laid out here waits as a draft

    @property
    def is_hole(self) -> bool:
        nobody = self.person is None and self.team is None
        return not self.filled and (self.away or nobody or bool(self.unready))


@dataclass(frozen=True)
class Hole:
    """A day on which something should stand and nothing does. Without a place: a working day with nothing at all."""

    day: date
    why: str
    place: Place | None = None


@dataclass
class Channel:
    """The coming weeks of one channel."""

    id: int
    places: list[Place] = field(default_factory=list)
    stock: int = 0  # days until the first of its days on which nothing stands ready; the horizon when there is none
    silent: date | None = None  # that first day

    @property
    def holes(self) -> int:
        return sum(place.is_hole for place in self.places)

    @property
    def ready(self) -> int:
        return sum(place.filled for place in self.places)

    @property
    def promised(self) -> int:
        return len(self.places) - self.holes - self.ready


def channels(ids: Iterable[int], places: Iterable[Place], today: date, horizon: int = HORIZON) -> list[Channel]:
    """Each channel with its places and its stock. A channel without any place has no stock."""
    found = {id: Channel(id) for id in ids}
    for place in sorted(places, key=lambda one: (one.day, one.id)):
        for id in place.channels:
            if id in found:
                found[id].places.append(place)
    for channel in found.values():
        ready = {place.day for place in channel.places if place.filled}
        expected = [place.day for place in channel.places] or [today]
        channel.stock, channel.silent = stock(ready, expected, today, horizon)
    return list(found.values())


def holes(places: Sequence[Place], free: Collection[date], first: date, last: date) -> list[Hole]:
    """Places that nobody who is there fills, and working days (no holiday) on which nothing stands at all."""
    open_ones = [Hole(one.day, _why(one), one) for one in places if one.is_hole]
    taken = {place.day for place in places}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    silent = [Hole(day, SILENT) for day in days if day.weekday() < 5 and day not in free and day not in taken]
    return sorted(open_ones + silent, key=lambda hole: (hole.day, hole.place.id if hole.place else 0))


def _why(place: Place) -> str:
    return UNREADY if place.unready else AWAY if place.away else NOBODY


@dataclass(frozen=True)
class Supply:
    """What could fill holes: things of the library by number with the day of their last showing and the day from which
    they may be shown again, and colleagues."""

    evergreens: Sequence[tuple[int, date | None, date | None]]
    captures: Sequence[int]
    colleagues: Sequence[int]  # who could be asked, the best first
    away: Mapping[int, Sequence[tuple[date, date]]]
    busy: Collection[tuple[int, date]] = ()  # (colleague, Monday of a week in which they promised something)
    movable: Sequence[Place] = ()


@dataclass(frozen=True)
class Proposal:
    """One way to fill a hole. `id` is of an item, a colleague or the place that moves."""

    kind: str
    id: int
    since: date | None = None  # when an evergreen was last shown


def proposals(found: Sequence[Hole], supply: Supply) -> list[list[Proposal]]:
    """For each hole its ways out, the best first; nothing comes first for two holes while something else is left."""
    used: set[tuple[str, int]] = set()
    given = []
    for hole in found:
        ways = _fresh(_ways(hole, supply), used)
        used |= {(way.kind, way.id) for way in ways[:1]}
        given.append(ways)
    return given


def _ways(hole: Hole, supply: Supply) -> list[Proposal]:
    if hole.why == UNREADY:
        return []  # something lies there: that is what needs a hand
    rested = [
        Proposal(EVERGREEN, id, shown) for id, shown, free in supply.evergreens if free is None or free <= hole.day
    ]
    captures = [Proposal(CAPTURE, id) for id in supply.captures]
    asked = [Proposal(COLLEAGUE, id) for id in supply.colleagues if _is_there(id, hole.day, supply)]
    return [*captures, *rested, *asked, *_moves(hole, supply)]


def _is_there(person: int, day: date, supply: Supply) -> bool:
    monday = day - timedelta(days=day.weekday())
    return (person, monday) not in supply.busy and not any(a <= day <= z for a, z in supply.away.get(person, ()))


def _moves(hole: Hole, supply: Supply) -> list[Proposal]:
    """Something that stands ready nearby, on a day (and channel) where more than one does."""
    wanted = set(hole.place.channels) if hole.place else set()
    near = [
        place
        for place in supply.movable
        if 0 < abs((place.day - hole.day).days) <= NEAR and (not wanted or wanted & set(place.channels))
    ]
    return [Proposal(MOVE, place.id) for place in sorted(near, key=lambda one: abs((one.day - hole.day).days))]


def _fresh(ways: Sequence[Proposal], used: Collection[tuple[str, int]]) -> list[Proposal]:
    """A few of each kind; what was proposed first for an earlier hole comes last here."""
    kept: list[Proposal] = []
    for kind in KINDS:
        of_kind = [way for way in ways if way.kind == kind]
        of_kind.sort(key=lambda way: (way.kind, way.id) in used)
        kept += of_kind[:MOST_OF_A_KIND]
    return sorted(kept, key=lambda way: (way.kind, way.id) in used)


def spare(places: Iterable[Place], today: date) -> list[Place]:
    """Places that stand ready on a day on which another one of the same channel does too: one of them may move."""
    seen: set[tuple[date, int]] = set()
    found = []
    for place in sorted(places, key=lambda one: (one.day, one.id)):
        if not place.filled or place.day <= today:
            continue
        keys = {(place.day, channel) for channel in place.channels or (0,)}
        if keys & seen:
            found.append(place)
        seen |= keys
    return found


def years_end(today: date) -> tuple[date, date]:
    """The whole weeks around the turn of the year that comes, or that one is in."""
    year = today.year - (today <= date(today.year, *YEARS_END[1]))
    first, last = date(year, *YEARS_END[0]), date(year + 1, *YEARS_END[1])
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
