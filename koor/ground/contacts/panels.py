"""What the contacts room shows elsewhere: on a colleague's page, in the search, in what happened."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from koor.ground.contacts import queries
from koor.ground.contacts.models import Contact, Organisation, Project
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import audit, search
from koor.kernel.panels import panel

Piece = tuple[str, dict[str, Any]] | None


@panel("people.colleague", order=20)
def whom_they_know(request: SignedIn, colleague: Person, **about: Any) -> Piece:
    """The colleague's relations and projects: whom to ask about whom."""
    known = list(queries.relations_of(colleague)[:9])
    work = list(queries.own_projects(request.user, colleague)[:9])
    return ("contacts/panel_colleague.html", {"known": known, "work": work}) if known or work else None


@panel("people.leaving", order=20)
def whose_person_they_are(request: SignedIn, colleague: Person, **about: Any) -> Piece:
    """Who loses their own person when this colleague leaves."""
    lines = list(queries.direct_lines_of(colleague)[:13])
    return ("contacts/panel_leaving.html", {"lines": lines}) if lines else None


audit.sentences(
    {
        "contacts.meet_contact": _("%(by)s met %(target)s on %(platform)s"),
        "contacts.add_contact": _("%(by)s wrote down %(target)s"),
        "contacts.edit_contact": _("%(by)s changed what is known of %(target)s"),
        "contacts.add_handle": _("%(by)s added an address of %(target)s: %(handle)s"),
        "contacts.remove_handle": _("%(by)s took an address of %(target)s away: %(handle)s"),
        "contacts.introduce": _("%(by)s told that %(person)s knows %(target)s"),
        "contacts.forget_acquaintance": _("%(by)s told that %(person)s does not know %(target)s"),
        "contacts.change_direct_line": _("%(by)s changed the direct line of %(target)s: %(person)s"),
        "contacts.tie": _("%(by)s told that %(target)s and %(other)s know each other"),
        "contacts.untie": _("%(by)s told that %(target)s and %(other)s don’t know each other"),
        "contacts.merge_contacts": _("%(by)s made %(target)s and %(gone)s one person"),
        "contacts.confirm_handle": _("%(by)s heard from %(target)s that this address is theirs: %(handle)s"),
        "contacts.not_the_same": _("%(by)s told that %(target)s and %(other)s are two people"),
        "contacts.undo_merge": _("%(by)s took %(target)s and %(gone)s apart again"),
        "contacts.import_contacts": _("%(by)s brought in the list %(target)s: %(added)s new people outside"),
        "contacts.add_organisation": _("%(by)s wrote down the organisation %(target)s"),
        "contacts.edit_organisation": _("%(by)s changed what is known of the organisation %(target)s"),
        "contacts.add_project": _("%(by)s wrote down the project %(target)s"),
        "contacts.edit_project": _("%(by)s changed the project %(target)s"),
        "contacts.join_project": _("%(by)s told that %(person)s works on %(target)s"),
        "contacts.leave_project": _("%(by)s told that %(person)s no longer works on %(target)s"),
    },
    pages={
        "contacts.contact": lambda id: reverse("contacts:contact", args=[id]),
        "contacts.organisation": lambda id: reverse("contacts:organisation", args=[id]),
        "contacts.project": lambda id: reverse("contacts:project", args=[id]),
    },
)


@search.searches(_("People outside"), lambda person, words: queries.contacts(person, words=words))
def contact(person: Person, found: Contact) -> search.Hit:
    place = found.organisation.name if found.organisation else found.place
    url = reverse("contacts:contact", args=[found.pk])
    return search.Hit(title=found.name, url=url, text=place or found.role, face=found)


@search.searches(_("Organisations"), lambda person, words: queries.organisations(person, words=words))
def organisation(person: Person, found: Organisation) -> search.Hit:
    return search.Hit(found.name, url=reverse("contacts:organisation", args=[found.pk]), text=found.place)


@search.searches(_("Projects"), lambda person, words: queries.projects(person, words=words))
def project(person: Person, found: Project) -> search.Hit:
    text = found.organisation.name if found.organisation else found.place
    return search.Hit(title=found.name, url=reverse("contacts:project", args=[found.pk]), text=text)
