"""Saved queries and sources are removed, and brought back for a while; only then what belongs to them goes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.actions.asking import later_than_all, look_back_soon, name_free
from koor.flow.listening.actions.sources import check_still_free, listen_again
from koor.flow.listening.actions.storing import lock_queries
from koor.flow.listening.models import Match, Mention, Query, RawEvent, Source, View
from koor.ground.governance.queries.terms import subjects_held
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require
from koor.kernel.personal import Subject
from koor.kernel.personal.terms import let_go

A_RUN = 200  # batches of mentions that go in one run; the rest goes in the next


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


# ── Sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def remove_source(*, by: Colleague, source: Source, takes_along: bool) -> Source:
    """Nobody listens there any more, and it stands in no list; its name is free. What was heard stays, or with
    `takes_along` goes after `queries.TAKEN_AFTER`; until then all of it can come back."""
    require(access.may_connect(by), _("Sources are connected by the curator."))
    source = Source.objects.select_for_update(of=("self",)).select_related("account").get(pk=source.pk)
    if takes_along and not access.may_take_along(by, source):
        sentence = _("What came over a colleague's own account goes when that colleague says so.")
        raise Refused(sentence, code="of_a_colleague", field="mentions")
    if source.removed_at is None:
        source.listened, source.active = source.active, False
        source.removed_at, source.takes_along = clock.now(), takes_along
        source.save(update_fields=["listened", "active", "removed_at", "takes_along"])
        audit.record(by=by, verb="listening.remove_source", target=source, takes_along=takes_along)
    return source


@transaction.atomic
def restore_source(*, by: Colleague, source: Source) -> Source:
    """As it was, on from where it stopped. Refused when its name was given away, when another listens there by now, or
    when what was heard there is going."""
    require(access.may_connect(by), _("Sources are connected by the curator."))
    source = Source.objects.select_for_update(of=("self",)).select_related("account").get(pk=source.pk)
    if source.removed_at is not None:
        if queries.is_going(source):
            raise Refused(_("What was heard there is going by now: it can't come back."), code="going")
        check_still_free(source)
        source.removed_at, source.takes_along = None, False
        source.save(update_fields=["removed_at", "takes_along"])
        audit.record(by=by, verb="listening.restore_source", target=source)
        if source.listened:
            source = listen_again(source)
    return source


def take_along(*, by: Colleague) -> int:
    """What was heard in sources that were removed with it goes, by the day of grace; what the law asks to keep stays.
    How many mentions."""
    require(access.may_connect(by), _("Sources are connected by the curator."))
    gone, held = 0, subjects_held()
    for source in queries.sources_to_take_along():
        seen = 0
        for _batch in range(A_RUN):
            number, seen = _some_gone(source.pk, held, seen)
            gone += number
            if not seen:
                _source_gone(by, source.pk)
                break
    return gone


@transaction.atomic
def _some_gone(pk: int, held: Sequence[Subject], after: int) -> tuple[int, int]:
    """A batch of its mentions, from behind one on; how many, and the last of them, 0 at the end. None when it came back
    meanwhile."""
    if not queries.still_going(pk).select_for_update().exists():
        return 0, 0
    return let_go(Mention._meta.label, Mention.objects.filter(source=pk), held, after)


@transaction.atomic
def _source_gone(by: Colleague, pk: int) -> None:
    """Where nothing of it must stay, the source goes too."""
    source = queries.still_going(pk).select_for_update().first()
    if source is None:
        return
    RawEvent.objects.filter(source=source, mention=None).delete()
    if not Mention.objects.filter(source=source).exists():
        audit.record(by=by, verb="listening.forget_source", target=source)
        source.delete()
