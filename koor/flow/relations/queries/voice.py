"""The voice of the customer: what people outside ask, praise and complain about, for each subject that the house
follows and each project; every figure opens to the words themselves. Of customers, never of colleagues."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, Value, When

from koor.flow.conversations.models import Message
from koor.flow.conversations.queries import product_names, said_by_customers
from koor.flow.listening.choices import Label
from koor.flow.listening.models import Match, Mention, Query
from koor.flow.relations import access
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import clock, together
from koor.kernel.access import NotFound
from koor.kernel.search import apart

PERIODS = (30, 90, 365)  # days
SURE = 0.9  # of what the learner thinks, where nobody said
MOST = 30  # subjects and projects
_WRITTEN = re.compile(r"[^\x00-\x7f]+")
_NUMBERED = re.compile(r"(?<=\w)[-\s]+(?=\d)")
ASKS, PRAISES, COMPLAINS = "asks", "praises", "complains"
KINDS = (ASKS, PRAISES, COMPLAINS)


@dataclass(frozen=True)
class Subject:
    """What is talked about, with how often it was asked, praised or complained about."""

    pk: int | str  # of a product its name
    name: str
    said: int
    figures: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Voice:
    topics: list[Subject]
    projects: list[Subject]
    products: list[Subject]

    @property
    def said(self) -> int:
        return sum(one.said for one in (*self.topics, *self.projects, *self.products))


def voice(person: Person, days: int = 90) -> Voice:
    """Subjects, projects and products, most talked about first. Two queries."""
    since = _since(person, days)
    names = product_names()
    found = together.lists(
        _counted(_matches(since), "mention__", "query_id", "query__name"),
        _counted(_of_projects(since), "mention__", "contact__projects", "contact__projects__name"),
        _counted(_of_products(since, names), "mention__", "product", "product") if names else None,
    )
    return Voice(*([_subject(row) for row in rows] for rows in found))


def _since(person: Person, days: int) -> datetime:
    if not access.may_hear_voice(person):
        raise NotFound
    return clock.now() - timedelta(days=days if days in PERIODS else PERIODS[1])


def _matches(since: datetime) -> QuerySet[Match]:
    rows = Match.objects.filter(query__removed_at=None, mention__ours=False, mention__said_at__gte=since)
    return rows.exclude(mention__label=Label.NOISE).annotate(words=F("mention__text"))


def _messages(since: datetime) -> QuerySet[Message]:
    rows = said_by_customers().filter(stored_at__gte=since).exclude(mention__label=Label.NOISE)
    return rows.annotate(words=F("text"))


def _of_projects(since: datetime) -> QuerySet[Message]:
    return _messages(since).exclude(contact__projects=None)


def _of_product(since: datetime, name: str) -> QuerySet[Message]:
    """What was said to us in which a product is named, on whatever channel."""
    return _messages(since).filter(search=_named(name))


def _of_products(since: datetime, names: Iterable[str]) -> QuerySet[Message]:
    """The same of all of them at once: a message comes once for each that it names."""
    asked = {name: _named(name) for name in names}
    each = [Case(When(search=query, then=Value(name)), output_field=CharField()) for name, query in asked.items()]
    named = Func(*each, template="unnest(array_remove(ARRAY[%(expressions)s], NULL))", output_field=CharField())
    any_of_them = Q(*(("search", query) for query in asked.values()), _connector=Q.OR)
    return _messages(since).filter(any_of_them).annotate(product=named)


def _named(name: str) -> SearchQuery:
    """A name in what the index keeps of a text: word by word, and as PostgreSQL reads such a text, to which 3.0, A/B
    and the -700 of VR-700 are each one word; with a hyphen before a number or without."""
    written = _WRITTEN.sub(lambda found: apart(found.group()), name.lower())
    ways = (apart(name), written, _NUMBERED.sub("-", written), _NUMBERED.sub(" ", written))
    asked = [SearchQuery(way, config="simple", search_type="phrase") for way in dict.fromkeys(ways)]
    return reduce(or_, asked)


def _counted(rows: QuerySet[Any], way: str, number: str, name: str) -> QuerySet[Any, Any]:
    counts = {kind: Count("pk", filter=_is(kind, way), distinct=True) for kind in KINDS}
    said = rows.order_by().values(number, name).annotate(said=Count("pk", distinct=True), **counts)
    most: QuerySet[Any, Any] = said.order_by("-said", number).values_list(number, name, "said", *KINDS)[:MOST]
    return most


def _is(kind: str, way: str) -> Q:
    """What a person said that it is, else what Koor is sure of; a question is what ends so."""
    asked = Q(words__contains="?")
    happy, angry = _labelled(Label.AHA, way), _labelled(Label.OHOH, way)
    return {ASKS: asked, PRAISES: happy & ~asked, COMPLAINS: angry}[kind]


def _labelled(label: str, way: str) -> Q:
    thought = {f"{way}label": "", f"{way}proposal__label": label, f"{way}proposal__sure__gte": SURE}
    return Q(**{f"{way}label": label}) | Q(**thought)


def _subject(row: Any) -> Subject:
    return Subject(row[0], row[1], row[2], tuple(zip(KINDS, row[3:], strict=True)))


# --- the words ---


@dataclass(frozen=True)
class About:
    """A subject or a project that one opened."""

    name: str
    rows: QuerySet[Any, Any]


def words_about(person: Person, of: str, which: int | str, kind: str = "", days: int = 90) -> About:
    """What was said of a subject, a project or a product, the latest first; NotFound for what is not there."""
    since = _since(person, days)
    name, rows = {"topic": _topic, "project": _project, "product": _product}[of](since, which)
    way, moment = ("", "said_at") if of == "topic" else ("mention__", "at")
    if kind in KINDS:
        rows = rows.filter(_is(kind, way))
    whens = [When(_is(one, way), then=Value(one)) for one in (COMPLAINS, ASKS, PRAISES)]
    rows = rows.annotate(kind_of=Case(*whens, default=Value(""), output_field=CharField()))
    return About(name, rows.order_by(f"-{moment}", "-pk"))


def _topic(since: datetime, pk: int | str) -> tuple[str, QuerySet[Any]]:
    query = Query.objects.filter(pk=pk, removed_at=None).first()
    if query is None:
        raise NotFound
    rows = Mention.objects.filter(pk__in=_matches(since).filter(query=query).values("mention"))
    return query.name, rows.annotate(words=F("text"))


def _project(since: datetime, pk: int | str) -> tuple[str, QuerySet[Any]]:
    project = Project.objects.filter(pk=pk).first()
    if project is None:
        raise NotFound
    return project.name, _messages(since).filter(contact__projects=project).select_related("contact")


def _product(since: datetime, name: int | str) -> tuple[str, QuerySet[Any]]:
    if name not in product_names():
        raise NotFound
    return str(name), _of_product(since, str(name)).select_related("contact")
