"""Reads of what was read back at night."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from koor.flow.publishing import access
from koor.flow.publishing.choices import Found
from koor.flow.publishing.models import ReadBack, Target
from koor.ground.people.models import Person


def of_account(account_id: int) -> dict[str, int | datetime | None]:
    """How many posts of this account were read back, when last, and how many were not there once."""
    rows = ReadBack.objects.filter(target__account=account_id)
    kinds = {kind: Count("pk", filter=Q(found=kind)) for kind in Found.values}
    return rows.aggregate(all=Count("pk"), last=Max("at"), **kinds)


def of_house() -> dict[str, int]:
    """The same of all accounts, for `koor doctor`."""
    return ReadBack.objects.aggregate(all=Count("pk"), **{k: Count("pk", filter=Q(found=k)) for k in Found.values})


def twice(person: Person) -> QuerySet[Target]:
    """What stands twice somewhere, and this person may do something about."""
    rows = Target.objects.filter(read_back__found=Found.TWICE, removed_at=None)
    if not access.may_hold(person):
        rows = rows.filter(Q(account__owner=person) | Q(post__by=person))
    return rows.select_related("account", "post", "read_back").order_by("-read_back__at")
