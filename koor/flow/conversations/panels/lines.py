"""Of direct lines on Today: nobody outside is left without a face."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from koor.flow.conversations import queries
from koor.flow.conversations.models import Line
from koor.ground.people.models import Absence, Person
from koor.kernel.panels import Todo, todos
from koor.kernel.templatetags.koor import when


@todos(
    lambda person: queries.uncovered(person)[:1],
    lambda person: rows[:1] if (rows := queries.bare_absences(person)) is not None else None,
    lambda person: rows[:1] if (rows := queries.without_a_face(person)) is not None else None,
    lambda person: queries.to_introduce(person)[:1],
    lambda person: queries.offered_back(person)[:1],
)
def nobody_is_left(
    person: Person,
    coming: list[Absence],
    bare: list[Absence],
    faceless: list[Line],
    mine: list[Line],
    offered: list[Line],
) -> Iterable[Todo]:
    """Cover for days away, weeks ahead; and a face for whoever lost theirs."""
    yield from (_cover(one, _("You are away from %(day)s"), person) for one in coming)
    yield from (_cover(one, _("%(name)s is away"), one.person) for one in bare)
    yield from map(_faceless, faceless)
    yield from map(_yours_now, mine)
    yield from map(_yours_again, offered)


def _yours_again(one: Line) -> Todo:
    """Who left and works here again; nobody took it over meanwhile."""
    names = {"name": one.contact or one.project, "day": when(one.since, "day")}
    return Todo(
        rank=25,
        title=_("%(name)s: shall it be you again?") % names,
        text=_("This direct line was yours until %(day)s, when you left; nobody took it over.") % names,
        button=_("Take it up again"),
        does=reverse("conversations:take_up_line", args=[one.pk]),
        url=reverse("conversations:lines"),
        face=one.contact,
        icon="" if one.contact else "home",
    )


def _yours_now(one: Line) -> Todo:
    names = {"name": one.contact or one.project, "before": one.before.first_name if one.before else ""}
    title = _("You are there for %(name)s now") % names
    if one.contact is None:
        return Todo(
            rank=35,
            title=title,
            text=_("It was %(before)s before. Look what its page tells of you, and say how soon you answer.") % names,
            button=_("Look at the page"),
            url=reverse("conversations:line", args=[one.pk]),
            icon="people",
        )
    return Todo(
        rank=35,
        title=title,
        text=_("It was %(before)s before. Their page introduces you; a word of your own is nicer.") % names,
        button=_("Say hello"),
        url=reverse("conversations:first_word", args=[one.pk]),
        face=one.contact,
        done=reverse("conversations:greet", args=[one.pk]),
    )


def _faceless(one: Line) -> Todo:
    if one.contact is None:
        return Todo(
            rank=20,
            title=_("Nobody answers any more at %(project)s") % {"project": one.project},
            text=_("The colleague of that page left. Whoever opens a direct line for the project goes on with it."),
            button=_("Look at the page"),
            url=reverse("conversations:line", args=[one.pk]),
            icon="away",
        )
    return Todo(
        rank=20,
        title=_("%(name)s has nobody of their own any more") % {"name": one.contact.name},
        text=_("Their colleague left. Choose who is there for them; their page tells it."),
        button=_("Choose a colleague"),
        url=reverse("contacts:introduce", args=[one.contact_id]),
        face=one.contact,
    )


def _cover(one: Absence, title: str, who: Person) -> Todo:
    return Todo(
        rank=30,
        title=title % {"day": when(one.first_day, "day"), "name": who.name},
        text=_("On all or some of these days nobody stands in on the direct lines. Whoever writes there would wait."),
        button=_("Choose who stands in"),
        url=reverse("people:absence", args=[one.pk]),
        icon="away",
    )
