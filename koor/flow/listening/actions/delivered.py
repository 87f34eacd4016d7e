"""What a platform sends by itself: kept whole before anything is made of it, then read by the worker."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop as _

from koor.flow.listening.actions.fetching import kept
from koor.flow.listening.actions.storing import store_batch
from koor.flow.listening.choices import EventState, Form
from koor.flow.listening.logic.reading import fitted
from koor.flow.listening.models import RawEvent, Source
from koor.flow.publishing import actions as publishing
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Batch, Broken, Incoming, NotSent, Unclear
from koor.ground.people.access import Colleague, is_system
from koor.kernel import clock, jobs
from koor.kernel.access import SYSTEM, require

STATUS, BOUNCE = "status", "bounce"  # of an answer of ours: it went; it did not after all
MOST_TRIES = 6  # over about seven minutes; then what can't be brought over stays with the platform


def take_delivery(*, by: Colleague, source: Source, body: bytes) -> None:
    """Keep what came, once, and have it read. Whether it is genuine was asked before."""
    from koor.flow.listening import tasks

    require(is_system(by))
    text = body.decode("utf-8", "replace").replace("\x00", "")
    with transaction.atomic():
        event, fresh = RawEvent.objects.get_or_create(
            source=source,
            external_id=f"hook:{sha256(body).hexdigest()}",
            defaults={"body": text, "form": Form.HOOK, "state": EventState.STORED, "received_at": clock.now()},
        )
        if fresh:
            jobs.later(tasks.read_delivered, only_one=f"listening.delivered:{event.pk}", event=event.pk)


def read_delivered(event_id: int, http: Any = None) -> None:
    """Make of a delivery what it says. Safe to run twice; a delivery that can't be read goes to the quarantine.

    Raises while something that belongs to it can't be had, such as a photo: it is read again soon."""
    event = RawEvent.objects.select_related("source__account").filter(pk=event_id, state=EventState.STORED).first()
    if event is None or event.source.account is None:
        return
    account = event.source.account
    session = channels.session_for(account, http)
    RawEvent.objects.filter(pk=event.pk).update(tries=F("tries") + 1)  # first: a try that ends the process counts too
    batch = _read(channels.connector(account.connector).receive, session, event)
    entries = [fitted(item) for item in batch.items if item.kind != STATUS] + [kept(one) for one in batch.broken]
    with transaction.atomic():
        if not RawEvent.objects.select_for_update().filter(pk=event.pk, state=EventState.STORED).exists():
            return  # another worker was first
        for item in batch.items:
            _heard_of_ours(account.pk, item)
        store_batch(event.source, entries, Form.JSONL)
        now = clock.now()
        Source.objects.filter(pk=event.source_id).update(tried_at=now, last_success_at=now, last_problem="", failures=0)
        event.delete()  # each thing said in it is kept by itself


def _read(receive: Any, session: Any, event: RawEvent) -> Batch:
    last, body = event.tries + 1 >= MOST_TRIES, event.body
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
