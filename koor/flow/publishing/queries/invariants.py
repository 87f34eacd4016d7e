"""What must hold of the ledger in a house that runs: read from what was written down, with nothing taken on trust.

The database itself refuses a row without a future, a number that is given twice, a send without a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from operator import attrgetter

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from koor.flow.publishing.choices import State, Step
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Attempt, Target
from koor.kernel.models import AuditEntry

MOST = 5000  # rows that are read attempt by attempt; the newest
SENT_AGAIN = "was sent again without proof that it was not there"
SENT_AFTER = "was sent again after it was up"
NEVER_SEEN = "is said to be up, and nobody and nothing saw it"


def broken() -> Iterator[tuple[int, str]]:
    """The number of each row that breaks a promise, and which one."""
    yield from ((row.pk, NEVER_SEEN) for row in _never_seen())
    after = set(_sent_after().values_list("target", flat=True)[:MOST])
    yield from ((pk, SENT_AFTER) for pk in sorted(after))
    sends = Count("attempts", filter=Q(attempts__step=Step.SEND, attempts__sent_at__isnull=False))
    twice = Target.objects.annotate(sends=sends).filter(sends__gt=1).order_by("-pk").values("pk")[:MOST]
    attempts = Attempt.objects.filter(target__in=list(twice.values_list("pk", flat=True))).order_by("target", "number")
    for target, its in groupby(attempts, key=attrgetter("target_id")):
        says = "" if target in after else _says(list(its))
        if says and not (says == SENT_AGAIN and _a_person_said_so(target)):
            yield target, says


def _never_seen() -> Iterable[Target]:
    """Published by the house, and no attempt that saw it up."""
    saw = Attempt.objects.filter(target=OuterRef("pk"), verdict__in=[logic.DONE, logic.SEEN])
    rows = Target.objects.filter(state=State.PUBLISHED, told_by=None, attempts_made__gt=0)
    return rows.exclude(Exists(saw)).only("pk")[:MOST]


def _sent_after() -> QuerySet[Attempt]:
    """Sends of what was up, whatever the row says of itself now: when it was up first is never written anew. An
    earlier attempt or a person said that it was up: it is no single good one during which the clock was set back."""
    up = Attempt.objects.filter(target=OuterRef("target"), verdict__in=[logic.DONE, logic.SEEN])
    known = Q(target__told_by__isnull=False) | Exists(up.filter(number__lt=OuterRef("number")))
    after = Attempt.objects.filter(known, step=Step.SEND, sent_at__gt=F("target__published_at"))
    return after.order_by("-target")


def _says(attempts: list[Attempt]) -> str:
    sends = [one for one in attempts if one.step == Step.SEND and one.sent_at is not None]
    looks = [one for one in attempts if one.step == Step.LOOK and one.verdict == logic.NOT_SEEN]
    for before, after in pairwise(sends):
        if before.key != after.key or before.verdict == logic.DEFINITELY_NOT:
            continue
        if before.verdict == logic.DONE:
            return SENT_AFTER
        between = [look for look in looks if before.number < look.number < after.number]
        if not any(
            look.ended_at >= before.sent_at + logic.LOOKS[-1] for look in between if before.sent_at and look.ended_at
        ):
            return SENT_AGAIN
    return ""


def _a_person_said_so(target: int) -> bool:
    post = Target.objects.values_list("post_id", flat=True).get(pk=target)
    told = AuditEntry.objects.filter(verb="publishing.send_again", target_kind="publishing.post", target_id=post)
    return told.exists()
