"""What could not be read is mended and played again, or put aside; nothing is thrown away."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access
from koor.flow.listening.actions.storing import store_mended
from koor.flow.listening.choices import EventState
from koor.flow.listening.logic.reading import FORMATS, raw_of, read_again
from koor.flow.listening.models import RawEvent, Source
from koor.ground.channels.contract import Broken
from koor.ground.people.access import Colleague
from koor.kernel import audit, jobs
from koor.kernel.access import NotFound, Refused, require

A_GO, A_LOOK = 200, 1_000  # entries that come in, and that are looked at, while a person waits


class StillBroken(Refused):
    """The mended entry can't be read either; what was typed is kept."""


def replay_event(*, by: Colleague, event: RawEvent, body: str) -> RawEvent:
    """Read an entry again, perhaps mended. What was typed is kept also when it can't be read yet: then `StillBroken`
    says why. Of who was erased it is gone: the entry that is given has no number any more."""
    with transaction.atomic():
        found = _locked(by, event, EventState.QUARANTINED)
        found.body = raw_of(body)
        entry = read_again(found.body, found.form)
        if isinstance(entry, Broken):
            found.reason = entry.reason[:300]
            found.save(update_fields=["body", "reason"])
        else:
            found.state, found.reason = EventState.READ, ""
            found.save(update_fields=["body", "reason", "state"])
            own = found.source.account is not None and found.source.account.personal
            stored = store_mended(found, replace(entry, kind="direct") if own else entry)  # perhaps to them alone
            audit.record(by=by, verb="listening.replay_event", target=found if found.pk else None, stored=stored)
    if isinstance(entry, Broken):
        raise StillBroken(_(entry.reason), code="still_broken", field="body")
    return found


def replay_events(*, by: Colleague, source: Source, after: int = 0) -> tuple[int, bool]:
    """Read all of a source again as they are, from behind one on: Koor may read by now what it could not then. How many
    came in, and whether the worker goes on with others."""
    from koor.flow.listening import tasks

    require(access.may_mend(by, source), _("What could not be read is mended by the curator."))
    waiting = RawEvent.objects.filter(source=source, state=EventState.QUARANTINED, form__in=FORMATS, pk__gt=after)
    number = 0
    for looked, event in enumerate(waiting.order_by("pk")[: A_LOOK + 1].iterator(chunk_size=100)):
        if number == A_GO or looked == A_LOOK:
            only_one = f"listening.replay_events:{source.pk}"
            jobs.later(tasks.replay_events, only_one=only_one, source=source.pk, after=after)
            return number, True
        after = event.pk
        if not isinstance(read_again(event.body, event.form), Broken):
            with suppress(Refused, NotFound):  # a colleague was first
                replay_event(by=by, event=event, body=event.body)
                number += 1
    return number, False


@transaction.atomic
def drop_event(*, by: Colleague, event: RawEvent) -> RawEvent:
    """Put an entry aside that is not worth mending."""
    return _moved(by, event, EventState.QUARANTINED, EventState.DROPPED)


@transaction.atomic
def restore_event(*, by: Colleague, event: RawEvent) -> RawEvent:
    """Take it back into the quarantine."""
    return _moved(by, event, EventState.DROPPED, EventState.QUARANTINED)


@transaction.atomic
def drop_events(*, by: Colleague, source: Source) -> int:
    """Put all aside that could not be read of a source, such as of a file that was the wrong one. How many."""
    return _moved_all(by, source, EventState.QUARANTINED, EventState.DROPPED)


@transaction.atomic
def restore_events(*, by: Colleague, source: Source) -> int:
    """Take all of a source back that was put aside. How many."""
    return _moved_all(by, source, EventState.DROPPED, EventState.QUARANTINED)


def _moved_all(by: Colleague, source: Source, before: EventState, after: EventState) -> int:
    require(access.may_mend(by, source), _("What could not be read is mended by the curator."))
    number = RawEvent.objects.filter(source=source, state=before).update(state=after)
    verb = "listening.drop_events" if after == EventState.DROPPED else "listening.restore_events"
    if number:
        audit.record(by=by, verb=verb, target=source, entries=number)
    return number


def _moved(by: Colleague, event: RawEvent, before: EventState, after: EventState) -> RawEvent:
    found = _locked(by, event, before)
    found.state = after
    found.save(update_fields=["state"])
    verb = "listening.drop_event" if after == EventState.DROPPED else "listening.restore_event"
    audit.record(by=by, verb=verb, target=found)
    return found


def _locked(by: Colleague, event: RawEvent, state: EventState) -> RawEvent:
    """The event, if it is still as the person saw it. Refused when a colleague was first."""
    rows = RawEvent.objects.select_for_update(of=("self", "source")).select_related("source__account")
    found = rows.filter(pk=event.pk).first()
    if found is None:
        raise NotFound
    require(access.may_mend(by, found.source), _("What could not be read is mended by the curator."))
    if found.state != state:
        raise Refused(_("A colleague has dealt with this already."), code="dealt_with")
    return found
