"""Bursts: looked for when something came in, told once, and judged by a person, which teaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.listening import access
from koor.flow.listening.choices import BurstAnswer, Counted
from koor.flow.listening.events import BurstSeen
from koor.flow.listening.logic import bursts as logic
from koor.flow.listening.models import Burst
from koor.flow.listening.queries import bursts as queries
from koor.flow.listening.queries.counting import Stream
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, events, jobs, locks
from koor.kernel.access import require


def watch_soon() -> None:
    """Something came in or was marked: look whether there is a burst, also before the next minute."""
    from koor.flow.listening.tasks import watch as task

    jobs.later(task, only_one="listening.watch")


@transaction.atomic
def watch(*, by: Colleague) -> list[Burst]:
    """Look at all streams, and tell of bursts. What was told of one stream is not told again of another. Where it is
    calm this asks two questions."""
    locks.until_committed("listening.watch")
    full, known = queries.full_streams(), queries.known_bursts()
    _end(known, dict(full))
    if not full:
        return []
    parts = queries.parts_known()
    rises = [
        queries.rise_of(stream, posts, known.get(stream, []), parts)
        for stream, posts in queries.worth_a_look(full, known)
    ]
    for rise in rises:
        _follow(known.get(rise.stream, []), rise)
    rises = [one for one in rises if logic.is_told(one.posts, one.need, one.seen)]
    covered = _covered(known) if rises else set()
    found = (_tell(by, rise, covered) for rise in sorted(rises, key=_telling))
    return [one for one in found if one is not None]


def _telling(rise: queries.Rise) -> tuple[float, bool]:
    """The clearest first; of two alike the one that says what it is about."""
    return -rise.score, rise.stream[0] == Counted.BURNS


def _end(known: Mapping[Stream, Sequence[Burst]], full: Mapping[Stream, int]) -> None:
    """What fell below eight an hour is over."""
    over = [one.pk for stream, many in known.items() for one in many if one.ended_at is None and stream not in full]
    if over:
        Burst.objects.filter(pk__in=over).update(ended_at=clock.now())


def _follow(known: Sequence[Burst], rise: queries.Rise) -> None:
    """How high it goes, and whether it is over."""
    for one in known:
        if one.ended_at is None:
            one.top = max(one.top, rise.posts)
            one.ended_at = clock.now() if logic.is_over(rise.posts, rise.usual) else None
            one.save(update_fields=["top", "ended_at"])


def _covered(known: Mapping[Stream, Sequence[Burst]]) -> set[int]:
    """Mentions of this hour that belong to what was told lately."""
    begin, now = queries.begin_of_hour(), clock.now()
    lately = [stream for stream, many in known.items() if queries.lately(many[0].at)]
    return {pk for stream in lately for pk in queries.said_in(stream, begin, now).values_list("pk", flat=True)}


def _tell(by: Colleague, rise: queries.Rise, covered: set[int]) -> Burst | None:
    """If it is so many by so many, apart from what was told of others."""
    now = clock.now()
    rows = queries.said_in(rise.stream, queries.begin_of_hour(), now)
    said = queries.each_once(rows.order_by("said_at"))
    people = {who for _pk, who, _at in said}
    fresh = [one for one in said if rise.seen or one[0] not in covered]
    apart = {who for _pk, who, _at in fresh}
    if len(fresh) < logic.POSTS or len(apart) < logic.PEOPLE or not logic.is_told(len(said), rise.need, rise.seen):
        return None  # what is praise or noise makes no alarm
    covered.update(pk for pk, *_rest in said)
    kind, key = rise.stream
    counted = {"posts": len(said), "people": len(people), "usual": rise.usual, "top": max(rise.posts, len(said))}
    made = Burst.objects.create(kind=kind, key=key, since=said[0][2], at=now, **counted)
    audit.record(by=by, verb="listening.tell_burst", target=made, posts=len(said), people=len(people))
    events.tell(BurstSeen(made.pk))
    return made


@transaction.atomic
def judge_burst(*, by: Colleague, burst_id: int, answer: str) -> Burst | None:
    """It burned, or it did not: that teaches what is usual."""
    require(access.may_listen(by), _("Bursts are judged by the curator and by PR."))
    one = Burst.objects.select_for_update().filter(pk=burst_id).first()
    if one is not None and one.answer != answer:
        one.answer = BurstAnswer(answer)
        one.waved = one.top if one.answer == BurstAnswer.WAVED else None
        one.save(update_fields=["answer", "waved"])
        audit.record(by=by, verb="listening.judge_burst", target=one, answer=answer)
    return one
