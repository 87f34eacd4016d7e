"""What storing needs to know: the saved queries as one matcher, and who we are ourselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Max, QuerySet

from koor.flow.listening.choices import EventState
from koor.flow.listening.logic import fast
from koor.flow.listening.logic.match import AnyMatcher, Matcher
from koor.flow.listening.logic.post import Post
from koor.flow.listening.logic.query import Query as Expression
from koor.flow.listening.logic.query import QueryError, read_query
from koor.flow.listening.models import Mention, Query, RawEvent, Source
from koor.flow.listening.queries.who import platform_of
from koor.ground.channels.contract import Incoming
from koor.ground.channels.models import Account

MANY = 100  # queries from which on the fast engine is worth the 100 MB that its compiler takes


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


def posts_of(mentions: Iterable[int]) -> list[tuple[int, Post]]:
    """These mentions as queries look at them, in the order of their ids."""
    return as_posts(Mention.objects.filter(pk__in=list(mentions)).order_by("pk"))


def as_posts(rows: QuerySet[Mention]) -> list[tuple[int, Post]]:
    """(id, post) of these mentions in their order, in one query, or two where there are any."""
    names = ("pk", "text", "author", "handle", "language", "media", "source")
    found = list(rows.values_list(*names))
    sources = Source.objects.select_related("account").in_bulk({row[-1] for row in found}) if found else {}
    where = {pk: (source.name, platform_of(source)) for pk, source in sources.items()}
    return [
        (pk, Post(text, author, handle, language, *where[source], frozenset(media.split())))
        for pk, text, author, handle, language, media, source in found
    ]


def matcher() -> AnyMatcher[int]:
    """The matcher of all active queries; made anew when one of them changed, else the one of this process."""
    newest = Query.objects.filter(active=True).aggregate(number=Count("pk"), changed=Max("changed_at"), last=Max("pk"))
    many = newest["number"] >= MANY
    if many:
        fast.prepare_soon(settings.KOOR_HOME)
    return _matcher(newest["number"], newest["changed"], newest["last"], many and fast.is_ready())


@lru_cache(maxsize=2)
def _matcher(number: int, changed: datetime | None, last: int | None, quick: bool) -> AnyMatcher[int]:
    active = Query.objects.filter(active=True).order_by("pk").values_list("pk", "expression")
    found = {pk: query for pk, expression in active if (query := readable(expression))}
    return fast.matcher(found) if quick else Matcher(found)


@lru_cache(maxsize=20_000)
def readable(expression: str) -> Expression | None:
    """A saved expression; None when it can't be read (any more): a newer grammar must not stop the others."""
    try:
        return read_query(expression)
    except QueryError:
        return None
