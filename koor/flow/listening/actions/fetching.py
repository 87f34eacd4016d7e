"""Sources are fetched: page by page forward from the cursor, at intervals that grow while a source fails.

Network calls stand outside transactions. A page and its cursor are stored together, and only if nobody moved the
cursor meanwhile; so a worker that was stopped and goes on stores nothing twice and skips nothing.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.listening import access, queries
from koor.flow.listening.actions.away import note_away, note_filled
from koor.flow.listening.actions.choosing import chosen, with_room
from koor.flow.listening.actions.sources import check_offered, is_pushed, works
from koor.flow.listening.actions.storing import Tally, store_batch
from koor.flow.listening.choices import SourceKind
from koor.flow.listening.logic.clean import clean_line, digest
from koor.flow.listening.logic.reading import fitted, raw_of
from koor.flow.listening.models import Source
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.contract import Batch, Because, Broken
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require

logger = logging.getLogger(__name__)
NOT_STORED = gettext_noop("What came in could not be stored. The log of the house tells why.")
EVERY = {SourceKind.FEED: timedelta(minutes=15), SourceKind.ACCOUNT: timedelta(minutes=2)}
MOST_PAGES = 20  # in one visit; the next visit goes on
FIRST_WAIT = timedelta(minutes=2)  # after a failure; doubled with each further one
LONGEST_WAIT = timedelta(hours=6)
GONE_WAIT = timedelta(days=1)  # what says that it is gone for good may have been wrong


def fetch_now(*, by: Colleague, source: Source) -> Tally:
    """Fetch at once because a person asks for it."""
    require(access.may_connect(by), _("Sources are connected by the curator."))
    if source.kind == SourceKind.FILE:
        raise Refused(_("This source holds imported files; there is nothing to fetch."), code="nothing_to_fetch")
    check_offered(source)
    if is_pushed(source):
        raise Refused(_("The platform sends this by itself; there is nothing to fetch."), code="nothing_to_fetch")
    with transaction.atomic():
        audit.record(by=by, verb="listening.fetch_now", target=source)
    return fetch(source.pk)


def fetch(source_id: int, http: Any = None) -> Tally:
    """One visit to a source, until it has nothing more or after `MOST_PAGES`. `http` is another door, for tests."""
    return visit(source_id, http)[0]


def visit(source_id: int, http: Any = None) -> tuple[Tally, bool]:
    """What a visit brought, and whether it came to the end of what there was."""
    tally, ended = Tally(), False
    for _page in range(MOST_PAGES):
        source = Source.objects.select_related("account").filter(pk=source_id, active=True).first()
        if source is None or source.kind == SourceKind.FILE or is_pushed(source) or _account_rests(source):
            break
        batch = _fetched(source, http)
        if queries.is_chosen(source):
            batch = replace(batch, items=tuple(chosen(source, batch.items)))
        stored = _kept(source, batch, tally)
        if not stored or not batch.more or batch.cursor == source.cursor:
            ended = stored
            break  # a source that repeats itself for ever is left until the next visit
    _note_visit(source_id, tally, ended)
    return tally, ended


def _note_visit(source_id: int, tally: Tally, ended: bool) -> None:
    """What this visit brought counts for the gap that is being filled."""
    source = Source.objects.filter(pk=source_id).first()
    if source is None or source.kind == SourceKind.FILE or source.last_problem or is_pushed(source):
        return
    seen = source.gap_at is not None and source.gap_at == source.last_success_at
    note_filled(source, tally.stored, done=ended, lost=seen)


def _account_rests(source: Source) -> bool:
    """A paused account is not listened through either; the source waits with it."""
    if source.account is None or source.account.state == AccountState.ACTIVE:
        return False
    later = clock.now() + EVERY[SourceKind.ACCOUNT]
    Source.objects.filter(pk=source.pk).update(next_at=later)
    return True


def _fetched(source: Source, http: Any) -> Batch:
    """One page, whatever the connector does: what it raises is a problem of this source and of no other."""
    key = source.account.connector if source.account else "feed"
    try:
        check_offered(source)
        if source.account:
            session = channels.session_for(source.account, http)
        else:
            session = channels.session_without_account(key, http)
        listen = channels.connector(key).listen
        found: Batch = listen.fetch(session, source.cursor, {name: str(v) for name, v in source.settings.items()})
    except Refused as error:
        return Batch(cursor=source.cursor, problem=str(error), because=Because.AUTH)
    except Exception as error:  # a broken connector must not stop the others; the person sees what happened
        return Batch(cursor=source.cursor, problem=f"{type(error).__name__}: {error}", because=Because.NOT_REACHED)
    return found


def _kept(source: Source, batch: Batch, tally: Tally) -> bool:
    """`_stored`, where what the database refuses is a problem of this source that a person sees."""
    try:
        return _stored(source, batch, tally)
    except Exception:
        logger.exception("What came from source %s is not stored", source.pk)
        _failed(source, Batch(problem=NOT_STORED, because=Because.NOT_REACHED))
        return False


def _stored(source: Source, batch: Batch, tally: Tally) -> bool:
    """Store a page with its cursor. False when that was not to be: nothing was stored."""
    if batch.problem:
        _failed(source, batch)
        return False
    entries = [fitted(item) for item in batch.items] + [kept(broken) for broken in batch.broken]
    with transaction.atomic():
        held = Source.objects.select_for_update().get(pk=source.pk)
        if held.cursor != source.cursor or held.settings != source.settings:
            return False  # another worker was first, or somebody changed where it listens
        page = store_batch(held, with_room(held, entries), "jsonl")
        tally.add(page)
        _succeeded(held, batch, page)
    return True


def kept(broken: Broken) -> Broken:
    """An entry that can't be read, fit for the quarantine."""
    raw = raw_of(broken.raw)
    reason = clean_line(broken.reason, 300)
    return Broken(raw, reason, clean_line(broken.external_id, 200) or digest(raw))


def _succeeded(source: Source, batch: Batch, page: Tally) -> None:
    now = clock.now()
    if source.last_success_at is not None:
        note_away(source, source.last_success_at, now, by_visits=True)
    if _may_have_missed(source, batch, page):
        source.gap_at = now
    source.cursor, source.tried_at, source.last_success_at = batch.cursor, now, now
    works(source)
    source.next_at = now + EVERY[SourceKind(source.kind)]
    source.save()


def _may_have_missed(source: Source, batch: Batch, page: Tally) -> bool:
    """A feed shows its newest entries only. When none of them is known from the visit before, others may have come
    and gone between the two."""
    if source.kind != SourceKind.FEED or not batch.items or page.duplicates or page.stored < 2:
        return False
    held = source.mentions.all()[page.stored : page.stored + 1]  # something beside what just came
    return source.last_success_at is not None and held.exists()


def _failed(source: Source, batch: Batch) -> None:
    """Wait longer after each failure, at least as long as the platform asks; say what is wrong."""
    now = clock.now()
    wait = min(FIRST_WAIT * 2 ** min(source.failures, 10), LONGEST_WAIT)
    asked = timedelta(seconds=min(max(batch.retry_after or 0, 0), LONGEST_WAIT.total_seconds()))
    if batch.gone:
        wait = GONE_WAIT
    elif batch.because in (Because.AUTH, Because.REJECTED):
        wait = LONGEST_WAIT  # a person has to do something; now and then it is tried all the same
    Source.objects.filter(pk=source.pk).update(
        tried_at=now,
        next_at=now + max(wait, asked),
        failures=source.failures + (batch.because != Because.RATE),
        failing_since=Coalesce("failing_since", now),
        gone=batch.gone,
        last_problem=clean_line(batch.problem, 300),
    )
