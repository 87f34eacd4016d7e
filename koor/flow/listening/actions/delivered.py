"""What a platform sends by itself: kept whole before anything is made of it, then read by the worker."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_noop as _

from koor.flow.listening.actions.changing import CHANGES
from koor.flow.listening.actions.fetching import kept
from koor.flow.listening.actions.sources import is_pushed
from koor.flow.listening.actions.storing import store_batch
from koor.flow.listening.choices import EventState, Form
from koor.flow.listening.logic.reading import fitted
from koor.flow.listening.models import WELL, Mention, RawEvent, RefusedDelivery, Source
from koor.flow.listening.queries import REFUSED_LATELY
from koor.flow.publishing import actions as publishing
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Batch, Broken, Incoming, NotSent, Unclear
from koor.ground.people.access import Colleague, is_system
from koor.kernel import clock, jobs, locks
from koor.kernel.access import SYSTEM, Refused, require

logger = logging.getLogger(__name__)
STATUS, BOUNCE = "status", "bounce"  # of an answer of ours: it went; it did not after all
USUAL = {"mention": ("mentions",), "reply": ("comments", "replies")}  # kinds of source where a kind of message stands
A_READ = 100  # deliveries that are read together
A_LOAD = 10_000_000  # characters of them, or one that is larger
A_STORM = 3  # deliveries that came in while the ones before were read: then some are gathered first
GATHERED = 0.8  # seconds
_KEEP = """
INSERT INTO listening_rawevent (source_id, external_id, body, form, state, reason, received_at, tries)
VALUES (%(source)s, %(id)s, %(body)s, 'hook', 'stored', '', %(now)s, 0)
ON CONFLICT (source_id, external_id) DO NOTHING RETURNING id"""
_REFUSE = """
INSERT INTO listening_refuseddelivery AS held (source_id, reason, asked, number, first_at, last_at)
SELECT %(source)s, %(reason)s, %(asked)s, 1, %(now)s, %(now)s
WHERE NOT EXISTS (SELECT FROM listening_refuseddelivery WHERE source_id = %(source)s AND reason = %(reason)s
  AND last_at BETWEEN %(now)s - interval '1 second' AND %(now)s)
ON CONFLICT (source_id, reason) DO UPDATE SET last_at = %(now)s, asked = %(asked)s,
  number = CASE WHEN held.last_at < %(since)s THEN 1 ELSE LEAST(held.number, 2000000000) + 1 END,
  first_at = CASE WHEN held.last_at < %(since)s THEN %(now)s ELSE held.first_at END"""
MOST_WAITING = 5_000  # deliveries while a source is paused
TOO_MUCH_WAITS = _("This source is paused, and too much waits for it already.")
MOST_TRIES = 6  # over about seven minutes; then what can't be brought over stays with the platform


def take_delivery(*, by: Colleague, source: Source, body: bytes) -> None:
    """Keep what came, once, and have it read; while the source is paused it waits until that goes on. Whether it is
    genuine was asked before."""
    from koor.flow.listening import tasks

    require(is_system(by))
    text = body.decode("utf-8", "replace").replace("\x00", "")
    row = {"source": source.pk, "id": f"hook:{sha256(body).hexdigest()}", "body": text, "now": clock.now()}
    if not source.active:
        _keep_for_later(row)
        return
    if _is_read_together(source):
        if _kept_once(row) is not None:  # when this process ends after that, it is swept
            transaction.on_commit(partial(read_soon, source.pk))
        return
    with transaction.atomic():
        event = _kept_once(row)
        if event is not None:
            jobs.later(tasks.read_delivered, only_one=f"listening.delivered:{event}", event=event)


def note_refused(*, by: Colleague, source: Source, reason: str, asked: bool = False) -> None:
    """Count what was not taken, by why. A stranger may send anything at all: of none of it more than that is kept, and
    of what comes within a second the first is counted. `asked`: nothing was sent, the platform asked whether
    the address is ours."""
    require(is_system(by))
    now = clock.now()
    row: dict[str, Any] = {"source": source.pk, "reason": reason[:200], "now": now, "asked": asked}
    with connection.cursor() as cursor:
        cursor.execute(_REFUSE, row | {"since": now - REFUSED_LATELY})


def note_greeted(*, by: Colleague, source: Source) -> None:
    """The platform heard that the address is ours: that it did not before is over."""
    require(is_system(by))
    RefusedDelivery.objects.filter(source=source, asked=True).delete()


def _keep_for_later(row: dict[str, Any]) -> None:
    """Swept once the source goes on. Refused when so much waits that a person has to choose."""
    if _too_much_waits(row["source"]):
        raise Refused(TOO_MUCH_WAITS, code="paused")
    _kept_once(row)


def _too_much_waits(source_id: int) -> bool:
    rows = RawEvent.objects.filter(source=source_id, form=Form.HOOK, state=EventState.STORED)
    return len(rows.values("pk")[:MOST_WAITING]) >= MOST_WAITING


def _kept_once(row: dict[str, Any]) -> int | None:
    """The number of what was not there yet."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, row)
        found = cursor.fetchone()
        return int(found[0]) if found else None


def read_soon(source_id: int) -> None:
    """Have what waits read, unless somebody reads and looks again after that."""
    from koor.flow.listening import tasks

    name = waiting_name(source_id)
    if not locks.is_busy(name):
        jobs.later(tasks.read_waiting, only_one=name, source=source_id)


def waiting_name(source_id: int) -> str:
    return f"listening.waiting:{source_id}"


def _is_read_together(source: Source) -> bool:
    """Where nothing has to be fetched to read it, a storm of deliveries is read by the hundred."""
    made_with = channels.connectors().get(source.account.connector) if source.account is not None else None
    return made_with is not None and not made_with.manifest.network


def read_while_it_storms(source_id: int) -> None:
    """Read all that waits of one source. While more comes in, what comes in within a moment is read together: a storm
    costs a fraction of what it would cost one by one, and waits no longer than that moment."""
    while True:
        with locks.busy(waiting_name(source_id)) as alone:
            if not alone:
                return  # who reads looks again
            while read_waiting(source_id) >= A_STORM:
                time.sleep(GATHERED)
        if not _waiting(source_id).exists():  # who brought some meanwhile saw that somebody reads, and went
            return


def _waiting(source_id: int) -> QuerySet[RawEvent]:
    """What nobody tried yet; each look tries it, so that this ends."""
    rows = RawEvent.objects.filter(source=source_id, form=Form.HOOK, state=EventState.STORED, tries=0)
    rows = rows.filter(source__active=True)
    return rows.exclude(source__account=None)


def read_waiting(source_id: int) -> int:
    """Read all that waits of one source, a hundred at a time; how many. What spoils a hundred is read by itself."""
    from koor.flow.listening import tasks

    whole = 0
    while Source.objects.filter(pk=source_id, account__isnull=False, active=True).exists():
        rows = RawEvent.objects.filter(source=source_id, form=Form.HOOK, state=EventState.STORED).order_by("pk")
        chosen = _that_fit(rows)
        RawEvent.objects.filter(pk__in=chosen).update(tries=F("tries") + 1)  # first, as when it is read by itself
        try:
            with transaction.atomic():
                held = rows.filter(pk__in=chosen).select_for_update(of=("self",), skip_locked=True)
                events = list(held)
                _read_together(source_id, events)
        except Exception:
            logger.exception("Deliveries are read one by one")
            for pk in chosen:
                jobs.later(tasks.read_delivered, only_one=f"listening.delivered:{pk}", event=pk)
            return whole
        whole += len(events)
        if not events:
            break
    return whole


def _that_fit(rows: QuerySet[RawEvent]) -> list[int]:
    """The next hundred, as far as they fit in memory together. What was tried before is read by itself, so that one
    that ends the process takes no other along."""
    chosen: list[int] = []
    room = A_LOAD
    for pk, tries, length in rows.values_list("pk", "tries", Length("body"))[:A_READ]:
        room -= length
        if chosen and (room < 0 or tries):
            break
        chosen.append(pk)
        if tries:
            break
    return chosen


def _read_together(source_id: int, events: Sequence[RawEvent]) -> None:
    source = Source.objects.select_related("account").get(pk=source_id)
    if not events or source.account is None:
        return
    session, receive = channels.session_for(source.account), channels.connector(source.account.connector).receive
    batches = [_read(receive, session, event) for event in events]
    entries = [fitted(item) for batch in batches for item in batch.items if item.kind != STATUS]
    store_batch(source, entries + [kept(one) for batch in batches for one in batch.broken], Form.JSONL)
    now = clock.now()
    Source.objects.filter(pk=source.pk).update(tried_at=now, last_success_at=now, **WELL)
    _delivered(source.pk, max(event.received_at for event in events))
    RawEvent.objects.filter(pk__in=[event.pk for event in events]).delete()  # each thing in it is kept by itself


def read_delivered(event_id: int, http: Any = None) -> None:
    """Make of a delivery what it says. Safe to run twice; a delivery that can't be read goes to the quarantine.

    Raises while something that belongs to it can't be had, such as a photo: it is read again soon."""
    event = RawEvent.objects.select_related("source__account").filter(pk=event_id, state=EventState.STORED).first()
    if event is None or event.source.account is None or not event.source.active:
        return
    account = event.source.account
    session = channels.session_for(account, http)
    RawEvent.objects.filter(pk=event.pk).update(tries=F("tries") + 1)  # first: a try that ends the process counts too
    event.tries += 1
    batch = _read(channels.connector(account.connector).receive, session, event)
    said = _where_they_are_heard(event.source, [item for item in batch.items if item.kind != STATUS])
    with transaction.atomic():
        if not RawEvent.objects.select_for_update().filter(pk=event.pk, state=EventState.STORED).exists():
            return  # another worker was first
        for item in batch.items:
            _heard_of_ours(account.pk, item)
        for source, items in said.items():
            _store(event, source, items, batch.broken if source == event.source else ())
        now, there = clock.now(), [source for source in said if source.active]
        came = [source.pk for source in there if source == event.source or is_pushed(source)]  # not what visits bring
        Source.objects.filter(pk__in=came).update(tried_at=now, last_success_at=now, **WELL)
        _delivered(event.source.pk, event.received_at)
        event.delete()  # each thing said in it is kept by itself


def _delivered(source_id: int, at: datetime) -> None:
    """A visit that went well says nothing of what the platform sends by itself."""
    earlier = Q(delivered_at=None) | Q(delivered_at__lt=at)
    Source.objects.filter(earlier, pk=source_id).update(delivered_at=at)


def _store(event: RawEvent, source: Source, items: Sequence[Incoming], broken: Sequence[Broken]) -> None:
    """While a source is paused the delivery waits there too, until that goes on: what is there by then counts once.
    What changed in a removed one changes at once."""
    if not source.active and source.removed_at is None:
        _waits_too(source, event)
        return
    store_batch(source, [fitted(item) for item in items] + [kept(one) for one in broken], Form.JSONL)


def _waits_too(source: Source, event: RawEvent) -> None:
    """The platform thinks that it was taken: what is too much is missed, and the source says since when."""
    if _too_much_waits(source.pk):
        Source.objects.filter(pk=source.pk).update(gap_at=clock.now())
        return
    _kept_once({"source": source.pk, "id": event.external_id, "body": event.body, "now": clock.now()})


def _where_they_are_heard(source: Source, items: Sequence[Incoming]) -> dict[Source, list[Incoming]]:
    """What a platform sends for an account, each in the source that a visit would store it in, so that it is there
    once: who names us among the mentions, who says something below a post of ours among the comments, a change where
    its message is; paused or not. Always with the source that it came to."""
    found: dict[Source, list[Incoming]] = {source: []}
    others = Source.objects.filter(account=source.account_id).exclude(pk=source.pk).select_related("account")
    known = {one.pk: one for one in others} if items else {}
    of_kind = {one.settings.get("kind", ""): one for one in (*known.values(), source) if one.removed_at is None}
    there = _where_they_are([item.in_reply_to for item in items if item.kind in CHANGES], {**known, source.pk: source})
    for item in items:
        usual = next((of_kind[kind] for kind in USUAL.get(item.kind, ()) if kind in of_kind), source)
        places = there.get(item.in_reply_to, [source]) if item.kind in CHANGES else [usual]
        for place in places:
            found.setdefault(place, []).append(item)
    return found


def _where_they_are(changed: Sequence[str], known: Mapping[int, Source]) -> dict[str, list[Source]]:
    """In which of these sources the messages are that changed. Also in one that was removed: what its writer took back
    is to be read nowhere."""
    found: dict[str, list[Source]] = {}
    rows = Mention.objects.filter(source__in=known, external_id__in=changed) if known and changed else ()
    for one in rows:
        found.setdefault(one.external_id, []).append(known[one.source_id])
    return found


def _read(receive: Any, session: Any, event: RawEvent) -> Batch:
    last, body = event.tries >= MOST_TRIES, event.body
    try:
        return receive.read(session, body.encode(), last)  # type: ignore[no-any-return]
    except (NotSent, Unclear):
        if not last:
            raise
        return Batch(broken=(Broken(body, _("This part can't be read.")),))
    except Exception:  # a broken connector must not lose what was sent
        return Batch(broken=(Broken(body, _("This part can't be read.")),))


def _heard_of_ours(account: int, item: Incoming) -> None:
    key, number = str(item.raw.get("key", "")), item.in_reply_to
    if item.kind == STATUS and key and number:
        publishing.heard_of(by=SYSTEM, account_id=account, key=key, remote_id=number)
    elif item.kind == BOUNCE and key and number:
        publishing.heard_no(by=SYSTEM, account_id=account, key=key, remote_id=number, said=item.text)
