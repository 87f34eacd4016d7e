"""Reads of leads: who may want work from us, with whom they are, and whether they arrived where sales keeps them."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import Direction
from koor.flow.conversations.models import Conversation, Message
from koor.flow.relations import access
from koor.flow.relations.choices import OPEN_LEADS, REACTIONS, LeadState, SendingState, TouchKind
from koor.flow.relations.logic import one_line
from koor.flow.relations.models import Lead, Receiver, Sending, Touch
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact, Handle
from koor.ground.governance import queries as governance
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import together
from koor.kernel.access import NotFound

MOST_SAID = 40  # messages that a story holds
LONGEST_SAID = 1_000  # characters of each
STATES = {"open": OPEN_LEADS, **{str(state): (state,) for state in LeadState}}


def leads(person: Person, *, state: str = "open") -> QuerySet[Lead]:
    """All that this person may see, the latest first."""
    if not person.is_active:
        return Lead.objects.none()
    rows = Lead.objects.filter(state__in=STATES.get(state, tuple(LeadState)))
    if not access.may_see_all_leads(person):
        rows = rows.filter(access.own_leads(person))
    rows = rows.select_related("contact__organisation", "to", "by", "sending").defer("story")
    return rows.order_by("-made_at", "-pk")


def lead(person: Person, id: int) -> Lead:
    found = Lead.objects.select_related("contact__organisation", "to", "by", "conversation", "sending")
    row = found.filter(pk=id).first()
    if row is None or not person.is_active or not access.may_work_lead(person, row):
        raise NotFound
    return row


def new_leads_for(person: Person) -> QuerySet[Lead]:
    """Nobody has spoken to them yet; the one that waits longest first."""
    rows = Lead.objects.filter(to=person, state=LeadState.NEW).select_related("contact")
    return rows.defer("story").order_by("made_at", "pk")


def handed_to(person: Person) -> QuerySet[Lead]:
    """Somebody spoke to them, and then it was handed to this colleague, who did not go on with it yet."""
    rows = Lead.objects.filter(to=person, state=LeadState.TALKING, handed_at__isnull=False).select_related("contact")
    return rows.defer("story").order_by("handed_at", "pk")


def leads_of_nobody(person: Person) -> QuerySet[Lead] | None:
    """Open ones whose colleague left and that nobody took over, for who works on all leads."""
    if not access.may_see_all_leads(person):
        return None
    rows = Lead.objects.filter(to=None, state__in=OPEN_LEADS).select_related("contact")
    return rows.defer("story").order_by("changed_at", "pk")


def who_sells() -> Person | None:
    """Who gets a lead when nobody is named: responsible for sales, and there today when one of them is."""
    found = governance.responsible_for(Purpose.SALES)
    away = people.away_on(people.today()) if len(found) > 1 else {}
    return min(found, key=lambda one: one.pk in away, default=None)


def story_of(contact: Contact, conversation: Conversation | None) -> list[dict[str, str]]:
    """What was said until now, for who takes it over: of this conversation, else their line. Notes stay inside."""
    if conversation is None:
        return _line_of(contact)
    rows = Message.objects.filter(conversation=conversation).exclude(direction=Direction.NOTE)
    rows = rows.select_related("person", "contact").order_by("-at", "-pk")
    return [_said(row) for row in reversed(rows[:MOST_SAID])]


def _said(row: Message) -> dict[str, str]:
    ours = row.person.name if row.person else _("a colleague")
    theirs = row.contact.name if row.contact else _("Somebody")
    who = ours if row.direction == Direction.OUT else theirs
    return {"at": row.at.isoformat(), "who": who, "said": one_line(row.text, LONGEST_SAID)}


def _line_of(contact: Contact) -> list[dict[str, str]]:
    rows = Touch.objects.filter(contact=contact).select_related("person").order_by("-at", "-pk")
    return [
        {"at": row.at.isoformat(), "who": _who(row, contact), "said": str(row)} for row in reversed(rows[:MOST_SAID])
    ]


def _who(row: Touch, contact: Contact) -> str:
    if row.person:
        return row.person.name
    theirs = {TouchKind.MESSAGE_IN, TouchKind.MENTION, *REACTIONS}
    return contact.name if row.kind in theirs else str(row.get_kind_display())


def require_theirs(conversation: Conversation | None, contact: Contact) -> None:
    """NotFound for a conversation with somebody else: their words are not taken along."""
    if conversation is None:
        return
    if conversation.contact is None or contacts.survivor(conversation.contact) != contacts.survivor(contact):
        raise NotFound


# --- to where sales keeps them ---


def receiver(person: Person) -> Receiver | None:
    """Where leads are sent to, for who arranges it."""
    if not access.may_arrange_receiver(person):
        raise NotFound
    return Receiver.objects.first()


def receiver_on() -> Receiver | None:
    """Where leads are sent to now."""
    return Receiver.objects.filter(is_on=True).first()


def sendings(person: Person, state: str = "") -> QuerySet[Sending]:
    """What went, waits or did not arrive. Of the lead no more than its number: words are for sales."""
    if not access.may_arrange_receiver(person):
        raise NotFound
    rows = Sending.objects.filter(state=state) if state else Sending.objects.all()
    return rows.select_related("lead").only("state", "attempts", "next_at", "problem", "sent_at", "lead__made_at")


def failed_sendings(person: Person) -> QuerySet[Sending] | None:
    """For who can do something about it."""
    if not access.may_arrange_receiver(person):
        return None
    return Sending.objects.filter(state=SendingState.FAILED)


def how_many(person: Person) -> tuple[int, int]:
    """Leads on their way, and those that did not arrive."""
    waiting, failed = together.numbers(sendings(person, SendingState.WAITING), sendings(person, SendingState.FAILED))
    return waiting, failed


def message_of(lead: Lead) -> dict[str, Any]:
    """A lead as the receiver gets it."""
    return {
        "type": "lead.made",
        "timestamp": lead.made_at.isoformat(),
        "data": {
            "id": str(lead.key),
            "wants": lead.wants,
            "state": lead.state,
            "contact": _contact(lead.contact),
            "with": {"name": lead.to.name, "email": lead.to.email} if lead.to else None,
            "story": lead.story,
            "url": settings.KOOR_URL + reverse("relations:lead", args=[lead.pk]),
        },
    }


def _contact(contact: Contact) -> dict[str, Any]:
    fields = ("name", "role", "email", "phone", "street", "place", "language")
    said: dict[str, Any] = {name: getattr(contact, name) for name in fields}
    said["organisation"] = contact.organisation.name if contact.organisation else ""
    said["handles"] = [{"platform": row.platform, "value": row.value, "url": row.url} for row in contact.handles.all()]
    return said


COLUMNS = (
    "made", "wants", "state", "name", "organisation", "role", "email", "phone", "street", "place",
    "with", "story", "id",
)  # fmt: skip


def rows_of_list(person: Person, *, state: str = "") -> Iterator[list[str]]:
    """Leads as a list for a spreadsheet or another system, heading first."""
    if not access.may_export_leads(person):
        raise NotFound
    yield list(COLUMNS)
    rows = leads(person, state=state or "all").defer(None)
    for row in rows.prefetch_related(Prefetch("contact__handles", Handle.objects.all())).iterator(chunk_size=500):
        who = row.contact
        told = "\n".join(f"{said['at'][:16]} {said['who']}: {said['said']}" for said in row.story)
        yield [
            row.made_at.date().isoformat(), row.wants, str(row.get_state_display()), who.name,
            who.organisation.name if who.organisation else "", who.role, who.email, who.phone, who.street, who.place,
            row.to.name if row.to else "", told, str(row.key),
        ]  # fmt: skip
