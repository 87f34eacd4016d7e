"""What comes over an open line: kept whole before anything is made of it, then read, chosen and stored.

Messages are kept some hundreds together. What makes the reading of them fail is found by halves, so that one message
costs no other; it ends in the quarantine as it came."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop as _

from koor.flow.listening import queries
from koor.flow.listening.actions.choosing import about_ours, chosen, with_room
from koor.flow.listening.actions.fetching import kept
from koor.flow.listening.actions.storing import Tally, store_batch
from koor.flow.listening.choices import EventState, Form
from koor.flow.listening.logic.reading import fitted
from koor.flow.listening.models import RawEvent, Source
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Broken, Incoming, Session, Told
from koor.kernel import clock

logger = logging.getLogger(__name__)
Message = str | bytes
MOST_TRIES = 2  # of messages together; then by halves
UNREADABLE = _("This part can't be read.")


@dataclass
class Reading:
    """What some messages said. `cursor` and `at` are those of the last that told any."""

    tally: Tally = field(default_factory=Tally)
    cursor: str = ""
    at: datetime | None = None
    lost: bool = False
    problem: str = ""


def spool(source: Source, messages: Sequence[Message]) -> int:
    """Keep messages as they came, in the order in which they came."""
    body = json.dumps([one if isinstance(one, str) else {"b64": base64.b64encode(one).decode()} for one in messages])
    return RawEvent.objects.create(
        source=source, external_id=f"live:{uuid4()}", body=body, form=Form.LIVE, received_at=clock.now()
    ).pk


def _messages(body: str) -> list[Message]:
    return [one if isinstance(one, str) else base64.b64decode(one["b64"]) for one in json.loads(body)]


def read_spooled(event_id: int, http: Any = None) -> Reading:
    """Make of kept messages what they say. Safe to run twice. Raises what goes wrong; they are then still there."""
    event = RawEvent.objects.select_related("source__account").filter(pk=event_id, state=EventState.STORED).first()
    if event is None or event.form != Form.LIVE or event.source.account is None:
        return Reading()
    messages = _messages(event.body)
    if event.tries >= MOST_TRIES:
        _by_halves(event, messages)
        return Reading()
    RawEvent.objects.filter(pk=event.pk).update(tries=F("tries") + 1)  # first: a try that ends the process counts too
    session = channels.session_for(event.source.account, http, fresh=False)
    reading, items, broken = _said(event.source, session, messages)
    with transaction.atomic():
        if not RawEvent.objects.select_for_update().filter(pk=event.pk, state=EventState.STORED).exists():
            return Reading()  # another worker was first
        entries = [fitted(one) for one in about_ours(event.source, items)] + [kept(one) for one in broken]
        reading.tally = store_batch(event.source, with_room(event.source, entries), Form.JSONL)
        event.delete()  # each thing said in it is kept by itself
    return reading


def _said(
    source: Source, session: Session, messages: Sequence[Message]
) -> tuple[Reading, Sequence[Incoming], list[Broken]]:
    """What they say, of a flood what a query meets, with the names of who said it."""
    assert source.account is not None
    stream = channels.connector(source.account.connector).stream
    settings = {name: str(value) for name, value in source.settings.items()} | {"cursor": source.cursor}
    reading, items, broken = Reading(), list[Incoming](), list[Broken]()
    for message in messages:
        told = _told(stream, session, message, settings)
        items += told.items
        broken += told.broken
        reading.cursor, reading.at = told.cursor or reading.cursor, told.at or reading.at
        reading.lost, reading.problem = reading.lost or told.lost, told.problem or reading.problem
    if queries.is_chosen(source):
        items = chosen(source, items)
    if items and hasattr(stream, "named"):
        items = list(stream.named(session, items))
    return reading, items, broken


def _told(stream: Any, session: Session, message: Message, settings: dict[str, str]) -> Told:
    """What one message says; a connector that fails over it loses it no more than the others."""
    try:
        told: Told = stream.read(session, message, settings)
    except Exception:
        logger.exception("A message of a stream can't be read")
        return Told(broken=(Broken(_shown(message), UNREADABLE),))
    return told


def _shown(message: Message) -> str:
    return message if isinstance(message, str) else json.dumps({"b64": base64.b64encode(message).decode()})


@transaction.atomic
def _by_halves(event: RawEvent, messages: Sequence[Message]) -> None:
    """What could not be stored together is tried in two parts; one alone is set aside for a person."""
    if not RawEvent.objects.select_for_update().filter(pk=event.pk, state=EventState.STORED).exists():
        return
    if len(messages) > 1:
        middle = len(messages) // 2
        for part in (messages[:middle], messages[middle:]):
            spool(event.source, part)
    elif messages:
        entries = with_room(event.source, [kept(Broken(_shown(messages[0]), UNREADABLE))])
        store_batch(event.source, entries, Form.JSONL)
    event.delete()
