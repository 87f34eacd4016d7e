"""What colleagues said in almost the same words, and what waits for somebody to say that both are fine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.logic import nuisance
from koor.flow.publishing.models import BothFine, Target
from koor.ground.channels import queries as channels
from koor.ground.people.queries import house
from koor.kernel import clock, written

WINDOW = timedelta(days=nuisance.RECENT)
GOING = (State.CLAIMED, State.SENDING, State.UNKNOWN, State.RECONCILING)
BY_PERSON = (logic.BY_HAND, logic.UNSURE_FOR_GOOD)  # it may be up without our knowing


@dataclass(frozen=True)
class Other:
    """What a colleague said or will say."""

    post: int
    name: str
    place: str
    day: date


def alike(
    texts: Iterable[str], *, by: int, post: int | None = None, due_at: datetime | None = None, planned: bool = True
) -> list[Other]:
    """Other colleagues' posts that say almost the same, the latest first, each once; without those of which somebody
    said that both are fine. `planned` counts what is still to go; without it only what is out, or on its way. One
    query, and one more when there are any."""
    now = clock.now()
    around = (due_at or now) - WINDOW, (due_at or now) + WINDOW
    asked = _said(
        by=by, post=post or 0, since=now - WINDOW, first=around[0], last=around[1], planned=planned,
        within=tuple(inside()),
    )  # fmt: skip
    near = nuisance.same_words(texts, ((text, pk) for pk, text in asked.rows()))
    if not near:
        return []
    rows = Target.objects.filter(pk__in=near).annotate(moment=Coalesce("published_at", "due_at", "post__made_at"))
    said = rows.order_by("-moment", "-pk").values_list("post", "post__by__name", "account__name", "moment")
    zone = house().zone
    found = [Other(pk, name, place, clock.local(at, zone).date()) for pk, name, place, at in said]
    return list({one.post: one for one in reversed(found)}.values())[::-1]


@written.once("by", "post", "since", "first", "last")
def _said(
    by: int, post: int, since: datetime, first: datetime, last: datetime, planned: bool, within: tuple[str, ...]
) -> QuerySet[Any, Any]:
    """The words of others, by row: the house may hold thousands of them against each post that goes."""
    out = Q(state=State.PUBLISHED, removed_at=None, published_at__gte=since)
    out |= Q(state__in=GOING) | Q(state=State.NEEDS_PERSON, because__in=BY_PERSON)
    if planned:
        out |= Q(state__in=(State.SCHEDULED, State.WAITING), due_at__gte=first, due_at__lte=last)
    rows = Target.objects.filter(out, post__in_reply_to="", post__practice=False).exclude(post__by=by)
    rows = rows.exclude(account__connector__in=within)
    rows = rows.exclude(post__in=BothFine.objects.filter(other=post).values("post"))
    rows = rows.exclude(post__in=BothFine.objects.filter(post=post).values("other"))
    return rows.order_by().values_list("pk", "text")


def inside() -> list[str]:
    """Connectors of which nothing is seen outside."""
    return [key for key, found in channels.connectors().items() if not found.manifest.public]


def is_seen(target: Target) -> bool:
    """Whether people at large get to see this row: no answer to somebody, no practice, nothing that stays inside."""
    post = target.post
    return not post.in_reply_to and not post.practice and target.account.connector not in inside()


def of_row(target: Target, *, planned: bool = True) -> list[Other]:
    """What this row says almost the same as."""
    post = target.post
    if not is_seen(target):
        return []
    return alike([target.text], by=post.by_id, post=post.pk, due_at=target.due_at, planned=planned)
