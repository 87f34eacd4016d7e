"""On Today: nothing is posted, or nobody posts it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.publishing import access
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import lists
from koor.ground.channels.models import Account
from koor.ground.people.access import SignedIn
from koor.ground.people.models import House, Person
from koor.kernel import together
from koor.kernel.panels import Todo, panel, todos


def _held(person: Person) -> QuerySet[House] | None:
    return House.objects.exclude(publishing_held="") if access.may_hold(person) else None


@todos(_held)
def let_posting_go_on(person: Person, held: list[House]) -> Iterable[Todo]:
    """The switch is on: by a person, or because the house came back from a copy."""
    for house in held:
        yield Todo(
            rank=5,
            title=_("Nothing is posted from this house now."),
            text=str(house.why_held),
            button=_("Look"),
            url=reverse("publishing:posts"),
            icon="pause",
        )


def _cut_off(person: Person) -> QuerySet[Target]:
    return together.counted(lists.cut_off(person))


@todos(_cut_off)
def it_goes_nowhere(person: Person, numbers: list[int]) -> Iterable[Todo]:
    """Planned for an account that was disconnected since."""
    for number in filter(None, numbers):
        title = ngettext(
            "One post is planned for an account that is disconnected",
            "%(count)s posts are planned for accounts that are disconnected",
            number,
        )
        yield Todo(
            rank=21,
            title=title % {"count": number},
            text=_("They do not go. Connect the account again, or stop them."),
            button=_("Look at them"),
            url=reverse("publishing:posts") + "?show=ready",
            icon="mind",
        )


@panel("channels.disconnect")
def what_is_planned_there(request: SignedIn, account: Account, **_more: Any) -> tuple[str, dict[str, Any]] | None:
    number = lists.planned_on(account).count()
    return ("publishing/panel_disconnect.html", {"planned": number}) if number else None


def _overdue(person: Person) -> QuerySet[Target] | None:
    return together.counted(lists.late()) if access.may_hold(person) else None


@todos(_overdue)
def nobody_posts(person: Person, numbers: list[int]) -> Iterable[Todo]:
    """The sender does not run, or hangs."""
    for number in filter(None, numbers):
        yield Todo(
            rank=5,
            title=ngettext("One post is late", "%(count)s posts are late", number) % {"count": number},
            text=_("Their moment has passed and nothing happens. Ask the administrator to look."),
            button=_("Look"),
            url=reverse("publishing:posts"),
            icon="clock",
        )
