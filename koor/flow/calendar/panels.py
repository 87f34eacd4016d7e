"""What the calendar shows on Today."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.calendar import queries
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import audit, clock
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


audit.sentences(
    {
        "calendar.propose_agreement": gettext_lazy("%(by)s proposed an agreement: %(target)s"),
        "calendar.agree": gettext_lazy("%(by)s agreed to: %(target)s"),
        "calendar.end_agreement": gettext_lazy("%(by)s ended the agreement: %(target)s"),
        "calendar.plan_slot": gettext_lazy("%(by)s planned “%(target)s” for %(day)s"),
        "calendar.move_slot": gettext_lazy("%(by)s moved “%(target)s” from %(before)s to %(after)s"),
        "calendar.edit_slot": gettext_lazy("%(by)s changed “%(target)s” in the calendar"),
        "calendar.take_slot": gettext_lazy("%(by)s takes “%(target)s” in the calendar"),
        "calendar.drop_slot": gettext_lazy("%(by)s took “%(target)s” out of the calendar"),
        "calendar.restore_slot": gettext_lazy("%(by)s put “%(target)s” back into the calendar"),
        "calendar.plan_campaign": gettext_lazy("%(by)s planned the campaign “%(target)s”"),
        "calendar.roll_all": gettext_lazy("%(by)s put the days of the agreements into the calendar"),
    }
)
