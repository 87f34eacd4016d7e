"""Reads of the governance room."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Q, QuerySet

from koor.ground.governance.access import may_see_access, may_see_audit, may_see_responsibility
from koor.ground.governance.choices import Purpose
from koor.ground.governance.models import Responsibility, RolePermission
from koor.ground.governance.permissions import Permission, declared
from koor.ground.governance.queries import erasing as erasing
from koor.ground.governance.queries import personal as personal
from koor.ground.governance.queries import terms as terms
from koor.ground.governance.queries.names import room_name as room_name
from koor.ground.people import queries as people
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel import numbers
from koor.kernel.access import NotFound
from koor.kernel.models import AuditEntry
from koor.kernel.search import fold

# --- who is responsible ---


def responsible_for(purpose: str) -> list[Person]:
    """Who answers for a purpose: the colleague, or everyone of the discipline; active ones only, by name.

    Empty when nothing was agreed yet, or nobody of them is left."""
    agreed = Responsibility.objects.filter(purpose=purpose).first()
    if agreed is None:
        return []
    rows = Person.objects.filter(is_active=True).order_by("name")
    if agreed.person_id:
        return list(rows.filter(pk=agreed.person_id))
    return list(rows.filter(discipline_id=agreed.discipline_id)) if agreed.discipline_id else []


def responsibilities(person: Person) -> list[tuple[Purpose, Responsibility | None]]:
    """Every purpose with what was agreed about it."""
    if not may_see_responsibility(person):
        raise NotFound
    rows = Responsibility.objects.select_related("person", "discipline")
    agreed = {row.purpose: row for row in rows}
    return [(purpose, agreed.get(purpose)) for purpose in Purpose]


def responsibility(person: Person, purpose: str) -> Responsibility | None:
    if purpose not in Purpose.values or not may_see_responsibility(person):
        raise NotFound
    return Responsibility.objects.select_related("person", "discipline").filter(purpose=purpose).first()


# --- who may do what ---


@dataclass(frozen=True)
class Cell:
    role: Role
    allowed: bool
    changed: bool  # by this organisation, from how Koor comes


def matrix(person: Person) -> list[tuple[str, list[tuple[Permission, list[Cell]]]]]:
    """Permissions by room, each with a cell a role. One query."""
    if not may_see_access(person):
        raise NotFound
    chosen = {(row.role, row.permission): row.allowed for row in RolePermission.objects.all()}
    rooms: dict[str, list[tuple[Permission, list[Cell]]]] = {}
    for permission in declared():
        cells = []
        for role in Role:
            shipped = role in permission.roles
            allowed = chosen.get((role, permission.key), shipped)
            cells.append(Cell(role, allowed, allowed != shipped))
        rooms.setdefault(permission.key.split(".")[0], []).append((permission, cells))
    order = [config.label for config in apps.get_app_configs()][::-1]
    return [(room_name(room), rooms[room]) for room in sorted(rooms, key=lambda room: _at(order, room))]


def _at(order: list[str], room: str) -> int:
    return order.index(room) if room in order else len(order)


# --- what happened ---


@dataclass(frozen=True)
class Wanted:
    """A filter on the audit trail."""

    actor: int | None = None
    room: str = ""
    verb: str = ""
    words: str = ""
    first: date | None = None
    last: date | None = None


def entries(person: Person, wanted: Wanted) -> QuerySet[AuditEntry]:
    """What happened, latest first."""
    if not may_see_audit(person):
        raise NotFound
    rows = AuditEntry.objects.order_by("-at", "-pk")
    if wanted.actor is not None:
        rows = rows.filter(actor_id=wanted.actor)
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    elif wanted.room:
        rows = rows.filter(verb__startswith=f"{wanted.room}.")
    if wanted.words:
        rows = rows.filter(target_name__icontains=wanted.words[:100])
    zone = ZoneInfo(people.house().zone)
    if wanted.first:
        rows = rows.filter(at__gte=datetime.combine(wanted.first, time.min, zone))
    if wanted.last:
        rows = rows.filter(at__lt=datetime.combine(wanted.last + timedelta(days=1), time.min, zone))
    return rows


def entries_after(person: Person, wanted: Wanted, cursor: str = "", per: int = 50) -> tuple[list[AuditEntry], str]:
    """A page of the trail and the cursor of the next one; a page far back costs what the first costs."""
    rows = entries(person, wanted)
    place = _place(cursor)
    if place is not None:
        at, pk = place
        rows = rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=pk))
    found = list(rows[: per + 1])
    following = f"{found[per - 1].at.isoformat()}_{found[per - 1].pk}" if len(found) > per else ""
    return found[:per], following


def _place(cursor: str) -> tuple[datetime, int] | None:
    moment, _mark, number = cursor.partition("_")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, row) if at.tzinfo is not None and (row := numbers.row(number)) else None


MOST_IN_FILE = 100_000  # lines


def all_entries(person: Person, wanted: Wanted, most: int = MOST_IN_FILE) -> Iterator[AuditEntry]:
    """For a file, the latest first: page after page, so that nothing large is held."""
    cursor, given = "", 0
    while given < most:
        found, cursor = entries_after(person, wanted, cursor, 500)
        yield from found
        given += len(found)
        if not cursor:
            return


def rooms_told(person: Person) -> list[tuple[str, str]]:
    """Rooms that have anything to tell, as (key, name), by name."""
    silent = {"kernel", "connectors"}
    installed = [each.label for each in apps.get_app_configs() if each.name.startswith("koor.")]
    installed = [room for room in installed if room not in silent]
    return sorted(((room, room_name(room)) for room in installed), key=lambda pair: fold(pair[1]))


def actors(found: list[AuditEntry]) -> dict[int, Person]:
    """The colleagues behind these entries, for their faces. One query."""
    ids = {entry.actor_id for entry in found if entry.actor_id is not None}
    return Person.objects.in_bulk(ids)
