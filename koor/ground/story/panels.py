"""What the story shows on Today."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.ground.story import access, queries
from koor.ground.story.models import Version
from koor.kernel import audit, search, written
from koor.kernel.panels import Todo, panel, todos


@todos(written.of_person(queries.to_read))
def read_the_story(person: Person, unread: list[Version]) -> Iterable[Todo]:
    """The version that counts, for who has not read it yet."""
    for version in unread:
        yield Todo(
            rank=70,
            title=_("Read why we are here"),
            text=version.what_changed or version.why.split("\n", 1)[0][:160],
            button=_("Read our story"),
            url=reverse("story:page"),
            minutes=2,
            icon="leaf",
        )


@search.searches(gettext_lazy("Story"), queries.versions_saying)
def the_story(person: Person, found: Version) -> search.Hit:
    return search.Hit(title=_("Our story"), url=reverse("story:page"), text=found.why.split("\n", 1)[0][:160])


@panel("people.me", order=17)
def our_story(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]]:
    """The way in for who has read it, and for who writes on it."""
    return "story/panel_me.html", {"may_write": access.may_write(request.user)}


audit.sentences(
    {
        "story.write_version": gettext_lazy("%(by)s wrote on version %(target)s of the story"),
        "story.publish_version": gettext_lazy("%(by)s published version %(target)s of the story"),
    }
)
