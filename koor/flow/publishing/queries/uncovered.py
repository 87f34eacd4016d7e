"""What is up of an item, and that the answers of those in it don't cover any more, or that its maker took back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Item
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Target
from koor.ground.channels import queries as channels


def copies(item: Item) -> list[Target]:
    """Live ones, of which nobody was asked yet to take them away."""
    return _uncovered(item, Q(state=State.PUBLISHED, removed_at=None, removal=None))


def ready_by_hand(item: Item) -> list[Target]:
    """What stands ready for somebody to post it, and should not."""
    return _uncovered(item, Q(state=State.NEEDS_PERSON, because=logic.BY_HAND))


def _uncovered(item: Item, which: Q) -> list[Target]:
    shows = Q(post__item=item) | Q(post__media__medium__item=item)
    rows = Target.objects.filter(shows, which).select_related("post", "account").distinct().order_by("-pk")
    return [row for row in rows if is_uncovered(item, row)]


def is_uncovered(item: Item, row: Target) -> bool:
    """Not what stays in the house, nor what went out with them blurred."""
    use, place = hub.scope_of(row.account)
    known = channels.connectors().get(row.account.connector)
    if known is not None and not known.manifest.public:
        return False  # nothing of it left the house
    shown_at = _went_out(row) if known is None or known.manifest.network or known.manifest.by_hand else None
    blocks = hub.blocks_of(item, use=use, place=place, shown_at=shown_at)
    return any(block.of_consent or block.code == "withdrawn" for block in blocks)


def _went_out(row: Target) -> datetime | None:
    """The earliest moment at which its picture was handed over."""
    return min(filter(None, (row.prepared_at, row.first_sent_at, row.published_at)), default=None)
