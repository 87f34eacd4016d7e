"""Which sources are heard over a line that stays open, how that goes, and what was missed and fetched afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta

from koor.flow.listening.choices import EventState, Form, SourceKind
from koor.flow.listening.models import Away, RawEvent, Source
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.contract import SourceKind as Kind
from koor.kernel import clock

MOST_LINES = 16  # each is a thread and, while it stores, a connection to the database
ALIVE = timedelta(seconds=60)  # a line is seen open every fifteen seconds
SHOWN = 5  # of the times in which nobody listened


def kind_of(source: Source) -> Kind | None:
    """What the connector says of this way of listening; None of a file, and where the connector is gone."""
    if source.kind == SourceKind.FILE:
        return None
    made_with = channels.connectors().get(source.account.connector if source.account else "feed")
    wanted = source.settings.get("kind", "feed")
    kinds = made_with.manifest.sources if made_with else ()
    return next((one for one in kinds if one.key == wanted), None)


def is_chosen(source: Source) -> bool:
    """Whether everything passes by and only what a query meets is kept."""
    kind = kind_of(source)
    return kind is not None and kind.chosen


def streamed() -> dict[int, str]:
    """The sources that should have a line now, first those that are heard in no other way, then the oldest; each with
    what it is opened with: another one means that the line is opened anew. One query."""
    live = Source.objects.filter(active=True, account__state=AccountState.ACTIVE)
    live = live.select_related("account__secret")
    found = [(one, kind) for one in live.order_by("pk") if (kind := kind_of(one)) and kind.streamed]
    found.sort(key=lambda one: not one[1].pushed)
    return {one.pk: _opened_with(one) for one, _kind in found[:MOST_LINES]}


def _opened_with(source: Source) -> str:
    account = source.account
    assert account is not None
    secret = getattr(account, "secret", None)
    known = [source.settings, account.settings, account.connector, str(secret and secret.changed_at)]
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()


def streamed_source(source_id: int) -> Source | None:
    """One of them, as it is now."""
    found = Source.objects.select_related("account").filter(pk=source_id, active=True).first()
    kind = kind_of(found) if found is not None else None
    return found if found and found.account and kind and kind.streamed else None


def is_open(source: Source) -> bool:
    return bool(source.line_since and source.line_at and source.line_at > clock.now() - ALIVE)


def unread_messages() -> list[int]:
    """What came over a line more than a minute ago and nobody read, because a process ended in between."""
    before = clock.now() - timedelta(minutes=1)
    rows = RawEvent.objects.filter(form=Form.LIVE, state=EventState.STORED, received_at__lt=before)
    rows = rows.filter(source__active=True, source__account__state=AccountState.ACTIVE)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:200])


def gaps(sources: Iterable[int]) -> list[Away]:
    """When these were not listened to, the latest first."""
    return list(Away.objects.filter(source__in=list(sources)).order_by("-until", "-pk")[:SHOWN])
