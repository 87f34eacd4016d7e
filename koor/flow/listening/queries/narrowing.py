"""What of the stream is shown, and in which order: filters, access, pages by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower

from koor.flow.listening import access
from koor.flow.listening.choices import Label
from koor.flow.listening.models import Mention
from koor.flow.listening.queries.asked import said
from koor.ground.people.access import Colleague
from koor.kernel import written
from koor.kernel.languages import BESIDE

LABELS = ("all", "open", Label.AHA.value, Label.OHOH.value, Label.NOISE.value, "ours")

NARROWING = ("query", "source", "words", "language", "topic", "who", "same")
COMPARED = ("query", "source", "language", "topic")  # a column with a value
_LANGUAGES = """
WITH RECURSIVE found AS (
    (SELECT language FROM listening_mention WHERE NOT ours AND language <> '' ORDER BY language LIMIT 1)
    UNION ALL
    SELECT (SELECT language FROM listening_mention
            WHERE NOT ours AND language <> '' AND language > found.language ORDER BY language LIMIT 1)
    FROM found WHERE found.language IS NOT NULL)
SELECT language FROM found WHERE language IS NOT NULL LIMIT 100"""


@dataclass(frozen=True)
class Filters:
    """What of the stream is shown. `label` is one of Label's values, "open" (not looked at), "ours" or "all"; `who` is
    whoever said it, by the handle or by the name (`with_who` finds out which, else it is either); `same` one mention
    and all that repeat it."""

    label: str = "all"
    query: int | None = None
    source: int | None = None
    words: str = ""
    language: str = ""
    topic: str = ""
    who: str = ""
    by_name: bool | None = None
    same: int | None = None

    @property
    def narrowed(self) -> bool:
        return any(getattr(self, name) for name in NARROWING)

    @property
    def folds(self) -> bool:
        """Whether copies stand behind the first of them, where that is shown too: see `folded`."""
        return self.label != "ours" and not (self.source or self.language or self.who or self.same)

    @property
    def only(self) -> str:
        """The filter that stands alone, beside the label; empty for none, and for several."""
        set_ones = [name for name in NARROWING if getattr(self, name)]
        return set_ones[0] if len(set_ones) == 1 else ""


def with_who(person: Colleague, filters: Filters) -> Filters:
    """Whether who said it was told by a handle that this person may see, with or without @, or by the name. One query,
    when told."""
    if not filters.who:
        return filters
    bare = filters.who.removeprefix("@")
    spelled = (filters.who, bare if bare != filters.who else f"@{bare}")
    one, other = (_met(person, handle) for handle in spelled)
    met = {handle for (handle,) in one.union(other, all=True)}
    handle = next((one for one in spelled if one in met), None)
    return replace(filters, by_name=True) if handle is None else replace(filters, who=handle, by_name=False)


def _met(person: Colleague, handle: str) -> QuerySet[Mention, tuple[str]]:
    """The handle itself, once, when there is a mention of it."""
    rows = labelled(narrowed(person, Filters(who=handle, by_name=False)), "all").order_by()
    return rows.annotate(told=Value(handle)).values_list("told")[:1]


def _said_by(rows: QuerySet[Mention], filters: Filters) -> QuerySet[Mention]:
    """By the handle or by the name: an index has each in its order, and none has both."""
    rows, whom = rows.alias(by_handle=Lower("handle"), by_author=Lower("author")), filters.who.lower()
    if filters.by_name is None:
        return rows.filter(Q(by_handle=whom) | Q(by_author=whom))
    return rows.filter(by_author=whom) if filters.by_name else rows.exclude(handle="").filter(by_handle=whom)


def narrowed(person: Colleague, filters: Filters) -> QuerySet[Mention]:
    """The mentions that the filters other than the label leave."""
    return _narrowed(seen(person.pk), filters) if access.may_listen(person) else Mention.objects.none()


def seen(owner: Any) -> QuerySet[Mention]:
    """What a colleague who listens may see, by their number: what was said to another alone, on their own account, is
    for that one."""
    return Mention.objects.exclude(kind="direct", source__in=access.not_owned(by=owner).values("pk"))


def _narrowed(rows: QuerySet[Mention], filters: Filters) -> QuerySet[Mention]:
    if filters.query:
        met = FilteredRelation("matches", condition=Q(matches__query=filters.query))
        rows = rows.alias(met=met).alias(met_at=F("met__said_at"), met_pk=F("met__mention"))  # one join for all
        rows = rows.filter(met_at__isnull=False)
    if filters.source:
        rows = rows.filter(source=filters.source)
    if filters.language:
        rows = rows.exclude(language="").filter(language=filters.language)  # the index holds those with one
    if filters.topic:
        about = FilteredRelation("about", condition=Q(about__topic=filters.topic))
        rows = rows.alias(sorted=about).alias(topic_at=F("sorted__said_at"), topic_pk=F("sorted__mention"))
        rows = rows.filter(topic_at__isnull=False)
    if filters.who:
        rows = _said_by(rows, filters)
    if filters.same:
        rows = rows.filter(Q(copy_of=filters.same) | Q(pk=filters.same))
    if filters.words and (asked := said(filters.words)):
        rows = rows.filter(asked)
    return rows


def written_by_filters(ask: Callable[..., QuerySet[Any, Any]]) -> Callable[..., written.Asked | QuerySet[Any, Any]]:
    """What is asked of the mentions that filters leave, of `(rows, filters, *more)`, as a function of
    `(person, filters, *more)`: written once where the filters only compare a column with a value."""

    @written.once("owner", "query", "source", "language", "topic")
    def by_values(
        owner: Any, query: Any, source: Any, language: Any, topic: Any, label: str, narrowing: Sequence[str], more: Any
    ) -> QuerySet[Any, Any]:
        values = {"query": query, "source": source, "language": language, "topic": topic}
        filters = Filters(label, **{name: values[name] for name in narrowing})
        return ask(_narrowed(seen(owner), filters), filters, *more)

    def asked(person: Colleague, filters: Filters, *more: Any) -> written.Asked | QuerySet[Any, Any]:
        if filters.words or filters.who or filters.same or not access.may_listen(person):
            return ask(narrowed(person, filters), filters, *more)
        narrowing = tuple(name for name in COMPARED if getattr(filters, name))
        values = {name: getattr(filters, name) or 0 for name in COMPARED}
        return by_values(person.pk or 0, **values, label=filters.label, narrowing=narrowing, more=more)

    return asked


def labelled(rows: QuerySet[Mention], label: str) -> QuerySet[Mention]:
    if label == "ours":
        return rows.filter(ours=True)
    rows = rows.filter(ours=False)
    return rows if label == "all" else rows.filter(label="" if label == "open" else label)


def folded(rows: QuerySet[Mention], filters: Filters) -> QuerySet[Mention]:
    """Without the copies of what these rows hold: a copy that meets the filters is shown when its first does not.
    What stood behind a post when somebody marked it was looked at with it; what comes after that waits for a look."""
    if filters.label == "all" and not filters.narrowed:
        return rows.filter(copy_of=None)
    left = rows.filter(~Exists(rows.order_by().filter(pk=OuterRef("copy_of"))))
    if filters.label == "open":
        by_a_person = Mention.objects.exclude(label="").filter(labelled_by__isnull=False)
        marked = by_a_person.filter(labelled_at__gt=OuterRef("stored_at"))
        left = left.filter(~Exists(marked.filter(pk=OuterRef("copy_of"))))
    return left


def newest(rows: QuerySet[Mention], filters: Filters, before: str = "") -> QuerySet[Mention]:
    """Newest first, from the key of the last one of the page before. A query and a topic keep the order beside what
    they met, so that their index gives the page."""
    topic = ("topic_at", "topic_pk") if filters.topic else ("said_at", "pk")
    at, pk = ("met_at", "met_pk") if filters.query else topic
    if (key := key_in(before)) is not None:
        moment, number = key
        rows = rows.filter(**{f"{at}__lte": moment}).filter(Q(**{f"{at}__lt": moment}) | Q(**{f"{pk}__lt": number}))
    return rows.order_by(f"-{at}", f"-{pk}")


def key_of(mention: Mention) -> str:
    return f"{round(mention.said_at.timestamp() * 1_000_000)}-{mention.pk}"


def key_in(text: str) -> tuple[datetime, int] | None:
    moment, _dash, pk = text.partition("-")
    if not (moment.isascii() and moment.isdecimal() and pk.isascii() and pk.isdecimal()) or len(text) > 40:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(moment)), int(pk)
    except OverflowError:
        return None


def languages_to_tell(mention: Mention) -> list[str]:
    """What a mention may be in instead: the languages of the house and those that are told apart."""
    known = dict.fromkeys([*(code for code, _name in settings.LANGUAGES), *BESIDE])
    return [one for one in known if one != mention.language]


def languages(person: Colleague) -> list[str]:
    """The languages that mentions are in. Each is one step through an index, however many mentions there are."""
    if not access.may_listen(person):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LANGUAGES)
        return [row[0] for row in cursor.fetchall()]
