"""Reads of how long things are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from koor.ground.governance.access import may_see_others_data
from koor.ground.governance.models import LegalHold, Term
from koor.ground.governance.queries.names import room_name
from koor.ground.people.models import Person
from koor.kernel import clock, together
from koor.kernel.access import NotFound
from koor.kernel.personal import Subject, subject, terms


@dataclass(frozen=True)
class Kind:
    """One kind of thing, with its term and what would go now."""

    key: str
    label: str
    room: str
    days: int  # 0: as long as the house stands
    number: int
    would_go: int


def days_by_kind() -> dict[str, int]:
    return dict(Term.objects.values_list("kind", "days"))


def subjects_held() -> list[Subject]:
    """Whose data must stay for now."""
    rows = LegalHold.objects.filter(ended_at=None).values_list("kind", "subject_id")
    return [found for kind, pk in rows if (found := subject(kind, pk))]


def overdue(by: timedelta) -> dict[str, int]:
    """How many rows of each kind are this much past their term, and still here; for the report on the house."""
    chosen, held, now = days_by_kind(), subjects_held(), clock.now()
    termed = [one for one in terms.kinds() if chosen.get(one.model)]
    asked = [terms.older(one, now - timedelta(days=chosen[one.model]) - by, held) for one in termed]
    return {one.model: number for one, number in zip(termed, together.numbers(*asked), strict=True) if number}


def kinds(person: Person) -> list[Kind]:
    """Every kind that may have a term; what would go if the round were made now. One statement for the numbers."""
    if not may_see_others_data(person):
        raise NotFound
    chosen, held, now = days_by_kind(), subjects_held(), clock.now()
    every = terms.kinds()
    asked = [
        terms.older(one, now - timedelta(days=days), held) if (days := chosen.get(one.model, 0)) else None
        for one in every
    ]
    numbers = together.numbers(*(one.table._base_manager.all() for one in every), *asked)
    return [
        Kind(one.model, str(one.label), room_name(one.room), chosen.get(one.model, 0), number, would_go)
        for one, number, would_go in zip(every, numbers[: len(every)], numbers[len(every) :], strict=True)
    ]
