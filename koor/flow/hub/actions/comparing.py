"""New pictures are compared with all others once, so that what looks alike stands in one list."""

from __future__ import annotations

from django.db import transaction

from koor.flow.hub import access, logic
from koor.flow.hub.models import Medium, Resemblance
from koor.flow.hub.queries.copies import alike
from koor.ground.people.access import Colleague
from koor.kernel.access import require

AT_A_TIME = 300


def compare_pictures(*, by: Colleague) -> int:
    """Compare what was not compared yet, the newest first. How many pictures that were; twice changes nothing."""
    require(access.may_curate(by))
    waiting = Medium.objects.filter(dhash__isnull=False, compared=False, item__isnull=False).order_by("-pk")
    rows = list(waiting.only("dhash", "item")[:AT_A_TIME])
    for medium in rows:
        with transaction.atomic():
            _compare(medium)
    return len(rows)


def _compare(medium: Medium) -> None:
    own = medium.item_id
    if own is not None and medium.dhash is not None and medium.dhash not in logic.BLANK:
        others = set(alike([medium.dhash]).exclude(item=own).exclude(item=None).values_list("item", flat=True)[:50])
        pairs = [Resemblance(one_id=min(own, other), other_id=max(own, other)) for other in others]
        Resemblance.objects.bulk_create(pairs, ignore_conflicts=True)
    Medium.objects.filter(pk=medium.pk).update(compared=True)
