"""What insight shows elsewhere: a colleague's own month, seen by them alone; the captain's picture."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from koor.flow.hub.models import Item
from koor.ground.people.access import SignedIn
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.growth.insight import access, logic, queries
from koor.kernel import clock
from koor.kernel.panels import Todo, panel, todos

LOOK_BACK = 5  # days of a new month in which the captain gets the picture of the last


@panel("people.me", order=60)
def my_month(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]] | None:
    first = logic.first_of_month(clock.today(house().zone))
    context = {"own": queries.own_month(request.user, first), "first": first}
    return "insight/panel_me.html", context | {"may_see": access.may_see_figures(request.user)}


@panel("hub.library", order=60)
def how_soon_makers_hear(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]] | None:
    return ("insight/panel_service.html", {}) if access.may_see_figures(request.user) else None


@panel("today.effect")
def what_it_did(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]] | None:
    effect = queries.last_effect(request.user)
    return ("insight/panel_effect.html", {"effect": effect}) if effect else None


@panel("hub.captured")
def what_became_of_it(request: SignedIn, item: Item, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """For who showed it: where it is up, and what that did."""
    rows = list(queries.what_became_of(request.user, item)[:8])
    return ("insight/panel_became.html", {"rows": rows}) if rows else None


@panel("hub.examples", order=20)
def what_went_well(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """What could be a good example, each with why; for whoever chooses them."""
    rows = queries.went_well(request.user)
    return ("insight/panel_examples.html", {"rows": rows}) if rows else None


@panel("today.captain")
def month_for_the_captain(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """The captain's month in a sentence, under what there is to do."""
    if not request.user.has_role(Role.CAPTAIN) or not access.may_see_figures(request.user):
        return None
    first = logic.first_of_month(clock.today(house().zone))
    return "insight/panel_captain.html", {"month": queries.month(request.user, first), "first": first}


@todos()
def picture_of_the_month(person: Person) -> Iterable[Todo]:
    today = clock.today(house().zone)
    if not person.has_role(Role.CAPTAIN) or today.day > LOOK_BACK:
        return
    before = logic.month_before(logic.first_of_month(today))
    yield Todo(
        rank=55,
        title=_("What %(month)s means") % {"month": date_format(before, "F")},
        text=_("The month in words, for who has five minutes."),
        button=_("Read the picture"),
        url=reverse("insight:picture_of", args=[before.year, before.month]),
        minutes=5,
        icon="chart",
    )
