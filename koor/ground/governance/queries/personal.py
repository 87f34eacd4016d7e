"""Reads of what is kept on a person."""

from __future__ import annotations

import collections
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koor.ground.governance.access import may_erase_personal, may_see_others_data, may_see_personal
from koor.ground.governance.models import Erasing, LegalHold, PersonalExport
from koor.ground.governance.queries.names import room_name
from koor.ground.people.models import Person
from koor.kernel import personal, together
from koor.kernel.access import NotFound
from koor.kernel.models import AuditEntry
from koor.kernel.personal import COLLEAGUE, KINDS, Subject, finding
from koor.kernel.personal import subject as find_subject

MOST_FOUND = 12
LOOKS = ("governance.look_at_personal", "governance.export_personal", "governance.take_personal_along")


def subject(kind: str, pk: int) -> Subject | None:
    """The person of this kind with this number, by whoever they were made one with."""
    return find_subject(kind, pk) if kind in KINDS else None


def person_held(person: Person, kind: str, pk: int) -> Subject:
    """Whom this is about; for who may see it."""
    found = subject(kind, pk)
    if found is None or not may_see_personal(person, found):
        raise NotFound
    return found


def looked_for(person: Person, words: str) -> dict[str, list[Any]]:
    """Whom these words may mean, outside and inside; for who looks after personal data."""
    if not may_see_others_data(person):
        raise NotFound
    words = words.replace("\0", "").strip()
    asked = personal.looked_for(person, words) if words else {}
    found = together.lists(*(rows[:MOST_FOUND] for rows in asked.values()))
    return dict(zip(asked, found, strict=True))


def person_to_erase(person: Person, kind: str, pk: int) -> Subject:
    """Somebody outside, or a colleague who left, for who may erase."""
    found = person_held(person, kind, pk)
    if not may_erase_personal(person) or not may_go(found):
        raise NotFound
    return found


def may_go(subject: Subject) -> bool:
    """A colleague only after they left, and not again."""
    return subject.kind != COLLEAGUE or (not subject.row.is_active and bool(subject.addresses))


def holds_now(person: Person) -> list[tuple[LegalHold, str]]:
    """Whose data must stay for now, with the name."""
    if not may_see_others_data(person):
        raise NotFound
    rows = list(LegalHold.objects.filter(ended_at=None).select_related("by").order_by("-at")[:MOST_FOUND])
    names = personal.names({(row.kind, row.subject_id) for row in rows})
    return [(row, names.get((row.kind, row.subject_id), "–")) for row in rows]


def rows_on(subject: Subject) -> int:
    return finding.everything(subject, most=0).number


def hold_on(subject: Subject) -> LegalHold | None:
    """Why it must be kept for now; None when it may go."""
    return _holds(subject).first()


def _holds(subject: Subject) -> QuerySet[LegalHold]:
    rows = LegalHold.objects.filter(kind=subject.kind, subject_id__in=subject.pks, ended_at=None)
    return rows.select_related("by").order_by("pk")


def _erasing(subject: Subject) -> QuerySet[Erasing]:
    return Erasing.objects.filter(kind=subject.kind, subject_id__in=subject.pks, done_at=None)


def erasures(person: Person) -> list[Erasing]:
    """The latest erasures, without who it was."""
    if not may_see_others_data(person):
        raise NotFound
    return list(Erasing.objects.select_related("by").order_by("-at")[:10])


@dataclass(frozen=True)
class RoomHolds:
    """What one room holds on somebody."""

    name: str
    parts: list[finding.Part]

    @property
    def number(self) -> int:
        return sum(part.number for part in self.parts)


@dataclass(frozen=True)
class Kept:
    """The page of one person."""

    rooms: list[RoomHolds]
    named: list[finding.Part]
    number: int
    exports: list[PersonalExport]
    looks: list[AuditEntry]
    hold: LegalHold | None
    erasing: bool  # it is being done now


def kept_on(person: Person, subject: Subject) -> Kept:
    """Everything, lowest room first. Three statements."""
    if not may_see_personal(person, subject):
        raise NotFound
    others = may_see_others_data(person)
    found = finding.everything(subject, naming=others)
    rooms: dict[str, list[finding.Part]] = {}
    for part in found.theirs[::-1]:
        rooms.setdefault(part.held.room, []).append(part)
    exports, looks, holds, erasing = together.lists(
        _exports_for(person, subject)[:5], _looks(subject)[:10], _holds(subject), _erasing(subject)
    )
    kept = [RoomHolds(room_name(room), parts) for room, parts in rooms.items()]
    return Kept(kept, found.named[::-1], found.number, exports, looks, next(iter(holds), None), bool(erasing))


@dataclass(frozen=True)
class Chapter:
    """Of a file that is taken along: what one room holds, or what Koor made of it by itself."""

    title: str
    about: str
    parts: list[dict[str, Any]]


def chapters(told: dict[str, Any]) -> list[Chapter]:
    """What is read of a file, in the order of a life: who they are, what was said, what became of it. Oldest first."""
    rooms: dict[str, list[dict[str, Any]]] = {}
    for part in told["held"][::-1]:
        rooms.setdefault("" if part["aside"] else part["table"].split(".")[0], []).append(_in_order(part))
    aside, last = rooms.pop("", []), sorted(rooms, key=lambda room: room == "kernel")
    found = [Chapter(room_name(room), "", rooms[room]) for room in last]
    if aside:
        about = _("Made by Koor itself, to sort the rest, to know it again, and to tell later what was done.")
        found.append(Chapter(_("What the system keeps beside it"), about, aside))
    if told["named"]:
        about = _("What others wrote in which the full name or an address stands.")
        found.append(Chapter(_("Named by others"), about, [_in_order(part) for part in told["named"][::-1]]))
    return found


def _in_order(part: dict[str, Any]) -> dict[str, Any]:
    """Its lines as they are read, each once, with how often."""
    lines = collections.Counter((row["at"], tuple(row["said"])) for row in part["read"] if row["at"] or row["said"])
    ordered = sorted(lines.items(), key=lambda line: str(line[0][0] or ""))
    read = [{"at": at, "said": said, "times": times} for (at, said), times in ordered]
    return {**part, "number": len(part["rows"]), "read": read}


def _exports_for(person: Person, subject: Subject) -> QuerySet[PersonalExport]:
    """Without the permission only those that they made themselves: others' may say more."""
    rows = exports_of(subject)
    return rows if may_see_others_data(person) else rows.filter(by=person)


def exports_of(subject: Subject) -> QuerySet[PersonalExport]:
    rows = PersonalExport.objects.filter(kind=subject.kind, subject_id__in=subject.pks)
    return rows.select_related("by").order_by("-asked_at")


def _looks(subject: Subject) -> QuerySet[AuditEntry]:
    """Who looked, and who took it along, latest first."""
    about = AuditEntry.objects.filter(target_kind=subject.row._meta.label_lower, target_id__in=subject.pks)
    return about.filter(verb__in=LOOKS).order_by("-at")


def export(person: Person, id: int) -> PersonalExport:
    """One that is ready; for who asked it, and for who may see that person."""
    found = PersonalExport.objects.select_related("file").filter(pk=id, file__isnull=False).first()
    if found is None or not (found.by_id == person.pk or may_see_others_data(person)):
        raise NotFound
    person_held(person, found.kind, found.subject_id)
    return found


def own(person: Person) -> Subject:
    found = subject(COLLEAGUE, person.pk)
    if found is None:
        raise NotFound
    return found
