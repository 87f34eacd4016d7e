"""The stream of mentions: pages by key, with why each mention is there. What a person may not see is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Model, QuerySet

from koor.flow.listening import access
from koor.flow.listening.choices import Label
from koor.flow.listening.logic.show import Piece, marked
from koor.flow.listening.logic.tree import Shown, terms
from koor.flow.listening.models import Enclosure, Lesson, Match, Mention, Proposal, Query, Source
from koor.flow.listening.queries.asked import has_signs, said_without_signs
from koor.flow.listening.queries.matching import readable
from koor.flow.listening.queries.narrowing import (
    Filters,
    folded,
    key_of,
    labelled,
    narrowed,
    newest,
    seen,
    written_by_filters,
)
from koor.flow.listening.queries.who import whose
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import clock, search, together, written
from koor.kernel.access import NotFound

PER_PAGE = 30
EXCERPT = 420  # characters of a mention in the stream
WHOLE = 100_000


@dataclass(frozen=True)
class Said:
    """A mention as it stands in the stream, with the reasons why it is there."""

    mention: Mention
    pieces: Sequence[Piece]
    queries: Sequence[Query]
    who: Contact | Person | None = None  # when we know them
    alike: Sequence[Mention] = ()  # marked by people, and why the learner thinks what it thinks
    copies: int = 0  # that stand behind it

    @cached_property
    def proposal(self) -> Proposal | None:
        """What the learner thinks and by which words, as long as no person has said what it is."""
        found: Proposal | None = getattr(self.mention, "proposal", None)
        mention = self.mention
        by_a_person = mention.ours or mention.labelled_by_id is not None
        if found is None or by_a_person or not found.reasons or mention.label not in {"", found.label}:
            return None
        return found

    @property
    def shape(self) -> tuple[bool, ...]:
        """How it is drawn, whatever it says."""
        return self.mention.ours, bool(self.mention.name), bool(self.mention.text)

    @property
    def face(self) -> Contact | Person | Mention:
        return self.who or self.mention


@dataclass(frozen=True)
class Stream:
    """One page by key: what comes in meanwhile does not move it."""

    rows: Sequence[Said]
    older: str = ""  # the key of the next page; empty at the end


def stream(person: Colleague, filters: Filters, before: str = "", per: int = PER_PAGE) -> Stream:
    """Mentions, newest first. `before` is the key of the last one on the page before."""
    return stream_and(person, filters, before, per, most_ohoh=0)[0]


def stream_and(
    person: Colleague, filters: Filters, before: str = "", per: int = PER_PAGE, *, most_ohoh: int
) -> tuple[Stream, Sequence[Said]]:
    """A page of the stream, and the newest that were marked oh-oh in the last 24 hours. A few queries. Which rows, and
    what stands beside them, are planned apart: together PostgreSQL needs ten times as long for the plan as for them."""
    asked = _newest(person, filters, per) if not before else _page(narrowed(person, filters), filters, per, before)
    found = written.rows(asked)
    hot = _smouldering(person, most_ohoh) if most_ohoh else []
    page = found[:per]
    explain([*page, *hot])
    known = whose([*page, *hot])
    near = alike(person, page)
    older = key_of(page[-1]) if len(found) > per else ""
    behind = _copies(person, page) if filters.folds else {}
    shown = [replace(said(row, who=known, near=near), copies=behind.get(row.pk, 0)) for row in page]
    return Stream(shown, older), [said(row, 220, known) for row in hot]


def _page(rows: QuerySet[Mention], filters: Filters, per: int, before: str = "") -> QuerySet[Mention]:
    """A page, and one more when there is another."""
    rows = labelled(rows, filters.label)
    rows = folded(rows, filters) if filters.folds else rows
    keys = newest(rows, filters, before).values("pk")[: per + 1]
    return _shown(Mention.objects.filter(pk__in=keys)).order_by("-said_at", "-pk")


_newest = written_by_filters(_page)


def _beside(way: str, model: type[Model], *shown: str) -> list[str]:
    """The columns of what stands beside a mention that its row does not show."""
    return [f"{way}__{one.name}" for one in model._meta.concrete_fields if one.name not in ("id", *shown)]


_NOT_SHOWN = (
    *_beside("source", Source, "name", "kind", "account", "settings"),
    *_beside("source__account", Account, "connector", "owner", "personal", "name", "handle"),
    *_beside("labelled_by", Person, "name"),
    "proposal__made_at",
)


def _copies(person: Colleague, page: Sequence[Mention]) -> dict[int, int]:
    """How many stand behind each. One query."""
    return dict(_behind(person.pk or 0, [one.pk for one in page]).rows()) if page else {}


@written.once("owner", "firsts")
def _behind(owner: Any, firsts: Any) -> QuerySet[Mention, Any]:
    rows = seen(owner).filter(written.among("copy_of", firsts)).order_by().values("copy_of")
    return rows.annotate(n=Count("pk")).values_list("copy_of", "n")


def _smouldering(person: Colleague, most: int) -> list[Mention]:
    """The newest oh-ohs of the last 24 hours."""
    if not access.may_listen(person):
        return []
    found: list[Mention] = _hot(person.pk or 0, clock.now() - timedelta(days=1), most).rows()
    return found


@written.once("owner", "since")
def _hot(owner: Any, since: Any, most: int) -> QuerySet[Mention]:
    hot = folded(labelled(seen(owner).filter(said_at__gte=since), Label.OHOH), Filters(label=Label.OHOH))
    return _shown(newest(hot, Filters()))[:most]


def _shown(rows: QuerySet[Mention]) -> QuerySet[Mention]:
    """With what a row shows of its source and of who marked it."""
    return rows.select_related("source__account", "labelled_by", "proposal").defer("search", *_NOT_SHOWN)


def explain(mentions: Sequence[Mention]) -> None:
    """Fetch for all of these at once which queries met them."""
    if mentions:
        together.hang(mentions, "matches", _met([one.pk for one in mentions]).rows())


@written.once("mentions")
def _met(mentions: Any) -> QuerySet[Match]:
    rows = Match.objects.filter(written.among("mention", mentions), query__removed_at=None)
    return rows.select_related("query").order_by("query__name")


def said(
    mention: Mention,
    most: int = EXCERPT,
    who: Mapping[int, Contact | Person] | None = None,
    near: Mapping[int, Mention] | None = None,
) -> Said:
    """A mention with the words marked for which its queries found it."""
    met = [match.query for match in mention.matches.all()]
    like = [near[pk] for pk in _like(mention) if pk in near] if near else []
    return Said(mention, marked(mention.text, terms_of(met), most), met, (who or {}).get(mention.pk), like)


def _like(mention: Mention) -> list[int]:
    found: Proposal | None = getattr(mention, "proposal", None)
    return found.alike if found is not None and mention.labelled_by_id is None else []


def alike(person: Colleague, mentions: Sequence[Mention]) -> dict[int, Mention]:
    """By id, the mentions that the learner names as like these and that this person may see. One query at most."""
    asked = {pk for mention in mentions for pk in _like(mention)}
    if not asked:
        return {}
    marked_ones = narrowed(person, Filters()).filter(pk__in=asked).exclude(label="")
    return {one.pk: one for one in marked_ones.only("pk", "text", "label", "author", "handle")}


def terms_of(met: Iterable[Query]) -> list[Shown]:
    read = (readable(query.expression) for query in met)
    return [term for expression in read if expression for term in terms(expression.tree)]


def mention(person: Colleague, pk: int, most: int = WHOLE) -> Said:
    """One mention; in full, unless `most` says how much of it."""
    found = _shown(narrowed(person, Filters()).filter(pk=pk)).select_related("about").first()
    if found is None:
        raise NotFound
    lessons, files = Lesson.objects.select_related("by"), Enclosure.objects.select_related("file")
    together.attach(found, lessons=lessons, enclosures=files)
    explain([found])
    return said(found, most, whose([found]), alike(person, [found]))


def seen_by(person: Colleague) -> QuerySet[Mention]:
    """All that this colleague may see."""
    return narrowed(person, Filters())


def mentions_of(person: Colleague, ids: Iterable[int]) -> list[Mention]:
    """These mentions, as far as this colleague may see them."""
    return list(narrowed(person, Filters()).filter(pk__in=list(ids)))


def answered_in(person: Colleague, shown: Mention) -> Mention | None:
    """What this mention answers, when that was heard too."""
    if not shown.in_reply_to:
        return None
    return narrowed(person, Filters()).filter(source=shown.source_id, external_id=shown.in_reply_to).first()


def mentions_saying(person: Colleague, words: str) -> QuerySet[Mention] | None:
    """Mentions that say these words, newest first; nothing without words. In the search of the whole house a minus
    leaves nothing out: there is no place there to say that it does not."""
    if not search.tsquery(words):
        return None
    filters = Filters() if has_signs(words) else Filters(words=words)
    rows = narrowed(person, filters) if filters.words else narrowed(person, filters).filter(said_without_signs(words))
    return _shown(newest(labelled(rows, "all"), filters))


def listed(*, query: Query | None = None, label: str = "all", most: int | None = None) -> list[Said]:
    """Mentions for the command line, newest first; all of them unless `most` says how many."""
    rows = Mention.objects.filter(matches__query=query) if query else Mention.objects.all()
    found = _shown(labelled(rows, label)).order_by("-said_at", "-pk")
    shown = list(found[:most] if most else found)
    explain(shown)
    return [Said(row, (), [match.query for match in row.matches.all()]) for row in shown]
