"""Far more than usual in a few minutes is seldom meant: a list that came in twice, a loop, a stolen password. The
account is held, nothing is lost, and a person looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.alerts import tell_braked
from koor.flow.publishing.actions.pausing import WITHIN, held_by_pause
from koor.flow.publishing.models import Pause, Target
from koor.ground.people.queries import house
from koor.kernel import audit, clock, locks, written
from koor.kernel.access import SYSTEM


def braked(row: Target, most: int) -> bool:
    """Whether this row would be one too many for its account; then the account is held from now on. In the transaction
    that claims the row. Answers to people, and what a person let go by name, are not counted and not stopped."""
    manifest = ledger.manifest_of(row)
    if row.through or row.post.in_reply_to or manifest is None or not manifest.public:
        return False
    locks.until_committed(f"publishing.brake:{row.account_id}")
    since = clock.now() - WITHIN
    if sum(_went(account=row.account_id, since=since, pk=row.pk).rows()) < most:
        return False
    went = _others(row.account_id, since, row.pk)
    ended = Pause.objects.filter(account=row.account_id, ended_at__gt=since).order_by("-ended_at").first()
    if ended is not None and went.filter(last_sent_at__gt=ended.ended_at).count() < most:
        return False  # somebody looked and opened it again: counted from there
    _hold_account(row, most)
    return True


def _others(account: int, since: datetime, pk: int) -> QuerySet[Target]:
    rows = Target.objects.filter(account=account, last_sent_at__gt=since, post__in_reply_to="", through=False)
    return rows.exclude(pk=pk)


@written.once("account", "since", "pk")
def _went(account: int, since: datetime, pk: int) -> QuerySet[Any, Any]:
    """How many, as one row."""
    return _others(account, since, pk).order_by().values("account").annotate(n=Count("pk")).values_list("n", flat=True)


def _hold_account(row: Target, most: int) -> None:
    """What comes due is held, row by row, until a person opens the account; the plan of later days stays as it is."""
    with translation.override(house().language):
        why = _("More than %(most)s posts in ten minutes") % {"most": most}
    pause, new = Pause.objects.get_or_create(
        account=row.account, ended_at=None, defaults={"why": why, "at": clock.now(), "too_fast": True}
    )
    if new:
        audit.record(by=SYSTEM, verb="publishing.brake", target=row.account, why=why)
        tell_braked(pause)
    held_by_pause(row)
