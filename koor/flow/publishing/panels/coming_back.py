"""What comes back: on Today, on the page of a post, above the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from koor.flow.publishing import access
from koor.flow.publishing.models import Post
from koor.flow.publishing.queries import repeats
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import written
from koor.kernel.panels import Todo, panel, todos
from koor.kernel.templatetags.koor import when

Filled = tuple[str, dict[str, Any]] | None


@todos(written.of_person(lambda person: repeats.to_write(person)[:1]))
def write_it_anew(person: Person, drafts: list[Post]) -> Iterable[Todo]:
    """The next time of what comes back in new words."""
    for post in drafts:
        series = post.turn.series
        yield Todo(
            rank=42,
            title=_("Write it anew"),
            text=_("It goes %(when)s, if you have written it by then.")
            % {"when": when(datetime.combine(post.turn.day, series.at), "at")},
            button=_("Write it"),
            url=reverse("publishing:edit", args=[post.pk]),
            quote=post.text,
        )


@panel("publishing.post", order=5)
def it_comes_back(request: SignedIn, post: Post, **_more: Any) -> Filled:
    """How this post comes back, and the buttons for that."""
    series = next(iter(repeats.series_of(post)[:1]), None)
    if series is None:
        return None
    may = series.by_id == request.user.pk or access.may_edit(request.user, post)
    return "publishing/panel_series.html", {
        "series": series, "days": repeats.next_days(series), "may": may, "post": post,
    }  # fmt: skip


@panel("calendar.month", order=20)
def what_comes_back(request: SignedIn, first: date | None = None, last: date | None = None, **_more: Any) -> Filled:
    """What comes back in this period and is not made yet."""
    if first is None or last is None:
        return None
    coming = repeats.coming(request.user, list(repeats.running()[:200]), first, last)
    return ("publishing/panel_coming.html", {"coming": coming}) if coming else None
