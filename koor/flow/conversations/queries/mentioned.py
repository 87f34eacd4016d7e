"""Colleagues who are named in notes, and who may be."""

from django.db.models import QuerySet

from koor.flow.conversations.models import Mentioned
from koor.ground.people import queries as people
from koor.ground.people.models import Person

OFFERED = 6


def may_be_told(person: Person) -> QuerySet[Person]:
    """Colleagues whom this one can name in a note: who work here, but for oneself."""
    return people.colleagues(person).select_related(None).exclude(pk=person.pk)


def offered(person: Person, words: str) -> list[Person]:
    """Whose name has words that begin so, by name; for whoever types an @."""
    rows = may_be_told(person).only("name", "job")
    for word in words.split()[:4]:
        rows = rows.filter(name__iregex=rf"(^|[\s-]){_plain(word)}")
    return list(rows[:OFFERED])


def _plain(word: str) -> str:
    return "".join(one if one.isalnum() else f"\\{one}" for one in word if one.isprintable())


def asked_of(person: Person) -> QuerySet[Mentioned]:
    """Notes in which this colleague is named and which they have not seen yet, the oldest first."""
    rows = Mentioned.objects.filter(person=person, seen_at=None, message__conversation__isnull=False)
    return rows.select_related("message__person", "message__conversation__contact").order_by("at", "pk")
