"""Saved answers that a colleague may use, and how they read in one conversation."""

from django.db.models import F, Q, QuerySet

from koor.flow.conversations import logic
from koor.flow.conversations.models import Conversation, SavedAnswer
from koor.ground.contacts.models import Contact, Project
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

BESIDE_ANSWER = 30


def saved_answers(person: Person) -> QuerySet[SavedAnswer]:
    """One's own first, then those for everybody; by name."""
    rows = SavedAnswer.objects.filter(Q(owner=person) | Q(owner=None), removed_at=None)
    return rows.order_by(F("owner").asc(nulls_last=True), "name", "pk")


def saved_answer(person: Person, id: int) -> SavedAnswer:
    """One of them; also one that was just removed."""
    found = SavedAnswer.objects.filter(Q(owner=person) | Q(owner=None), pk=id).first()
    if found is None:
        raise NotFound
    return found


def filled_in(person: Person, saved: SavedAnswer, conversation: Conversation) -> str:
    """The words of a saved answer for this person outside."""
    contact = conversation.contact
    values = {
        "first_name": contact.first_name if contact else "",
        "name": contact.name if contact else "",
        "me": person.first_name,
        "house": people.house().name,
        "project": _project(contact) if contact and logic.open_places(saved.text) else "",
        "account": conversation.account.name if conversation.account else "",
    }
    return logic.filled(saved.text, values)


def _project(contact: Contact) -> str:
    """Their only work with us, else the only one of their organisation; when there are more, a person fills it in."""
    own = Project.objects.filter(contact=contact)
    shared = Project.objects.filter(organisation=contact.organisation_id, organisation__isnull=False)
    for rows in (own, shared):
        found = list(rows.values_list("name", flat=True)[:2])
        if found:
            return found[0] if len(found) == 1 else ""
    return ""
