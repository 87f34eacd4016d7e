"""Noise, said of all that some filters meet: by the worker, piece by piece, and taken back the same way."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access, queries
from koor.flow.listening.actions.marking import MOST_AT_ONCE, mark_many, put_back
from koor.flow.listening.choices import Label
from koor.flow.listening.models import Marking
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, jobs
from koor.kernel.access import Refused, require

KEPT = timedelta(days=7)  # that it can be taken back


@transaction.atomic
def mark_all(*, by: Person, filters: queries.Filters, label: str) -> Marking:
    """Say of all that these filters meet now that it is noise, the newest `queries.MOST_MARKED`. The worker does it;
    what comes in meanwhile nobody saw, so it is left out. Asked again while it is being done, it is the same."""
    require(access.may_listen(by), _("Mentions are marked by the curator and by PR."))
    if label not in Label.values or not label:
        raise Refused(_("A mention is an aha, an oh-oh or noise."), code="unknown_label", field="label")
    if label != Label.NOISE:  # the others go to somebody who answers, and do not come back from there
        raise Refused(_("An aha or an oh-oh asks for an answer: mark those a page at a time."), code="asks_an_answer")
    asked = queries.address_of(filters)
    under_way = Marking.objects.filter(by=by, label=label, asked=asked, done_at=None).first()
    if under_way is not None:
        return under_way
    mentions = queries.all_to_mark(by, filters, label)
    if not mentions:
        raise Refused(_("There is nothing here to mark like this."), code="nothing")
    made = Marking.objects.create(by=by, label=label, asked=asked, mentions=mentions, made_at=clock.now())
    audit.record(by=by, verb="listening.mark_all", label=label, mentions=len(mentions), asked=asked)
    _go_on_soon(made)
    return made


def go_on_marking(number: int) -> None:
    """Mark what is left of it, a hundred in a transaction. May be run again at any time."""
    while (one := Marking.objects.select_related("by").filter(pk=number, done_at=None).first()) is not None:
        with transaction.atomic():
            one = Marking.objects.select_for_update(of=("self",)).select_related("by").get(pk=number)
            _a_piece(one)


def _a_piece(one: Marking) -> None:
    """Forward, or back again; whoever may not any more is not helped further."""
    left = one.mentions[one.done : one.done + MOST_AT_ONCE]
    if left and access.may_listen(one.by) and one.back_at is not None:
        put_back(by=one.by, label=one.label, pks=left, were=one.were)
    elif left and access.may_listen(one.by):
        marked = queries.marked_with(left)
        changed = mark_many(by=one.by, labels=dict.fromkeys(left, one.label), unread=True)
        one.were |= {str(pk): ["", None, None] for pk in changed} | marked
    one.done += len(left)
    one.done_at = clock.now() if one.done >= len(one.mentions) or not access.may_listen(one.by) else None
    one.save(update_fields=["done", "done_at", "were"])


@transaction.atomic
def take_marking_back(*, by: Person, marking: Marking) -> None:
    """Each gets the mark back that it had; what somebody marked otherwise since stays so."""
    require(access.may_listen(by), _("Mentions are marked by the curator and by PR."))
    one = Marking.objects.select_for_update(of=("self",)).get(pk=marking.pk)
    if one.back_at is None:
        one.back_at, one.done, one.done_at = clock.now(), 0, None
        one.save(update_fields=["back_at", "done", "done_at"])
        audit.record(by=by, verb="listening.take_marking_back", label=one.label, mentions=queries.changed_by(one))
        _go_on_soon(one)


def _go_on_soon(one: Marking) -> None:
    from koor.flow.listening import tasks

    jobs.later(tasks.go_on_marking, only_one=f"listening.marking:{one.pk}", marking=one.pk)


def forget_markings(*, by: Colleague) -> int:
    """Those of more than a week ago; the marks stay."""
    require(access.may_listen(by))
    return Marking.objects.filter(made_at__lt=clock.now() - KEPT).delete()[0]
