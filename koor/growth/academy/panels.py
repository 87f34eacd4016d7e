"""What the academy shows elsewhere."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.growth.academy import queries
from koor.growth.academy.models import Lesson
from koor.kernel import audit, search, written
from koor.kernel.panels import Todo, panel, todos


@todos(written.of_person(lambda person: queries.lessons_to_follow(person)[:1]))
def next_lesson(person: Person, to_follow: list[Lesson]) -> Iterable[Todo]:
    for lesson in to_follow:
        yield Todo(
            rank=75,
            title=lesson.title,
            text=lesson.about,
            button=_("Follow the lesson"),
            url=reverse("academy:lesson", args=[lesson.slug]),
            minutes=lesson.minutes,
            icon="book",
        )


@search.searches(gettext_lazy("Lessons"), queries.lessons_saying)
def a_lesson(person: Person, found: Lesson) -> search.Hit:
    return search.Hit(title=found.title, url=reverse("academy:lesson", args=[found.slug]), text=found.about)


@panel("people.me", order=40)
def my_progress(request: SignedIn, **about: Any) -> tuple[str, dict[str, Any]]:
    """The lessons that one followed, the practice stage, and the next step."""
    made = queries.progress(request.user)
    step = queries.step(request.user, made)
    stage = not made.lessons and queries.practice_account(request.user)
    shown = {"passed": made.passed, "total": made.lessons, "step": step, "stage": stage}
    return "academy/panel_me.html", shown


audit.sentences(
    {
        "academy.write_lesson": gettext_lazy("%(by)s wrote the lesson “%(target)s”"),
        "academy.drop_lesson": gettext_lazy("%(by)s threw the draft lesson “%(target)s” away"),
    }
)
