"""What this room shows elsewhere: the line on a contact's page and beside a conversation, a quiet relation on Today."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.relations import queries
from koor.flow.relations.forms import RhythmForm, TouchForm
from koor.ground.contacts.choices import ProjectState
from koor.ground.contacts.models import Acquaintance, Contact, Project
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import audit, together
from koor.kernel.panels import Todo, panel, todos
from koor.kernel.templatetags.koor import when

Piece = tuple[str, dict[str, Any]] | None
IN_TALK, IN_INBOX, ON_PAGE = 4, 8, 12  # moments shown


@panel("contacts.contact", order=10)
def line(request: SignedIn, contact: Contact, **about: Any) -> Piece:
    """All moments with somebody, and one line to add another."""
    told = queries.line(request.user, contact, most=ON_PAGE)
    return "relations/panel_line.html", {"told": told, "form": TouchForm(auto_id="touch_%s")}


@panel("contacts.contact_beside", order=10)
def rhythm(request: SignedIn, contact: Contact, **about: Any) -> Piece:
    """How often the viewer wants to be in touch, when they know each other."""
    if not queries.knows(request.user, contact):
        return None
    form = RhythmForm(initial={"every_days": queries.rhythm(request.user, contact)})
    return "relations/panel_rhythm.html", {"form": form}


@panel("conversations.story", order=10)
def story(request: SignedIn, contact: Contact, place: str, **about: Any) -> Piece:
    """What they told before, beside or above the answer. Whoever sees the conversation reads the words."""
    most = IN_TALK if place == "talk" else IN_INBOX
    told = queries.line(request.user, contact, most=most, may_read=True)
    return ("relations/panel_story.html", {"told": told}) if told else None


@panel("contacts.people", order=10)
def whom_not_lately(request: SignedIn, show: str = "", **about: Any) -> Piece:
    """The way to those with whom it has been quiet."""
    if show in {"all", "colleagues"}:
        return None
    quiet, after = together.numbers(queries.quiet(request.user), queries.after_projects(request.user))
    return ("relations/panel_people.html", {"number": quiet, "after": after})


@panel("contacts.project", order=40)
def since_it_was_done(request: SignedIn, project: Project, **about: Any) -> Piece:
    """Who was in touch after it, and whether it is the viewer's moment now."""
    if project.state != ProjectState.DONE or project.contact is None:
        return None
    done = queries.revisits(request.user, project)
    mine = queries.after_projects(request.user).filter(pk=project.pk).exists()
    return ("relations/panel_after.html", {"done": done, "mine": mine}) if done or mine else None


@todos(lambda person: queries.after_projects(person)[:1])
def after_a_project(person: Person, projects: list[Project]) -> Iterable[Todo]:
    """The work that I did for somebody was done some time ago: a good reason to be in touch."""
    for project in projects:
        assert project.contact is not None
        yield Todo(
            rank=63,
            title=_("How is it going with %(name)s?") % {"name": project.contact.name},
            text=_("%(project)s was done %(when)s.") % {"project": project, "when": when(project.last_day, "day")},
            button=_("See a good reason"),
            url=reverse("relations:after_one", args=[project.pk]),
            face=project.contact,
            minutes=2,
        )


@todos(lambda person: queries.quiet(person)[:1])
def quiet_relation(person: Person, quiet: list[Acquaintance]) -> Iterable[Todo]:
    """One of my own people with whom it has been quiet longest."""
    return [_todo(row) for row in queries.as_quiet(quiet)]


def _todo(row: queries.Quiet) -> Todo:
    name = {"name": row.contact.name, "first": row.contact.first_name}
    text = _("Last spoken: %(when)s.") % {"when": when(row.last_at, "day")} if row.last_at else _("Not spoken yet.")
    return Todo(
        rank=65,
        title=_("It has been quiet with %(name)s") % name,
        text=" ".join(part for part in (row.how and f"{row.how}.", text) if part),
        button=_("Get in touch with %(first)s") % name,
        url=reverse("relations:quiet"),
        face=row.contact,
        minutes=3,
    )


audit.sentences(
    {
        "relations.note_touch": gettext_lazy("%(by)s noted a moment with %(target)s"),
        "relations.forget_touch": gettext_lazy("%(by)s took a noted moment with %(target)s back"),
        "relations.write_after": gettext_lazy("%(by)s was in touch with %(contact)s after %(target)s"),
        "relations.pass_after": gettext_lazy(
            "%(by)s let a moment pass to be in touch with %(contact)s after %(target)s"
        ),
    }
)
