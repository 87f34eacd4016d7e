"""What this room shows elsewhere: the line on a contact's page and beside a conversation, a quiet relation on Today."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations.models import Conversation
from koor.flow.relations import access, queries
from koor.flow.relations.choices import AmbassadorState
from koor.flow.relations.forms import RhythmForm, TouchForm
from koor.flow.relations.models import Ambassador, Lead, Sending
from koor.ground.contacts.choices import ProjectState
from koor.ground.contacts.models import Acquaintance, Contact, Project
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import audit, together, written
from koor.kernel.models import AuditEntry
from koor.kernel.panels import Todo, count, panel, todos
from koor.kernel.templatetags.koor import when

Piece = tuple[str, dict[str, Any]] | None
IN_TALK, IN_INBOX, ON_PAGE = 4, 8, 12  # moments shown


@panel("contacts.contact", order=10)
def line(request: SignedIn, contact: Contact, **about: Any) -> Piece:
    """All moments with somebody, and one line to add another."""
    told = queries.line(request.user, contact, most=ON_PAGE, may_read=_reads(request, contact))
    return "relations/panel_line.html", {"told": told, "form": TouchForm(auto_id="touch_%s")}


@panel("contacts.contact_beside", order=10)
def beside(request: SignedIn, contact: Contact, **about: Any) -> Piece:
    """Who speaks with them, how often the viewer means to, leads, and whether they show our work."""
    may_read = _reads(request, contact)
    found = queries.beside(request.user, contact, may_read=may_read)
    form = RhythmForm(initial={"every_days": found.every_days}) if found.knows else None
    return "relations/panel_beside.html", {"beside": found, "form": form, "may_read": may_read}


def _reads(request: SignedIn, contact: Contact) -> bool:
    """Whether the viewer reads what was said; asked once a page."""
    kept: dict[int, bool] = request.__dict__.setdefault("_reads_words_of", {})
    if contact.pk not in kept:
        kept[contact.pk] = access.may_read_words(request.user, contact)
    return kept[contact.pk]


@panel("conversations.story", order=10)
def story(request: SignedIn, contact: Contact, place: str, **about: Any) -> Piece:
    """What they told before, beside or above the answer. Whoever sees the conversation reads the words."""
    most = IN_TALK if place == "talk" else IN_INBOX
    told = queries.line(request.user, contact, most=most, may_read=True)
    return ("relations/panel_story.html", {"told": told}) if told else None


@panel("conversations.story", order=70)
def make_a_lead(request: SignedIn, contact: Contact, conversation: Conversation, **about: Any) -> Piece:
    """There may be work in it: to who sells, with the story."""
    return "relations/panel_lead.html", {}


@todos(written.of_person(lambda person: queries.to_thank(person)[:1]))
def thank_an_ambassador(person: Person, found: list[Ambassador]) -> Iterable[Todo]:
    for one in found:
        yield Todo(
            rank=54,
            title=_("%(name)s showed our work to others") % {"name": one.contact.name},
            text=_("A word of thanks is worth a lot."),
            button=_("Thank %(first)s") % {"first": one.contact.first_name},
            url=reverse("relations:ambassador", args=[one.contact_id]),
            face=one.contact,
        )


@count("relations:leads")
def number_of_new_leads(person: Person) -> QuerySet[Lead]:
    return queries.new_leads_for(person)


@count("relations:receiver")
def number_not_arrived(person: Person) -> QuerySet[Sending] | None:
    return queries.failed_sendings(person)


def _lead(lead: Lead, title: str, text: str, rank: int = 15, since: datetime | None = None) -> Todo:
    return Todo(
        rank=rank,
        title=title % {"name": lead.contact.name},
        text=text,
        quote=lead.wants,
        button=_("Look at it"),
        url=reverse("relations:lead", args=[lead.pk]),
        face=lead.contact,
        waiting_since=since,
    )


@todos(written.of_person(lambda person: queries.new_leads_for(person)[:1]))
def a_lead_for_me(person: Person, leads: list[Lead]) -> Iterable[Todo]:
    for lead in leads:
        text = _("What they told is with it; they need not tell it again.")
        yield _lead(lead, _("%(name)s may want work from us"), text, since=lead.made_at)


@todos(written.of_person(lambda person: queries.handed_to(person)[:1]))
def a_lead_handed_to_me(person: Person, leads: list[Lead]) -> Iterable[Todo]:
    for lead in leads:
        text = _("A colleague spoke with them already; what they told is with it.")
        yield _lead(lead, _("The lead of %(name)s is with you now"), text)


def _first_of_nobody(person: Person) -> QuerySet[Lead] | None:
    rows = queries.leads_of_nobody(person)
    return None if rows is None else rows[:1]


@todos(_first_of_nobody)
def a_lead_of_nobody(person: Person, leads: list[Lead]) -> Iterable[Todo]:
    for lead in leads:
        text = _("Who had it left. Choose who goes on with it.")
        yield _lead(lead, _("Nobody goes on with the lead of %(name)s"), text, rank=16)


def _first_failed(person: Person) -> QuerySet[Sending] | None:
    rows = queries.failed_sendings(person)
    return None if rows is None else rows.order_by("pk")[:1]


@todos(_first_failed)
def leads_did_not_arrive(person: Person, failed: list[Sending]) -> Iterable[Todo]:
    for one in failed:
        yield Todo(
            rank=25,
            title=_("A lead did not arrive"),
            text=one.problem,
            button=_("Look at it"),
            url=reverse("relations:receiver"),
            icon="mind",
        )


@panel("contacts.people", order=10)
def whom_not_lately(request: SignedIn, show: str = "", **about: Any) -> Piece:
    """The way to those with whom it has been quiet."""
    if show in {"all", "colleagues"}:
        return None
    quiet, after = together.numbers(queries.asked_quiet(request.user), queries.asked_after(request.user))
    return ("relations/panel_people.html", {"number": quiet, "after": after})


@panel("contacts.project", order=40)
def since_it_was_done(request: SignedIn, project: Project, **about: Any) -> Piece:
    """Who was in touch after it, and whether it is the viewer's moment now."""
    if project.state != ProjectState.DONE or project.contact is None:
        return None
    done = queries.revisits(request.user, project)
    mine = queries.after_projects(request.user).filter(pk=project.pk).exists()
    return ("relations/panel_after.html", {"done": done, "mine": mine}) if done or mine else None


@todos(lambda person: queries.asked_after(person, first=True))
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


@todos(lambda person: queries.asked_quiet(person, first=True))
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


def _lead_handed(entry: Any) -> str:
    """To a colleague; or, when who had it left, to nobody yet."""
    if not entry.detail.get("to"):
        return _("who had the lead %(target)s left, and it has nobody yet") % {"target": entry.target_name}
    said = {"by": entry.actor_name, "target": entry.target_name, "to": entry.detail["to"]}
    return _("%(by)s handed the lead %(target)s to %(to)s") % said


def _ambassador_passed_on(entry: Any) -> str:
    """The same for who shows our work."""
    sentence = _("the ambassador %(target)s has another colleague")
    if "person" in entry.detail and entry.detail["person"] is None:
        sentence = _("the colleague of the ambassador %(target)s left, and they have nobody yet")
    return sentence % {"target": entry.target_name}


def _answered(entry: AuditEntry) -> str:
    """Their yes, their no, or that they stopped."""
    said = str(entry.detail.get("answer", ""))
    told = {"target": entry.target_name, "answer": dict(AmbassadorState.choices).get(said, said)}
    return _("%(target)s answered the invitation: %(answer)s") % told


audit.sentences(
    {
        "relations.note_touch": gettext_lazy("%(by)s noted a moment with %(target)s"),
        "relations.forget_touch": gettext_lazy("%(by)s took a noted moment with %(target)s back"),
        "relations.write_after": gettext_lazy("%(by)s was in touch with %(contact)s after %(target)s"),
        "relations.make_lead": gettext_lazy("%(by)s made a lead for %(to)s: %(target)s"),
        "relations.change_lead": gettext_lazy("%(by)s told how it stands with the lead %(target)s: %(state)s"),
        "relations.hand_lead": _lead_handed,
        "relations.go_on_with_lead": gettext_lazy("%(by)s goes on with the lead %(target)s"),
        "relations.send_lead": gettext_lazy("%(by)s sent the lead %(target)s to the system of sales"),
        "relations.export_leads": gettext_lazy("%(by)s took leads out as a list"),
        "relations.arrange_receiver": gettext_lazy("%(by)s arranged where leads are sent to: %(target)s"),
        "relations.renew_secret": gettext_lazy("%(by)s made another secret for %(target)s"),
        "relations.send_failed_again": gettext_lazy("%(by)s had %(number)s leads sent to %(target)s again"),
        "relations.invite_ambassador": gettext_lazy("%(by)s invited %(target)s as an ambassador"),
        "relations.change_ambassador": gettext_lazy("%(by)s changed what %(target)s gets and may share"),
        "relations.mail_invitation": gettext_lazy("%(by)s mailed an invitation to %(target)s"),
        "relations.thank_ambassador": gettext_lazy("%(by)s thanked %(target)s for showing our work"),
        "relations.end_ambassador": gettext_lazy("%(by)s ended it with %(target)s as an ambassador"),
        "relations.pass_ambassador_on": _ambassador_passed_on,
        "relations.answer_invitation": _answered,
        "relations.tell_shared": gettext_lazy("%(target)s told that they showed our work"),
        "relations.pass_after": gettext_lazy(
            "%(by)s let a moment pass to be in touch with %(contact)s after %(target)s"
        ),
    },
)  # no way from the log to a lead: who reads the log need not be who sells
