"""A post that comes back: begun, its next turn made, paused and stopped.

Never more than one turn lies ahead. A turn whose moment passed while nobody was at work is passed over with its reason;
it is never made up for. The rest is the same as for every post: one row an account, the ledger, the brake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.publishing import access
from koor.flow.publishing.actions.checks import clean
from koor.flow.publishing.actions.release import cancel_target, let_go
from koor.flow.publishing.actions.write import create_post, edit_post, locked, restore_post, withdraw_post
from koor.flow.publishing.choices import FINAL, Every, SeriesState, Skipped, Stage, State
from koor.flow.publishing.logic import delivery, moments, repeats
from koor.flow.publishing.models import CorrectionStep, Post, Series, Target, Turn
from koor.ground.people.access import Colleague
from koor.ground.people.queries import house
from koor.kernel import audit, clock, jobs
from koor.kernel.access import SYSTEM, Forbidden, Refused, require

MOST_TEXTS, MOST_TIMES = 50, 500


@transaction.atomic
def repeat_post(
    *,
    by: Colleague,
    post: Post,
    every: str,
    until: date | None = None,
    times: int | None = None,
    texts: Sequence[str] = (),
    anew: bool = False,
) -> Series:
    """Have a planned post of one's own come back, on the same wall time: until a day, so many times, or until it is
    stopped. `texts`: other words for the times after the first; `anew`: a draft each time."""
    post = locked(post)
    require(access.may_edit(by, post), _("Only its maker and the curator change this."))
    if existing := Series.objects.filter(turns__post=post).first():
        return existing
    day, at, zone = _moment_of(post)
    said = [clean(text) for text in texts if text.strip()]
    _check(every, day, until, times, said)
    series = Series.objects.create(
        by=post.by, latest=post, every=every, first_day=day, last_day=day, at=at, zone=zone, until=until, times=times,
        texts=[post.text, *said] if said else [], anew=anew, changed_at=clock.now(),
    )  # fmt: skip
    Turn.objects.create(series=series, day=day, post=post, at=clock.now())
    audit.record(by=by, verb="publishing.repeat_post", target=post, every=every)
    return series


def _moment_of(post: Post) -> tuple[date, time, str]:
    row = post.targets.filter(due_day__isnull=False, due_time__isnull=False).order_by("due_day", "due_time").first()
    if row is None or row.due_day is None or row.due_time is None:
        raise Refused(_("Choose a day and a time; then it can come back."), code="no_moment", field="every")
    return row.due_day, row.due_time, row.zone


def _check(every: str, day: date, until: date | None, times: int | None, texts: Sequence[str]) -> None:
    if every not in Every.values:
        raise Refused(_("Choose how often it comes back."), code="every", field="every")
    if until is not None and until <= day:
        raise Refused(_("The last day lies after the first."), code="until", field="until")
    if times is not None and not 2 <= times <= MOST_TIMES:
        raise Refused(_("From 2 to %(most)s times.") % {"most": MOST_TIMES}, code="times", field="times")
    if len(texts) > MOST_TEXTS:
        raise Refused(_("At most %(most)s texts.") % {"most": MOST_TEXTS}, code="texts", field="texts")


# ── The next turn ────────────────────────────────────────────────────────────────────────────────────────────────────


def roll_series() -> int:
    """Make the next turn of each post that comes back, where it is time; how many were made."""
    running = Series.objects.filter(state=SeriesState.RUNNING).order_by("last_day", "pk")
    return sum(jobs.each_by_itself(running.values_list("pk", flat=True)[:500], roll))


@transaction.atomic
def roll(pk: int) -> bool:
    """One of them, if nobody else has it in hand. Safe to call at any time, any number of times."""
    rows = Series.objects.select_for_update(of=("self",), skip_locked=True).select_related("by", "latest")
    series = rows.filter(pk=pk, state=SeriesState.RUNNING).first()
    if series is None:
        return False
    now = clock.now()
    if moments.instant(series.last_day, series.at, series.zone) > now:
        return False  # the next one is made already
    day, passed = repeats.next_day(series.first_day, series.every, series.last_day, series.at, series.zone, now)
    passed = [one for one in passed if series.until is None or one <= series.until]
    for missed in passed[-50:]:
        _passed_over(series, missed, Skipped.MISSED)
    if passed:
        series.last_day = passed[-1]
        series.save(update_fields=["last_day"])
    if day is None or not series.by.is_active or _is_over(series, day):
        _end(series)
        return False
    return _next_turn(series, day, now)


def _is_over(series: Series, day: date) -> bool:
    through = series.until is not None and day > series.until
    return through or (series.times is not None and series.made >= series.times)


def _next_turn(series: Series, day: date, now: datetime) -> bool:
    latest = series.latest
    if latest is None:
        _end(series)
        return False
    waits = latest.stage in (Stage.DRAFT, Stage.WITH_BUDDY)
    if not waits and _still_on_its_way(latest):
        if moments.instant(day, series.at, series.zone) - now < repeats.NEAR:
            _passed_over(series, day, Skipped.BUSY)
        return False
    return _tried(series, day, _move_along if waits else _make)


def _tried(series: Series, day: date, how: Callable[[Series, Post, date], None]) -> bool:
    """The turn as it should be; where the house says no, it is passed over in its words."""
    with translation.override(house().language):
        try:
            with transaction.atomic():
                how(series, series.latest, day)  # type: ignore[arg-type]
        except (Refused, Forbidden) as no:
            _passed_over(series, day, Skipped.REFUSED, str(no.sentence))
            return False
    return True


def _still_on_its_way(post: Post) -> bool:
    """Something of the time before is not settled yet. What only waits for a person asks for nothing more."""
    return post.targets.exclude(state__in=[*FINAL, State.NEEDS_PERSON]).filter(due_at__isnull=False).exists()


def _make(series: Series, latest: Post, day: date) -> None:
    rows = list(latest.targets.select_related("account"))
    rows = [row for row in rows if row.state != State.CANCELLED] or rows
    words = repeats.words_for(series.texts, series.made)
    post = create_post(
        by=series.by,
        text=words or latest.text,
        title="" if words else latest.title,
        link=latest.link,
        language="" if words else latest.language,
        accounts=[row.account for row in rows],
        texts={} if words else {row.account_id: row.text for row in rows if row.text != latest.text},
        options={row.account_id: row.options for row in rows},
        media=[(one.medium, one.alt) for one in latest.media.select_related("medium")],
        due_local=datetime.combine(day, series.at),
        once=f"series:{series.pk}:{day}:{latest.pk}",  # after a pause it is made anew
    )
    post.targets.update(zone=series.zone)
    Turn.objects.create(series=series, day=day, post=post, at=clock.now())
    series.latest, series.last_day, series.made = post, day, series.made + 1
    series.texts = series.texts if len(series.texts) > 1 else []  # words put right: the next is made of this one
    series.save(update_fields=["latest", "last_day", "made", "texts"])
    if not series.anew:
        let_go(by=series.by, post=post)


def _move_along(series: Series, draft: Post, day: date) -> None:
    """It was not written, or not read, in time: the same draft waits for the next turn, so that none pile up."""
    Turn.objects.filter(series=series, post=draft).update(post=None, skipped=Skipped.UNWRITTEN)
    edit_post(by=series.by, post=draft, due_local=datetime.combine(day, series.at))
    draft.targets.update(zone=series.zone)
    Turn.objects.create(series=series, day=day, post=draft, at=clock.now())
    series.last_day = day
    series.save(update_fields=["last_day"])


def _passed_over(series: Series, day: date, because: str, why: str = "") -> None:
    Turn.objects.get_or_create(
        series=series, day=day, defaults={"skipped": because, "why": why[:300], "at": clock.now()}
    )
    if series.last_day < day:
        series.last_day = day
        series.save(update_fields=["last_day"])


def _end(series: Series) -> None:
    series.state, series.changed_at = SeriesState.ENDED, clock.now()
    series.save(update_fields=["state", "changed_at"])


# ── Paused, stopped ──────────────────────────────────────────────────────────────────────────────────────────────────


def pause_series(*, by: Colleague, series: Series) -> Series:
    """Not for now: what stands ready for the next time does not go either."""
    return _halt(by, series, SeriesState.PAUSED, "publishing.pause_series")


def stop_series(*, by: Colleague, series: Series) -> Series:
    """It comes back no more; what stands ready for the next time does not go either."""
    return _halt(by, series, SeriesState.ENDED, "publishing.stop_series")


@transaction.atomic
def _halt(by: Colleague, series: Series, state: str, verb: str) -> Series:
    series = _in_hand(by, series)
    if series.state not in (state, SeriesState.ENDED):
        _halted(by, series, state, verb)
        _take_back_next(by, series)
    return series


def _halted(by: Colleague, series: Series, state: str, verb: str) -> None:
    series.state, series.changed_at = state, clock.now()
    series.save(update_fields=["state", "changed_at"])
    audit.record(by=by, verb=verb, target=series.latest or series)


def not_again(*, by: Colleague, post: Post, right: str = "") -> None:
    """What was said is put right or taken away, by who may: the series that it is a turn of does not say it again. It
    waits for somebody who lets it go on, then with the right words."""
    series = held_series(post)
    if series is None:
        return
    if right:
        _say_right(series, post, right)
    if series.state == SeriesState.RUNNING:
        _halted(by, series, SeriesState.PAUSED, "publishing.pause_series")
        _take_back_next(SYSTEM, series)


def _say_right(series: Series, post: Post, right: str) -> None:
    """The right words in the place of those that were wrong, also when they were put right before."""
    steps = CorrectionStep.objects.filter(correction__post=post.pk).values_list("before", "text")
    wrong = {post.text, *(words for step in steps for words in step)} - {right, ""}
    if len(series.texts) > 1:
        series.texts = [right if one in wrong else one for one in series.texts]
    elif series.texts or (series.latest is not None and series.latest.text in wrong):
        series.texts = [right]
    series.save(update_fields=["texts"])


def held_series(post: Post) -> Series | None:
    """What this post is a turn of, held until this transaction ends. The order is always series first, then posts."""
    rows = Series.objects.select_for_update(of=("self",)).select_related("by", "latest")
    return rows.filter(turns__post=post.pk).first()


@transaction.atomic
def go_on_with_series(*, by: Colleague, series: Series) -> Series:
    """It comes back again, from the next day on that still has to come."""
    series = _in_hand(by, series)
    if series.state == SeriesState.PAUSED:
        series.state, series.changed_at = SeriesState.RUNNING, clock.now()
        series.save(update_fields=["state", "changed_at"])
        audit.record(by=by, verb="publishing.go_on_with_series", target=series.latest or series)
        if series.made == 0:
            _first_anew(series)
        roll(series.pk)
    return Series.objects.get(pk=series.pk)


def _first_anew(series: Series) -> None:
    """Its first turn was taken back, and its moment is still to come: a draft is taken out again, the rest is made."""
    turn = series.turns.select_related("post").filter(day=series.first_day, post__isnull=False).first()
    if turn is None or turn.post is None or moments.instant(turn.day, series.at, series.zone) <= clock.now():
        return
    if turn.post.stage != Stage.RELEASED:
        restore_post(by=series.by, post=turn.post)
        series.made = 1
        series.save(update_fields=["made"])
        return
    turn.delete()
    _tried(series, series.first_day, _make)


def _in_hand(by: Colleague, series: Series) -> Series:
    found = Series.objects.select_for_update(of=("self",)).select_related("by", "latest").get(pk=series.pk)
    allowed = found.latest is not None and access.may_edit(by, found.latest)
    require(allowed or by.pk == found.by_id, _("Only its maker and the curator change this."))
    return found


def _take_back_next(by: Colleague, series: Series) -> None:
    """The turn that lies ahead: its rows are cancelled, or its draft is put away; its day counts as not made."""
    turn = series.turns.filter(post__isnull=False).select_related("post").order_by("-day").first()
    if turn is None or turn.post is None or moments.instant(turn.day, series.at, series.zone) <= clock.now():
        return
    if turn.post.stage != Stage.RELEASED:
        withdraw_post(by=by, post=turn.post)
    for row in Target.objects.filter(post=turn.post, state__in=delivery.READY).select_related("post"):
        if row.state != State.CLAIMED and turn.post.stage == Stage.RELEASED:
            cancel_target(by=by, target=row)
    before = series.turns.filter(day__lt=turn.day).order_by("-day").first()
    if before is not None:
        turn.delete()
        series.last_day = before.day
    series.made = max(1, series.made - 1) if before is not None else 0
    series.save(update_fields=["last_day", "made"])
