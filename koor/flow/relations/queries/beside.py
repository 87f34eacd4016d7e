"""What stands beside somebody's name on their page: who really speaks with them, how often one means to, what they may
want from us, whether they show our work. One question to the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet

from koor.flow.relations import access
from koor.flow.relations.choices import IN_TOUCH
from koor.flow.relations.logic import USUAL_RHYTHM
from koor.flow.relations.logic.closeness import closeness
from koor.flow.relations.models import Ambassador, Lead, Rhythm, Touch
from koor.ground.contacts.models import Acquaintance, Contact
from koor.ground.people.models import Person
from koor.kernel import clock, together

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Speaks:
    """A colleague who was in touch in the last year, and how well they know each other by that."""

    pk: int
    name: str
    how: str


@dataclass(frozen=True)
class Beside:
    knows: bool
    every_days: int
    leads: list[Lead]
    ambassador: Ambassador | None
    speaks: list[Speaks]
    may_invite: bool


def beside(person: Person, contact: Contact, *, may_read: bool) -> Beside:
    """What this colleague may see beside a contact. `may_read`: whether they read what was said; who spoke with
    them is for those alone."""
    known, rhythms, leads, invited, spoken = together.lists(
        Acquaintance.objects.filter(person=person, contact=contact),
        Rhythm.objects.filter(person=person, contact=contact),
        Lead.objects.filter(contact=contact).select_related("to").defer("story").order_by("-made_at")[:10],
        Ambassador.objects.filter(contact=contact).defer("sealed"),
        _spoken(contact) if may_read else None,
    )
    return Beside(
        knows=bool(known),
        every_days=rhythms[0].every_days if rhythms else USUAL_RHYTHM,
        leads=[lead for lead in leads if access.may_work_lead(person, lead)],
        ambassador=invited[0] if invited else None,
        speaks=[_speaks(*row) for row in spoken],
        may_invite=access.may_see_ambassadors(person) or (bool(known) and access.is_on_own(person)),
    )


def _spoken(contact: Contact) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = Touch.objects.filter(contact=contact, kind__in=IN_TOUCH, at__gte=clock.now() - A_YEAR)
    rows = rows.filter(person__is_active=True).order_by().values("person", "person__name")
    counted = rows.annotate(moments=Count("pk"), last=Max("at"))
    found: QuerySet[Any, Any] = counted.order_by("person__name").values_list(
        "person", "person__name", "moments", "last"
    )
    return found


def _speaks(pk: int, name: str, moments: int, last: datetime) -> Speaks:
    days = (clock.now() - last).days
    return Speaks(pk, name, closeness(moments, days))
