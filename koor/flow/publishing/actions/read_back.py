"""At night some of what is up is read back: is it still there, and once? Nothing is sent and nothing taken away.

What somebody took away on the platform itself is shown as such and never posted again. What stands twice is told."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from koor.flow.publishing.actions import alerts, content, ledger
from koor.flow.publishing.actions.deliver import taken
from koor.flow.publishing.choices import Found, State
from koor.flow.publishing.models import ReadBack, Target
from koor.ground.channels import contract
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.kernel import audit, clock, hrefs
from koor.kernel.access import SYSTEM

log = logging.getLogger(__name__)
SINCE, NOT_BEFORE = timedelta(days=7), timedelta(hours=1)  # ago that it went up
MOST, MOST_EACH = 300, 20  # rows of a night, and of one account
NIGHTS = 2  # that it was not there, before that is believed
APART = timedelta(hours=12)
GONE = gettext_noop("It was taken away on the platform itself. Koor does not post it again.")


def read_back() -> dict[str, int]:
    """The rows of this night, those that were looked at longest ago first; how many were found how."""
    tally: dict[str, int] = defaultdict(int)
    each: dict[int, int] = defaultdict(int)
    for row in _candidates():
        if sum(each.values()) >= MOST or each[row.account_id] >= MOST_EACH or not _can_be_read(row):
            continue
        each[row.account_id] += max(1, len(ledger.chain_of(row)))
        tally[_keep(row, *_look(row))] += 1
    return dict(tally)


def _candidates() -> list[Target]:
    now = clock.now()
    rows = Target.objects.filter(
        state=State.PUBLISHED, removed_at=None, told_by=None, attempts_made__gt=0, account__state=AccountState.ACTIVE,
        published_at__range=(now - SINCE, now - NOT_BEFORE),
    ).exclude(remote_id="")  # fmt: skip
    rows = rows.exclude(read_back__at__gt=now - APART).select_related("post__by", "account__owner")
    return list(rows.order_by(F("read_back__at").asc(nulls_first=True), "pk")[: MOST * 3])


def _can_be_read(row: Target) -> bool:
    known = channels.connectors().get(row.account.connector)
    if known is None or not known.manifest.publishes or not known.manifest.network:
        return False
    delivery = known.manifest.delivery_for(row.account.settings)
    return delivery != contract.Delivery.BLIND


Look = contract.Seen | contract.NotSeen | contract.CannotKnow


def _look(row: Target) -> tuple[str, str, str]:
    """What is found, and of a second copy its number and address. A thread is there once when each of its parts is, and
    gone when all of them are. Twice is what was seen under both numbers: a
    platform may list under another number what it answered with, such as a film on a page of Facebook."""
    parts = ledger.chain_of(row) or [row.remote_id]
    found = [_look_at(row, parts, at) for at in range(len(parts))]
    twice = next((one for one in found if one[0] == Found.TWICE), None)
    kinds = {one[0] for one in found}
    return twice or (kinds.pop() if len(kinds) == 1 else Found.UNSURE, "", "")


def _look_at(row: Target, parts: list[str], at: int) -> tuple[str, str, str]:
    """The same of one part of a thread, or of what is one post."""
    up, number = parts[:at], parts[at]
    others = taken(row) | (set(parts) - {number})
    own = _asked(row, up, others)
    second = _asked(row, up, others | {number})
    if isinstance(second, contract.Seen) and second.remote_id not in others | {number}:
        both = _asked(row, up, others | {second.remote_id})
        if isinstance(both, contract.Seen) and both.remote_id == number:
            return Found.TWICE, second.remote_id, second.url
        return Found.UNSURE, "", ""
    if isinstance(own, contract.Seen):
        return Found.ONCE, "", ""
    return (Found.GONE if isinstance(own, contract.NotSeen) and _is_proof(row) else Found.UNSURE), "", ""


def _is_proof(row: Target) -> bool:
    """Whether not seeing it says that it is gone: not where it is known by its words, which may be edited there."""
    manifest = channels.connector(row.account.connector).manifest
    delivery = manifest.delivery_for(row.account.settings)
    if delivery == contract.Delivery.STAGED:
        return not row.post.in_reply_to
    return delivery in (contract.Delivery.KEY, contract.Delivery.CLIENT_ID)


def _asked(row: Target, up: list[str], others: frozenset[str]) -> Look:
    """Asked as when this part was the next to go: `up` are those before it."""
    try:
        publish = channels.connector(row.account.connector).publish
        handle = {**row.handle, "chain": up} if ledger.chain_of(row) else row.handle
        attempt = contract.Attempt(
            number=row.attempts_made, key=ledger.key_after(row, len(up)), taken=others,
            draft=content.draft_of(row, with_pictures=False), prepared=contract.Prepared(handle=handle),
            started_at=row.first_sent_at or clock.now(),
        )  # fmt: skip
        return publish.find(channels.session_for(row.account), attempt)  # type: ignore[no-any-return]
    except Exception as error:  # looking harms nothing: not knowing is the honest answer
        log.exception("reading back %s", row.pk)
        return contract.CannotKnow(type(error).__name__)


@transaction.atomic
def _keep(row: Target, found: str, other_id: str, other_url: str) -> str:
    before = ReadBack.objects.select_for_update().filter(target=row).first()
    nights = (before.nights_gone if before else 0) + 1 if found == Found.GONE else 0
    other = {"other_id": other_id, "other_url": hrefs.web(other_url)}
    said = {"at": clock.now(), "found": found, "nights_gone": nights, **other}
    ReadBack.objects.update_or_create(target=row, defaults=said)
    if found == Found.GONE and nights >= NIGHTS:
        _is_gone(row)
    if found == Found.TWICE and (before is None or before.other_id != other_id):
        audit.record(by=SYSTEM, verb="publishing.found_twice", target=row, first=row.remote_id, other=other_id)
        alerts.tell_twice(row)
    return found


def _is_gone(row: Target) -> None:
    """It stays a row that was published, and so nothing sends it again."""
    now = Target.objects.select_for_update().get(pk=row.pk)
    if now.state == State.PUBLISHED and now.removed_at is None:
        now.removed_at, now.note, now.note_values = clock.now(), GONE, {}
        now.save(update_fields=["removed_at", "note", "note_values"])
        audit.record(by=SYSTEM, verb="publishing.found_gone", target=row.post, account=row.account_id)
