"""What the academy shows elsewhere."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.growth.academy import queries
from koor.kernel import audit
from koor.kernel.panels import Todo, panel, todos


@todos
def next_lesson(person: Person) -> Iterable[Todo]:
    lesson = queries.next_lesson(person)
    if lesson is not None:
        yield Todo(
            rank=75,
            title=lesson.title,
            text=lesson.about,
            button=_("Follow the lesson"),
            url=reverse("academy:lesson", args=[lesson.slug]),
            minutes=lesson.minutes,
            icon="book",
        )


@panel("people.me", order=40)
def my_lessons(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]] | None:
    passed, total = queries.passed(request.user)
    return ("academy/panel_me.html", {"passed": passed, "total": total}) if total else None


@panel("people.me", order=45)
def my_next_step(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]] | None:
    step = queries.step(request.user)
    return ("academy/panel_step.html", {"step": step}) if step else None


audit.sentences(
    {
        "academy.write_lesson": gettext_lazy("%(by)s wrote the lesson “%(target)s”"),
    }
)
