"""What came with something that was said: its files, and what an answer to it has to carry."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

from koor.flow.listening.choices import EventState, Form
from koor.flow.listening.models import Change, Enclosure, Mention, RawEvent, RefusedDelivery, Source
from koor.ground.channels.choices import AccountState
from koor.kernel import clock
from koor.kernel.access import NotFound

REFUSED_LATELY = timedelta(days=7)  # told so long after the last of them, and then counted anew


def enclosures_of(mention_ids: Iterable[int]) -> dict[int, list[Enclosure]]:
    """By mention the files that came with it, in their order. One query; none without mentions."""
    wanted = list(mention_ids)
    found: dict[int, list[Enclosure]] = {}
    for one in Enclosure.objects.filter(mention__in=wanted).select_related("file") if wanted else ():
        found.setdefault(one.mention_id, []).append(one)
    return found


def enclosure_of(mention_id: int | None, number: int) -> Enclosure:
    """One file that came with it, for the room that shows it to who may see it. Raises NotFound."""
    found = Enclosure.objects.filter(mention=mention_id, pk=number).select_related("mention").first()
    if found is None:
        raise NotFound
    return found


def came_with(mention: Mention | None) -> dict[str, Any]:
    """What the platform told beside the words; empty when it was not kept."""
    return _beside(mention.event.body) if mention is not None and mention.event is not None else {}


def beside(mention_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The same by mention, for several. One query; none without mentions."""
    wanted = list(mention_ids)
    rows = Mention.objects.filter(pk__in=wanted).values_list("pk", "event__body") if wanted else ()
    return {pk: _beside(body or "") for pk, body in rows}


def _beside(body: str) -> dict[str, Any]:
    try:
        whole = json.loads(body)
    except ValueError:
        return {}
    told = whole.get("raw") if isinstance(whole, dict) else None
    return told if isinstance(told, dict) else {}


@dataclass(frozen=True)
class Reaction:
    """A like, a share or a follow, as it came in."""

    kind: str  # favourite, boost, follow
    at: datetime
    account_id: int | None
    personal: bool  # an account of one colleague
    about: str  # the number by which the platform knows our post; empty for a follow


def reactions(event_ids: Iterable[int]) -> dict[int, Reaction]:
    """By event, as far as it is there. One query."""
    rows = RawEvent.objects.filter(pk__in=list(event_ids)).values_list(
        "pk", "body", "received_at", "source__account", "source__account__personal"
    )
    return {pk: _reaction(body, received, account, personal) for pk, body, received, account, personal in rows}


def _reaction(body: str, received: datetime, account_id: int | None, personal: bool | None) -> Reaction:
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    said = parse_datetime(str(told.get("created_at") or ""))
    at = min(said, received) if said is not None and said.tzinfo is not None else received
    about = str(told.get("in_reply_to") or "")
    return Reaction(str(told.get("kind") or ""), at, account_id, bool(personal), about)


def answering(mention: Mention | None) -> dict[str, str]:
    """Options for an answer to it, such as the subject of a letter."""
    return answering_in(came_with(mention))


def answering_in(told: dict[str, Any]) -> dict[str, str]:
    """The same in what the platform told."""
    found = told.get("answering")
    return {str(key): str(value)[:2000] for key, value in found.items() if value} if isinstance(found, dict) else {}


def unread_deliveries() -> list[int]:
    """What a platform sent more than a minute ago and nobody read yet."""
    before = clock.now() - timedelta(minutes=1)
    rows = RawEvent.objects.filter(form=Form.HOOK, state=EventState.STORED, received_at__lt=before, source__active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:200])


def pushed_source(connector: str, account_id: int) -> Source | None:
    """Where what a platform sends for this account goes; None when nobody listens there. While all of them are paused,
    it is kept for the first: platforms send a thing once."""
    rows = Source.objects.select_related("account").filter(account__connector=connector, removed_at=None)
    rows = rows.filter(account=account_id)
    return rows.exclude(account__state=AccountState.DISCONNECTED).order_by("-active", "pk").first()


def refused_lately(source: Source | None) -> list[RefusedDelivery]:
    """What was sent there and not taken, by why, the latest first."""
    if source is None:
        return []
    return list(source.refused.filter(last_at__gt=clock.now() - REFUSED_LATELY).order_by("-last_at", "pk"))


def changes_of(numbers: Iterable[int]) -> list[Change]:
    """What became of things that were said, in this order."""
    wanted = list(dict.fromkeys(numbers))
    found = Change.objects.select_related("source__account").in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]
