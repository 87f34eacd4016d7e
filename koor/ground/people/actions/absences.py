"""Days away, with who stands in."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.people import logic, queries
from koor.ground.people.access import Colleague, may_declare_absence
from koor.ground.people.events import AbsenceDeclared
from koor.ground.people.models import Absence, Person
from koor.kernel import audit, events
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once

LONGEST = timedelta(days=3 * 366)


def declare_absence(
    *,
    by: Colleague,
    person: Person,
    first_day: date,
    last_day: date,
    stand_in: Person | None = None,
    sentence: str = "",
    once: str = "",
) -> Absence:
    """Be away, both days included. The sentence is for those who ask for the absent colleague."""
    require(may_declare_absence(by, person))
    content = {"person": person.pk, "first": first_day, "last": last_day, "stand_in": stand_in and stand_in.pk}

    def make() -> Absence:
        absence = Absence(person=person)
        _fill(absence, first_day, last_day, stand_in, sentence)
        absence.save()
        _recorded(by, "people.declare_absence", absence)
        return absence

    with transaction.atomic():
        pk, _new = done_once(f"people.declare_absence:{by.pk}", once, content, make)
        return Absence.objects.select_related("person", "stand_in").get(pk=pk)


@transaction.atomic
def change_absence(
    *, by: Colleague, absence: Absence, first_day: date, last_day: date, stand_in: Person | None, sentence: str = ""
) -> Absence:
    require(may_declare_absence(by, absence.person))
    _fill(absence, first_day, last_day, stand_in, sentence)
    absence.save()
    _recorded(by, "people.change_absence", absence)
    return absence


@transaction.atomic
def end_absence(*, by: Colleague, absence: Absence) -> None:
    """Back earlier: yesterday becomes the last day. One that did not begin yet is taken back whole."""
    require(may_declare_absence(by, absence.person))
    today = queries.today()
    if absence.last_day < today:
        return
    audit.record(
        by=by,
        verb="people.end_absence",
        target=absence.person,
        first_day=str(absence.first_day),
        last_day=str(absence.last_day),
    )
    if absence.first_day >= today:
        absence.delete()
    else:
        absence.last_day = today - timedelta(days=1)
        absence.save(update_fields=["last_day"])


def _fill(absence: Absence, first_day: date, last_day: date, stand_in: Person | None, sentence: str) -> None:
    """Check and set. The colleague's row is held, so that two absences never overlap."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=absence.person_id)
    if last_day < first_day:
        raise Refused(_("The last day comes before the first."), code="days", field="last_day")
    if last_day - first_day > LONGEST or not 2000 <= first_day.year <= 2200:
        raise Refused(_("That is further away than we look. Check the days."), code="days", field="last_day")
    if stand_in is not None and (stand_in == person or not stand_in.is_active):
        raise Refused(_("Choose another colleague who works here."), code="stand_in", field="stand_in")
    others = Absence.objects.filter(person=person, first_day__lte=last_day, last_day__gte=first_day)
    if others.exclude(pk=absence.pk).exists():
        raise Refused(_("These days are told already. Change that absence instead."), code="overlap", field="first_day")
    said = logic.one_line(sentence)
    if len(said) > 300:
        raise Refused(_("At most %(most)s characters.") % {"most": 300}, code="too_long", field="sentence")
    absence.first_day, absence.last_day, absence.stand_in, absence.sentence = first_day, last_day, stand_in, said


def _recorded(by: Colleague, verb: str, absence: Absence) -> None:
    audit.record(
        by=by,
        verb=verb,
        target=absence.person,
        first_day=str(absence.first_day),
        last_day=str(absence.last_day),
        stand_in=absence.stand_in.name if absence.stand_in else "",
    )
    events.tell(AbsenceDeclared(absence.pk))
