"""What is asked on Today of who posted by hand."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import by_hand
from koor.ground.people.models import Person
from koor.kernel.panels import Todo, todos


@todos(lambda person: by_hand.to_tell_of(person)[:1])
def tell_what_came_of_it(person: Person, posted: list[Target]) -> Iterable[Todo]:
    """Koor can't look there. Asked on a few days only, and never twice."""
    for row in posted:
        yield Todo(
            rank=66,
            title=_("What came of it on %(place)s?") % {"place": row.account.name},
            text=_("How many reacted, or a word of what somebody said. Nothing is fine too."),
            button=_("Tell about it"),
            url=reverse("publishing:row", args=[row.pk]) + "#effect",
            quote=row.text,
        )
