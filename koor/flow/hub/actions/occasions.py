"""Occasions to show something: the curator writes, limits and switches them; anybody puts one away for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import access
from koor.flow.hub.models import Occasion, OccasionPass
from koor.flow.hub.queries.occasions import PHASES, SEASONS
from koor.ground.people.models import Discipline, Person
from koor.kernel import audit, clock, secrets
from koor.kernel.access import NotFound, Refused, require

KNOWN = {one.key for one in SEASONS} | set(PHASES)


def write_occasion(
    *,
    by: Person,
    key: str = "",
    sentence: str,
    first: date | None = None,
    last: date | None = None,
    disciplines: Iterable[Discipline] = (),
) -> Occasion:
    """The house's own occasion, or other words and days for one that Koor knows. Days come back every year."""
    require(access.may_curate(by), _("The curator arranges occasions."))
    sentence = " ".join(sentence.split())
    if not 0 < len(sentence) <= 200:
        raise Refused(_("Write one sentence, of at most 200 characters."), code="bad_sentence", field="sentence")
    phase = key in PHASES
    if not phase and (first is None or last is None):
        raise Refused(_("Say from when until when."), code="no_days", field="first")
    fields: dict[str, object] = {
        "sentence": sentence,
        "first_day": None if phase else _number(first),
        "last_day": None if phase else _number(last),
        "disciplines": sorted(one.pk for one in disciplines),
    }
    return _keep(by, key or f"own-{secrets.new_token()[-12:].lower()}", fields, new=not key)


def _number(day: date | None) -> int | None:
    return day.month * 100 + day.day if day else None


def switch_occasion(*, by: Person, key: str, on: bool) -> Occasion:
    """No longer this one; or again."""
    require(access.may_curate(by), _("The curator arranges occasions."))
    return _keep(by, key, {"on": on}, new=False)


def _keep(by: Person, key: str, fields: dict[str, object], *, new: bool) -> Occasion:
    with transaction.atomic():
        found = Occasion.objects.select_for_update().filter(key=key).first()
        if found is None and not new and key not in KNOWN and not key.startswith("from-"):
            raise NotFound
        if found is None:
            found = Occasion(key=key)
        if found.pk and all(getattr(found, name) == value for name, value in fields.items()):
            return found
        for name, value in fields.items():
            setattr(found, name, value)
        found.by, found.changed_at = by, clock.now()
        found.save()
        audit.record(by=by, verb="hub.write_occasion", target=found, on=found.on)
    return found


def remove_occasion(*, by: Person, key: str) -> None:
    """The house's own is gone; of one that Koor knows its own words come back."""
    require(access.may_curate(by), _("The curator arranges occasions."))
    with transaction.atomic():
        found = Occasion.objects.select_for_update().filter(key=key).first()
        if found is not None:
            audit.record(by=by, verb="hub.remove_occasion", target=found)
            found.delete()


def pass_occasion(*, by: Person, key: str) -> None:
    """Not this time: it leaves one's own Today. Nobody is told."""
    require(access.may_show(by))
    if not 0 < len(key) <= 60:
        raise NotFound
    OccasionPass.objects.get_or_create(person=by, key=key, defaults={"at": clock.now()})
