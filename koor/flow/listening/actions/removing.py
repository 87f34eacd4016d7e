"""Saved queries are removed, and brought back for a while; what they met is forgotten only then."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.actions.asking import later_than_all, look_back_soon, name_free
from koor.flow.listening.actions.storing import lock_queries
from koor.flow.listening.models import Match, Query, View
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock
from koor.kernel.access import require


@transaction.atomic
def remove_query(*, by: Colleague, query: Query) -> Query:
    """It listens no more and stands in no list; its name is free. Mentions stay. What it met, and views that ask for
    it, wait for `queries.BACK_FOR`: until then it can come back as it was."""
    require(access.may_ask(by), _("Saved queries are kept by the curator and by PR."))
    lock_queries(change=True)
    query = Query.objects.select_for_update().get(pk=query.pk)
    if query.removed_at is None:
        query.listened, query.active = query.active, False
        query.removed_at, query.changed_at = clock.now(), later_than_all()
        query.save(update_fields=["listened", "active", "removed_at", "changed_at"])
        audit.record(by=by, verb="listening.remove_query", target=query, expression=query.expression[:500])
    return query


@transaction.atomic
def restore_query(*, by: Colleague, query: Query) -> Query:
    """As it was, with what it met; what came in meanwhile is looked back at. Refused when its name was given away."""
    require(access.may_ask(by), _("Saved queries are kept by the curator and by PR."))
    lock_queries(change=True)
    query = Query.objects.select_for_update().get(pk=query.pk)
    if query.removed_at is not None:
        name_free(query.name)
        query.active, query.removed_at, query.changed_at = query.listened, None, later_than_all()
        query.save(update_fields=["active", "removed_at", "changed_at"])
        audit.record(by=by, verb="listening.restore_query", target=query)
        if query.active:
            look_back_soon(query)
    return query


@transaction.atomic
def forget_removed_queries(*, by: Colleague) -> int:
    """What queries met that were removed long ago, what they asked, and the views of it. Their name stays where an
    alarm or a fire tells of it. How many."""
    require(access.may_ask(by), _("Saved queries are kept by the curator and by PR."))
    long_ago = Query.objects.filter(removed_at__lt=clock.now() - queries.BACK_FOR).exclude(expression="")
    found = list(long_ago.select_for_update()[:100])
    for query in found:
        Match.objects.filter(query=query).delete()
        View.objects.filter(pk__in=[one.pk for one in queries.views_of(query)]).delete()
        query.expression = ""
        query.save(update_fields=["expression"])
        audit.record(by=by, verb="listening.forget_query", target=query)
    return len(found)
