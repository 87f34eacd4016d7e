"""Saved queries: kept, changed, paused; and held against what came in before them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.actions.changing import lock_changes
from koor.flow.listening.actions.storing import lock_queries, store_matches
from koor.flow.listening.logic.clean import clean_line
from koor.flow.listening.logic.match import Matcher
from koor.flow.listening.logic.query import QueryError, read_query
from koor.flow.listening.models import Match, Query
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, jobs
from koor.kernel.access import Refused, require

LONGEST_NAME = 80  # characters
AT_ONCE = 20_000  # mentions that are looked back at in the request itself, about half a second
CHUNK = 2_000  # mentions in one transaction of the job


class BadExpression(Refused):
    """The expression can't be read; `error` knows the place."""

    def __init__(self, error: QueryError) -> None:
        line, carets = error.pointer
        super().__init__(f"{sentence_of(error)}\n  {line}\n  {carets}", code="bad_expression", field="expression")
        self.error = error


def sentence_of(error: QueryError) -> str:
    """What is wrong and where, in the language of whoever asks."""
    return _("Position %(at)s: %(what)s") % {"at": error.at + 1, "what": _(error.message) % error.values}


def _read(name: str, expression: str) -> tuple[str, str]:
    """A name and an expression fit to be saved. Refused otherwise. A hard expression takes a while to read, so this is
    done before others have to wait for the queries."""
    name = clean_line(name, LONGEST_NAME + 1)
    if not name:
        raise Refused(_("Give the query a name."), code="no_name", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("A name can have 80 characters, not more."), code="long_name", field="name")
    try:
        return name, read_query(expression.strip()).expression
    except QueryError as error:
        raise BadExpression(error) from None


def name_free(name: str, *, but: int | None = None) -> None:
    """Refused where another query is called so."""
    taken = queries.query_named(name)
    if taken is not None and taken.pk != but:
        sentence = _("There is a query called “%(name)s” already.") % {"name": taken.name}
        raise Refused(sentence, code="name_taken", field="name")


def later_than_all() -> datetime:
    """Now, and later than any change of a query before, whatever the clock does: by it a process tells that its matcher
    is of yesterday. Under `lock_queries(change=True)`."""
    newest = Query.objects.aggregate(at=Max("changed_at"))["at"]
    return max(clock.now(), newest + timedelta(microseconds=1)) if newest else clock.now()


@transaction.atomic
def add_query(*, by: Colleague, name: str, expression: str) -> Query:
    """Keep a query. It is held against everything that comes in from now on, and against the last 30 days."""
    require(access.may_ask(by), _("Saved queries are kept by the curator and by PR."))
    name, expression = _read(name, expression)
    lock_queries(change=True)
    name_free(name)
    now = clock.now()
    made = Query.objects.create(name=name, expression=expression, by_id=by.pk, made_at=now, changed_at=later_than_all())
    audit.record(by=by, verb="listening.add_query", target=made, expression=expression[:500])
    look_back_soon(made)
    return made


@transaction.atomic
def edit_query(*, by: Colleague, query: Query, name: str, expression: str) -> Query:
    """Change name or expression. With another expression, what it met is found anew in the last 30 days."""
    require(access.may_ask(by), _("Saved queries are kept by the curator and by PR."))
    name, expression = _read(name, expression)
    lock_queries(change=True)
    name_free(name, but=query.pk)
    query = Query.objects.select_for_update().get(pk=query.pk)
    if (query.name, query.expression) == (name, expression):
        return query
    anew = query.expression != expression
    audit.record(by=by, verb="listening.edit_query", target=query, was=query.expression[:500], name=name)
    query.name, query.expression, query.changed_at = name, expression, later_than_all()
    query.looked_back_at = None if anew else query.looked_back_at
    query.save()
    if anew:
        Match.objects.filter(query=query).delete()
        if query.active:
            look_back_soon(query)
    return query


@transaction.atomic
def pause_query(*, by: Colleague, query: Query) -> Query:
    """Stop holding a query against what comes in. What it met stays."""
    return _set_active(by, query, False)


@transaction.atomic
def resume_query(*, by: Colleague, query: Query) -> Query:
    """Start again; what came in during the pause is looked back at."""
    return _set_active(by, query, True)


def _set_active(by: Colleague, query: Query, active: bool) -> Query:
    require(access.may_ask(by), _("Saved queries are kept by the curator and by PR."))
    lock_queries(change=True)
    query = Query.objects.select_for_update().get(pk=query.pk)
    if query.active != active:
        query.active, query.changed_at = active, later_than_all()
        query.save(update_fields=["active", "changed_at"])
        audit.record(by=by, verb="listening.resume_query" if active else "listening.pause_query", target=query)
        if active:
            look_back_soon(query)
    return query


def look_back_soon(query: Query) -> None:
    """At once where that is quick, else by the worker."""
    from koor.flow.listening import tasks

    since = clock.now() - queries.LOOK_BACK
    if queries.many_to_look_back(since, AT_ONCE):
        jobs.later(tasks.look_back, query=query.pk)
    else:
        _look_back_at(query, AT_ONCE)


def look_back(query_id: int) -> None:
    """Hold a query against what is stored of the last 30 days, piece by piece. May be run again at any time."""
    query = Query.objects.filter(pk=query_id, active=True).first()
    if query is not None:
        _look_back_at(query, CHUNK)


def _look_back_at(query: Query, chunk: int) -> None:
    expression = queries.readable(query.expression)
    matcher = Matcher({query.pk: expression}) if expression else Matcher[int]({})
    since, after = clock.now() - queries.LOOK_BACK, 0
    while True:
        with transaction.atomic():
            lock_changes()  # before the query, as who stores changes does
            unchanged = Query.objects.select_for_update().filter(pk=query.pk, expression=query.expression).exists()
            if not unchanged:
                return  # somebody changed it meanwhile, and that change looks back itself
            posts = queries.mentions_to_look_back(since, after, chunk)
            store_matches(matcher, posts)
        if not posts:
            break
        after = posts[-1][0]
    Query.objects.filter(pk=query.pk, expression=query.expression).update(looked_back_at=clock.now())
