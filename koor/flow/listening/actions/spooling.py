"""What comes over an open line: kept whole before anything is made of it, then read, chosen and stored.

Messages are kept some hundreds together. What makes the reading of them fail is found by halves, so that one message
costs no other; it ends in the quarantine as it came."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop as _

from koor.flow.listening import queries
from koor.flow.listening.actions.changing import CHANGES
from koor.flow.listening.actions.choosing import about_ours, chosen, with_room
from koor.flow.listening.actions.fetching import kept
from koor.flow.listening.actions.storing import Tally, store_batch
from koor.flow.listening.choices import EventState, Form
from koor.flow.listening.logic.reading import fitted
from koor.flow.listening.models import RawEvent, Source
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.contract import Broken, Incoming, NamesLater, Told
from koor.kernel import clock
from koor.kernel.personal import tombstones

logger = logging.getLogger(__name__)
Message = str | bytes
MOST_TRIES = 2  # of messages together; then by halves
NAMES_WAIT, NAMES_WAIT_LONG = timedelta(minutes=10), timedelta(days=1)  # the latter where somebody was erased
MOST_WAITING = 50  # batches of a source that are looked through for what a change is about
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
    return RawEvent.objects.create(
        source=source, external_id=f"live:{uuid4()}", body=_body(messages), form=Form.LIVE, received_at=clock.now()
    ).pk


def _body(messages: Sequence[Message]) -> str:
    return json.dumps([one if isinstance(one, str) else {"b64": base64.b64encode(one).decode()} for one in messages])


def _messages(body: str) -> list[Message]:
    return [one if isinstance(one, str) else base64.b64decode(one["b64"]) for one in json.loads(body)]


def read_spooled(event_id: int, http: Any = None) -> Reading:
    """Make of kept messages what they say. Safe to run twice. Raises what goes wrong; they are then still there."""
    event = RawEvent.objects.select_related("source__account").filter(pk=event_id, state=EventState.STORED).first()
    if event is None or event.form != Form.LIVE or not _listened_to(event.source):
        return Reading()
    messages = _messages(event.body)
    reader = _Reader(event.source, http)
    if event.tries >= MOST_TRIES:
        _by_halves(event, messages, reader)
        return Reading()
    RawEvent.objects.filter(pk=event.pk).update(tries=F("tries") + 1)  # first: a try that ends the process counts too
    reading, items, broken = reader.read(messages)
    named = _named(event, reader, items)
    if named is None:
        return reading
    with transaction.atomic():
        if not RawEvent.objects.select_for_update().filter(pk=event.pk, state=EventState.STORED).exists():
            return Reading()  # another worker was first
        ours = about_ours(event.source, named, lambda: _coming(event, reader))
        entries = [fitted(one) for one in ours] + [kept(one) for one in broken]
        reading.tally = store_batch(event.source, with_room(event.source, entries), Form.JSONL)
        event.delete()  # each thing said in it is kept by itself
    return reading


def _listened_to(source: Source) -> bool:
    """What came before a pause waits for the end of it."""
    return source.active and source.account is not None and source.account.state == AccountState.ACTIVE


class _Reader:
    """Reads the messages of one source; `kept` are those of which something is kept."""

    def __init__(self, source: Source, http: Any) -> None:
        assert source.account is not None
        self.source, self.kept = source, list[Message]()
        self.session = channels.session_for(source.account, http, fresh=False)
        self.stream: Any = channels.connector(source.account.connector).stream
        self.settings = {name: str(value) for name, value in source.settings.items()} | {"cursor": source.cursor}

    def read(self, messages: Sequence[Message]) -> tuple[Reading, list[Incoming], list[Broken]]:
        """What they say, of a flood what a query meets."""
        reading, broken, told = Reading(), list[Broken](), [self.told(one) for one in messages]
        for one in told:
            broken += one.broken
            reading.cursor, reading.at = one.cursor or reading.cursor, one.at or reading.at
            reading.lost, reading.problem = reading.lost or one.lost, one.problem or reading.problem
        items = self.matter([item for one in told for item in one.items])
        there = set(map(id, items))
        both = zip(messages, told, strict=True)
        self.kept = [message for message, one in both if one.broken or any(id(item) in there for item in one.items)]
        return reading, items, broken

    def matter(self, items: list[Incoming]) -> list[Incoming]:
        return chosen(self.source, items) if queries.is_chosen(self.source) else items

    def named(self, items: list[Incoming]) -> list[Incoming]:
        """With the names of who said it. Raises NamesLater."""
        return list(self.stream.named(self.session, items)) if items and hasattr(self.stream, "named") else items

    def told(self, message: Message) -> Told:
        """What one message says; a connector that fails over it loses it no more than the others."""
        try:
            told: Told = self.stream.read(self.session, message, self.settings)
        except Exception:
            logger.exception("A message of a stream can't be read")
            return Told(broken=(Broken(_shown(message), UNREADABLE),))
        return told


def _named(event: RawEvent, reader: _Reader, items: list[Incoming]) -> list[Incoming] | None:
    """With who said it. None while that can't be had: then what is kept of it waits, without a try less, and the rest
    of a flood need not. In the end without names; where somebody was erased not at all, for it might be them."""
    try:
        return reader.named(items)
    except NamesLater:
        erased = tombstones.any_there()
        if event.received_at <= clock.now() - (NAMES_WAIT_LONG if erased else NAMES_WAIT):
            return [] if erased else items
        rows = RawEvent.objects.filter(pk=event.pk, state=EventState.STORED)
        rows.update(body=_body(reader.kept), tries=F("tries") - 1)
        return None


def _coming(event: RawEvent, reader: _Reader) -> set[str]:
    """The numbers of what is said in the other messages of this source that wait to be read."""
    waiting = RawEvent.objects.filter(source=event.source, form=Form.LIVE, state=EventState.STORED)
    bodies = waiting.exclude(pk=event.pk).order_by("-pk").values_list("body", flat=True)[:MOST_WAITING]
    told = (reader.told(message) for body in bodies for message in _messages(body))
    return {item.external_id for one in told for item in one.items if item.kind not in CHANGES}


def _shown(message: Message) -> str:
    return message if isinstance(message, str) else json.dumps({"b64": base64.b64encode(message).decode()})


def _is_kept(message: Message, reader: _Reader) -> bool:
    if not queries.is_chosen(reader.source):
        return True
    try:
        said = [one for one in reader.told(message).items if one.kind not in CHANGES]
        return bool(reader.matter(said))
    except Exception:
        logger.exception("A message that can't be held against the queries is not kept")
        return False


@transaction.atomic
def _by_halves(event: RawEvent, messages: Sequence[Message], reader: _Reader) -> None:
    """What could not be stored together is tried in two parts; one alone is set aside for a person. Of a flood nothing
    is kept that no query meets."""
    if not RawEvent.objects.select_for_update().filter(pk=event.pk, state=EventState.STORED).exists():
        return
    if len(messages) > 1:
        middle = len(messages) // 2
        for part in (messages[:middle], messages[middle:]):
            spool(event.source, part)
    elif messages and _is_kept(messages[0], reader):
        entries = with_room(event.source, [kept(Broken(_shown(messages[0]), UNREADABLE))])
        store_batch(event.source, entries, Form.JSONL)
    event.delete()
