"""What has to go: asked of who can take it away there; and where it went, for who took back a yes or their photo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from koor.flow.hub.models import Capture, Portrayed
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import lists
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel.panels import Todo, panel, todos

Filled = tuple[str, dict[str, Any]] | None


@todos(lists.asked_to_remove)
def take_it_away(person: Person, up: list[Target]) -> Iterable[Todo]:
    """Somebody in it took back their yes, and Koor can't take it away there."""
    for row in up:
        yield Todo(
            rank=8,
            title=_("Take something away on %(place)s") % {"place": row.account.name},
            text=_why_it_goes(row.removal.because),
            button=_("Look at it"),
            url=reverse("publishing:post", args=[row.post_id]) + f"#row-{row.pk}",
            quote=row.text,
            waiting_since=row.removal.asked_at,
        )


def _why_it_goes(because: str) -> str:
    if because == "consent":
        return _("Somebody in it no longer agrees. Only you can take it away there.")
    if because == "withdrawn":
        return _("Who made the picture took it back. Only you can take it away there.")
    return _("We can't take it away there ourselves.")


@panel("hub.withdrawn", order=10)
def what_goes_away(request: SignedIn, portrayed: Portrayed, **_more: Any) -> Filled:
    """For whoever took back a yes: where their picture was, and whether it is gone."""
    live, rows = lists.going_away(portrayed), lists.copies_of(portrayed)
    return ("publishing/panel_withdrawn.html", {"live": live, "rows": rows}) if live or rows else None


@panel("hub.taken_back", order=10)
def where_it_goes_away(request: SignedIn, capture: Capture, **_more: Any) -> Filled:
    """For whoever took back what they showed: where it was up, and whether it is gone."""
    live, rows = lists.taken_back(capture)
    return ("publishing/panel_withdrawn.html", {"live": live, "rows": rows}) if live or rows else None
