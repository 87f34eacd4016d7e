"""What a new house still lacks, for who looks after it: a few steps, each counted by what stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from koor.flow.calendar.models import Agreement
from koor.flow.conversations import access as conversations
from koor.flow.conversations.models import ContactForm
from koor.flow.hub.models import Capture
from koor.flow.listening import access as listening
from koor.flow.listening.models import Source
from koor.ground.channels.models import Account
from koor.ground.people.access import may_change_house
from koor.ground.people.models import Discipline, House, Person
from koor.ground.people.queries import house
from koor.ground.story.access import may_write
from koor.ground.story.models import Version
from koor.kernel import clock, together
from koor.kernel.groups import FLOOR

YOUNG = timedelta(days=7)  # so long Today asks whether the house is arranged
OWN = ("newsroom", "paper")  # channels that a house has by itself


@dataclass(frozen=True)
class Step:
    """Something to arrange; it is done once there are so many of what it makes."""

    title: Any
    text: Any
    button: Any
    page: str  # by its url name
    rows: Callable[[Person], QuerySet[Any]]
    enough: int = 1
    may: Callable[[Person], bool] = lambda person: True  # who only administers leaves some to the curator


STEPS = (
    Step(_("Your logo"), _("It stands above all that people outside see."), _("Choose a logo"), "shell:logo",
         lambda person: House.objects.exclude(logo_handle="")),
    Step(_("Why you are there, and how you sound"), _("What is written is held against it; colleagues read it first."),
         _("Write it"), "story:write", lambda person: Version.objects.exclude(published_at=None), may=may_write),
    Step(_("Show something yourself"), _("A photo and one sentence. Who asks others goes first."), _("Take a photo"),
         "hub:capture", lambda person: Capture.objects.filter(by=person)),
    Step(_("Bring in your colleagues"), _("From five people on, Koor counts and shows figures, never by name."),
         _("Invite"), "people:invitations", lambda person: Person.objects.filter(is_active=True), FLOOR),
    Step(_("Which trades work here"), _("By discipline you ask, offer and count."), _("Name them"),
         "people:disciplines", lambda person: Discipline.objects.all()),
    Step(_("A channel beside the newsroom"), _("LinkedIn or another, by hand to begin with: nobody need approve."),
         _("Connect an account"), "channels:choose", lambda person: Account.objects.exclude(connector__in=OWN)),
    Step(_("A way to reach you"), _("The contact form: whoever asks gets a colleague who knows."), _("Open it"),
         "conversations:contact_form", lambda person: ContactForm.objects.filter(is_on=True),
         may=conversations.may_promise),
    Step(_("Somewhere to listen"), _("A feed of the trade or the region. It needs no account."), _("Add a source"),
         "listening:choose_source", lambda person: Source.objects.filter(account=None, removed_at=None),
         may=listening.may_connect),
    Step(_("Agree on a rhythm"), _("Who shows what, and how often. Two or three people are enough to begin."),
         _("Propose an agreement"), "calendar:propose", lambda person: Agreement.objects.all()),
)  # fmt: skip


def steps(person: Person) -> list[tuple[Step, bool, bool]]:
    """Each with whether it is done and whether this colleague may do it, in one query."""
    found = together.numbers(*(step.rows(person) for step in STEPS))
    return [(step, number >= step.enough, step.may(person)) for step, number in zip(STEPS, found, strict=True)]


def asked(person: Person, step: Step) -> QuerySet[Any] | None:
    """How far a step is, as a question that is asked together with others; for who looks after a young house."""
    return together.counted(step.rows(person)) if looks_after_a_young_house(person) else None


def looks_after_a_young_house(person: Person) -> bool:
    return may_change_house(person) and not house().demo and house().made_at > clock.now() - YOUNG
