"""What came in since a page was drawn, and what is taken out of the stream as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from koor.flow.listening import access
from koor.flow.listening.models import Match, Mention, View
from koor.flow.listening.queries.narrowing import Filters, folded, key_of, labelled, narrowed, newest
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

MOST_NEW = 99  # that are told; of more a page says "99+"
AT_ONCE = 1_000
ADDRESS = {"label": "label", "query": "query", "source": "source", "q": "words", "language": "language",
           "topic": "topic", "who": "who"}  # fmt: skip


def arrived(person: Colleague, filters: Filters, since: datetime, seen: Sequence[int] = ()) -> int:
    """How many rows came in since then that these filters leave, without those seen: copies stand behind their first.
    One query, which reads only those."""
    rows = labelled(narrowed(person, filters), filters.label)
    rows = folded(rows, filters) if filters.folds else rows
    rows = rows.exclude(pk__in=seen) if seen else rows
    return rows.filter(stored_at__gt=since).order_by()[: MOST_NEW + 1].count()


def address_of(filters: Filters) -> str:
    """The filters as an address has them, with the names that `forms.filters_of` reads; empty for the whole stream."""
    named = {name: getattr(filters, field) for name, field in ADDRESS.items()}
    return "&".join(f"{name}={_readable(str(value))}" for name, value in named.items() if value and value != "all")


def _readable(text: str) -> str:
    """Escaped as little as an address allows: a view is kept like this, and who is erased is found in it by name."""
    return "".join(f"%{ord(one):02X}" if one in "%&+#=;" or one < " " else one for one in text)


def view(person: Person, pk: int) -> View:
    """A view for everybody, or of one's own."""
    found = View.objects.filter(Q(by=None) | Q(by=person.pk), pk=pk).first()
    if found is None or not access.may_listen(person):
        raise NotFound
    return found


def taken_out(person: Colleague, filters: Filters, most: int) -> Iterator[dict[str, Any]]:
    """The mentions of these filters as plain values, newest first, a thousand in the memory at a time."""
    before, left = "", most
    while left > 0:
        rows = newest(labelled(narrowed(person, filters), filters.label), filters, before)
        found = list(rows.select_related("source").defer("search")[: min(AT_ONCE, left)])
        met = _met(found)
        yield from (_plain(one, met.get(one.pk, [])) for one in found)
        left -= len(found)
        if len(found) < AT_ONCE:
            return
        before = key_of(found[-1])


def _met(found: Sequence[Mention]) -> dict[int, list[str]]:
    """The names of the queries that each of them met."""
    met: dict[int, list[str]] = {}
    named = Match.objects.filter(mention__in=[one.pk for one in found], query__removed_at=None).order_by("query__name")
    for pk, name in named.values_list("mention", "query__name"):
        met.setdefault(pk, []).append(name)
    return met


def _plain(one: Mention, queries: Sequence[str]) -> dict[str, Any]:
    return {
        "id": one.pk,
        "said_at": one.said_at.isoformat(),
        "source": one.source.name,
        "kind": one.kind,
        "author": one.author,
        "handle": one.handle,
        "text": one.text,
        "url": one.url,
        "language": one.language,
        "label": one.label,
        "queries": queries,
    }
