"""What the calendar shows on Today."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from koor.flow.calendar import queries
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock
from koor.kernel.panels import Todo, todos

SOON = 6  # days ahead that a promise is on Today


@todos
def promise_this_week(person: Person) -> Iterable[Todo]:
    """The colleague's own next promise, in private."""
    today = clock.today(house().zone)
    for slot in queries.promises_of(person, today, today + timedelta(days=SOON))[:1]:
        yield Todo(
            rank=40,
            title=_("Show something of your work"),
            text=_("Your promise for %(day)s: %(what)s.") % {"day": date_format(slot.day, "l"), "what": slot},
            button=_("Take a photo"),
            url=reverse("hub:capture"),
            minutes=1,
            icon="camera",
        )


@todos
def agreement_to_answer(person: Person) -> Iterable[Todo]:
    for agreement in queries.asked_of(person)[:1]:
        yield Todo(
            rank=45,
            title=_("Would you like to promise this?"),
            text=f"{agreement.about or agreement.get_content_display()}, {agreement.get_rhythm_display()}",
            button=_("Look at it"),
            url=reverse("calendar:agreement", args=[agreement.pk]),
            face=agreement.proposed_by,
        )
