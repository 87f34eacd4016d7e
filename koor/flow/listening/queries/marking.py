"""What is marked at once: all that filters meet, and how far that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q

from koor.flow.listening import access
from koor.flow.listening.models import Marking, Mention
from koor.flow.listening.queries.narrowing import Filters, folded, labelled, narrowed, newest
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

MOST_MARKED = 5_000  # in one go, the newest


def all_to_mark(person: Person, filters: Filters, label: str) -> list[int]:
    """The mentions of others that these filters show and that have another mark, the newest first; repeats of one
    follow it, as they do on the page."""
    rows = folded(labelled(narrowed(person, filters), filters.label), filters).filter(ours=False).exclude(label=label)
    return list(newest(rows, filters).values_list("pk", flat=True)[:MOST_MARKED])


def marked_with(pks: Sequence[int]) -> dict[str, list[Any]]:
    """Of these and the copies behind them, those that have a mark: which, by whom, and when."""
    rows = Mention.objects.filter(Q(pk__in=pks) | Q(copy_of__in=pks)).exclude(label="").order_by()
    told = rows.values_list("pk", "label", "labelled_by", "labelled_at")
    return {str(pk): [label, whose, at and at.isoformat()] for pk, label, whose, at in told}


def marked_by_koor(pks: Collection[int]) -> set[int]:
    """Of these, those whose mark is Koor's own."""
    rows = Mention.objects.filter(pk__in=pks, labelled_by=None).exclude(label="").order_by()
    return set(rows.values_list("pk", flat=True))


def changed_by(marking: Marking) -> int:
    """How many of the page got another mark, the repeats behind them not counted."""
    before = (marking.were.get(str(pk), [marking.label])[0] for pk in marking.mentions)
    return sum(label != marking.label for label in before)


def marking(person: Person, pk: int) -> Marking:
    """One of one's own."""
    found = Marking.objects.filter(pk=pk, by=person).first() if access.may_listen(person) else None
    if found is None:
        raise NotFound
    return found
