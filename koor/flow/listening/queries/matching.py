"""What storing needs to know: the saved queries as one matcher, and who we are ourselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Max

from koor.flow.listening.choices import EventState
from koor.flow.listening.logic.match import Matcher
from koor.flow.listening.logic.query import Query as Expression
from koor.flow.listening.logic.query import QueryError, read_query
from koor.flow.listening.models import Query, RawEvent, Source
from koor.ground.channels.contract import Incoming
from koor.ground.channels.models import Account


def own_handles() -> frozenset[str]:
    """The handles of our own accounts, so that what we say ourselves is no mention."""
    return frozenset(map(bare_handle, Account.objects.exclude(handle="").values_list("handle", flat=True)))


def bare_handle(handle: str) -> str:
    return handle.strip().removeprefix("@").casefold()


def is_own(entry: Incoming, handles: frozenset[str]) -> bool:
    """Whether one of our own accounts said it. By handle, never by name: people share names."""
    named = entry.handle or (entry.author if entry.author.startswith("@") else "")
    return bool(named) and bare_handle(named) in handles


def dealt_with(source: Source, external_ids: Iterable[str]) -> set[str]:
    """Which of these events somebody has mended or put aside."""
    found = RawEvent.objects.filter(source=source, external_id__in=list(external_ids))
    return set(found.exclude(state=EventState.QUARANTINED).values_list("external_id", flat=True))


def matcher() -> Matcher[int]:
    """The matcher of all active queries; made anew when one of them changed, else the one of this process."""
    newest = Query.objects.filter(active=True).aggregate(number=Count("pk"), changed=Max("changed_at"), last=Max("pk"))
    return _matcher(newest["number"], newest["changed"], newest["last"])


@lru_cache(maxsize=2)
def _matcher(number: int, changed: datetime | None, last: int | None) -> Matcher[int]:
    active = Query.objects.filter(active=True).order_by("pk").values_list("pk", "expression")
    return Matcher({pk: query for pk, expression in active if (query := readable(expression))})


@lru_cache(maxsize=2_000)
def readable(expression: str) -> Expression | None:
    """A saved expression; None when it can't be read (any more): a newer grammar must not stop the others."""
    try:
        return read_query(expression)
    except QueryError:
        return None
