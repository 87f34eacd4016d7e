"""A post that comes back: on its wall time, once each time, never in a burst, paused and stopped by one click."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from koor.flow.publishing import access, actions, panels
from koor.flow.publishing.actions import repeat
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.actions.repeat import roll, roll_series
from koor.flow.publishing.choices import Stage
from koor.flow.publishing.logic import moments, repeats
from koor.flow.publishing.models import Post, Series, Target
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import Forbidden, Refused

pytestmark = pytest.mark.django_db
Write = Callable[..., Post]
FRIDAY = datetime(2026, 11, 27, 9, 0)


@pytest.fixture
def weekly(noon: datetime, write: Write, news: Account, bram: Person) -> Series:
    """Every Friday at nine, from this one on."""
    post = write("Vrijdag: de bouwplaats is open.", news, due_local=FRIDAY)
    series = actions.repeat_post(by=bram, post=post, every="week")
    actions.let_go(by=bram, post=post)
    return series


def live(first: datetime, days: float, step: timedelta = timedelta(hours=6)) -> None:
    """The house at work for so many days: what is due goes, what comes back is made."""
    for number in range(int(timedelta(days=days) / step) + 1):
        with clock.fixed(first + number * step):
            roll_series()
            for pk in Target.objects.filter(wake_at__lte=clock.now()).values_list("pk", flat=True):
                deliver(pk)


def went() -> list[datetime]:
    return list(Target.objects.filter(state="published").order_by("due_at").values_list("due_at", flat=True))


def test_it_comes_back_on_its_wall_time(weekly: Series, noon: datetime) -> None:
    live(noon, 22)
    assert went() == [datetime(2026, 11, 27, 8, tzinfo=UTC) + timedelta(weeks=n) for n in range(3)]
    assert Post.objects.count() == 4, "one lies ahead, not more"
    assert Post.objects.latest("pk").slot is not None, "it stands in the calendar"


def test_an_hour_stays_an_hour_when_the_clock_changes(write: Write, stage: Account, bram: Person, house: House) -> None:
    with clock.fixed(datetime(2026, 10, 12, 12, tzinfo=UTC)):
        post = write("Elke zondagnacht.", stage, due_local=datetime(2026, 10, 18, 2, 30))
        actions.repeat_post(by=bram, post=post, every="week")
        actions.let_go(by=bram, post=post)
    live(datetime(2026, 10, 17, tzinfo=UTC), 20)
    assert went() == [
        datetime(2026, 10, 18, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # this half past two comes twice: its first
        datetime(2026, 11, 1, 1, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe"])
def test_p15_p16_each_day_of_a_series_is_one_moment_in_order(zone: str) -> None:
    for at in (time(0, 0), time(1, 59), time(2, 0), time(2, 30), time(3, 0), time(23, 45)):
        made = repeats.between(date(2025, 12, 28), "week", date(2025, 12, 28), date(2026, 1, 1), date(2028, 12, 31))
        instants = [moments.instant(day, at, zone) for day in made]
        assert len(set(instants)) == len(made)
        apart = {later - earlier for earlier, later in pairwise(instants)}
        assert max(apart) <= timedelta(days=7, hours=1)
        assert min(apart) >= timedelta(days=6, hours=23)


def test_after_a_long_silence_there_is_no_burst(weekly: Series, noon: datetime) -> None:
    """Six weeks without a worker: the times that passed are left out with their reason, and the next one is made."""
    live(noon, 4)
    live(noon + timedelta(weeks=6), 7)
    assert [when.date() for when in went()] == [date(2026, 11, 27), date(2027, 1, 8)]
    missed = weekly.turns.filter(skipped="missed").values_list("day", flat=True)
    assert list(missed) == [date(2026, 12, 11), date(2026, 12, 18), date(2026, 12, 25), date(2027, 1, 1)]
    late = Target.objects.get(due_day=date(2026, 12, 4))
    assert late.state == "missed", "what stood ready then is too late now, and does not go"


def test_rolled_by_two_at_once_it_is_one_turn(weekly: Series, noon: datetime) -> None:
    with clock.fixed(datetime(2026, 11, 27, 8, 1, tzinfo=UTC)):
        deliver(Target.objects.get().pk)
        assert [roll(weekly.pk) for _time in range(3)] == [True, False, False]
    assert Post.objects.count() == 2


@pytest.mark.parametrize(("every", "days"), [
    ("week", [date(2026, 1, 31), date(2026, 2, 7)]),
    ("fortnight", [date(2026, 1, 31), date(2026, 2, 14)]),
    ("month", [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
    ("year", [date(2026, 1, 31), date(2027, 1, 31)]),
])  # fmt: skip
def test_on_which_days(every: str, days: list[date]) -> None:
    made = repeats.days(date(2026, 1, 31), every)
    assert [next(made) for _day in days] == days


def test_the_end_of_the_calendar_ends_it(noon: datetime) -> None:
    last = date(9989, 12, 30)
    assert len(list(repeats.days(last, "week"))) == 1
    assert list(repeats.days(last, "year")) == [last, date(9990, 12, 30)]
    assert repeats.next_day(last, "week", last, time(9), "Europe/Amsterdam", noon) == (None, [])


def test_a_leap_day_every_year() -> None:
    made = repeats.days(date(2024, 2, 29), "year")
    assert [next(made) for _n in range(5)][-2:] == [date(2027, 2, 28), date(2028, 2, 29)]


def test_until_a_day(noon: datetime, write: Write, stage: Account, bram: Person) -> None:
    post = write("Twee keer.", stage, due_local=FRIDAY)
    series = actions.repeat_post(by=bram, post=post, every="week", until=date(2026, 12, 4))
    actions.let_go(by=bram, post=post)
    live(noon, 30)
    series.refresh_from_db()
    assert (len(went()), series.state) == (2, "ended")


def test_so_many_times_with_words_in_turn(noon: datetime, write: Write, stage: Account, bram: Person) -> None:
    post = write("Een.", stage, due_local=FRIDAY)
    actions.repeat_post(by=bram, post=post, every="week", times=4, texts=repeats.variants("Twee.\n---\nDrie."))
    actions.let_go(by=bram, post=post)
    live(noon, 40)
    assert [one.text for one in Post.objects.order_by("pk")] == ["Een.", "Twee.", "Drie.", "Een."]
    assert Series.objects.get().state == "ended"


def test_what_is_still_on_its_way_is_not_followed_by_another(weekly: Series, noon: datetime) -> None:
    first = Target.objects.get()
    with clock.fixed(noon + timedelta(days=9)):
        Target.objects.filter(pk=first.pk).update(state="waiting", due_at=clock.now(), wake_at=clock.now())
        assert not roll(weekly.pk)
        assert not weekly.turns.exclude(skipped="").exists()
    with clock.fixed(datetime(2026, 12, 11, 7, 30, tzinfo=UTC)):
        assert not roll(weekly.pk)
    assert weekly.turns.get(day=date(2026, 12, 11)).skipped == "busy"
    assert Post.objects.count() == 1


def test_written_anew_each_time(noon: datetime, write: Write, stage: Account, bram: Person, visit: Any) -> None:
    post = write("Zelf schrijven.", stage, due_local=FRIDAY)
    series = actions.repeat_post(by=bram, post=post, every="week", anew=True)
    actions.let_go(by=bram, post=post)
    live(noon, 4)
    draft = Post.objects.latest("pk")
    assert draft.stage == Stage.DRAFT
    with clock.fixed(noon + timedelta(days=4)):
        (todo,) = panels.write_it_anew(bram, [draft])
        assert todo.url == f"/posts/{draft.pk}/edit/"
    live(noon + timedelta(days=4), 8)
    assert series.turns.get(day=date(2026, 12, 4)).skipped == "unwritten"
    assert Post.objects.count() == 2, "the same draft waits for the next time"
    assert Post.objects.latest("pk").turn.day == date(2026, 12, 11)
    assert len(went()) == 1


def test_paused_by_one_click_and_on_again(weekly: Series, noon: datetime, bram: Person) -> None:
    live(noon, 4)
    with clock.fixed(noon + timedelta(days=5)):
        actions.pause_series(by=bram, series=weekly)
    assert Target.objects.get(due_day=date(2026, 12, 4)).state == "cancelled"
    live(noon + timedelta(days=5), 16)
    assert len(went()) == 1
    with clock.fixed(datetime(2026, 12, 16, 12, tzinfo=UTC)):
        actions.go_on_with_series(by=bram, series=weekly)
    live(datetime(2026, 12, 16, 13, tzinfo=UTC), 4)
    assert [when.date() for when in went()] == [date(2026, 11, 27), date(2026, 12, 18)]


def test_stopped_before_its_first_time(weekly: Series, bram: Person, noon: datetime) -> None:
    actions.stop_series(by=bram, series=weekly)
    live(noon, 14)
    assert (went(), Series.objects.get().state) == ([], "ended")


def test_what_the_house_refuses_is_left_out_in_words(weekly: Series, noon: datetime, news: Account) -> None:
    live(noon, 2.5)
    with clock.fixed(datetime(2026, 11, 27, 8, 1, tzinfo=UTC)):
        deliver(Target.objects.get().pk)
    Account.objects.filter(pk=news.pk).update(state="disconnected")
    live(noon + timedelta(days=4), 1)
    turn = weekly.turns.get(day=date(2026, 12, 4))
    assert turn.skipped == "refused"
    assert turn.why


WRONG, RIGHT = "Vrijdag: de bouwplaats is open.", "Zaterdag: de bouwplaats is open."


@pytest.mark.parametrize("texts", [(), ("Kom kijken.",)])
def test_what_was_put_right_comes_back_only_in_the_right_words(
    noon: datetime, write: Write, news: Account, marloes: Person, bram: Person, texts: tuple[str, ...]
) -> None:
    post = write(WRONG, news, due_local=FRIDAY)
    series = actions.repeat_post(by=bram, post=post, every="week", texts=texts)
    actions.let_go(by=bram, post=post)
    live(noon, 4)
    with clock.fixed(noon + timedelta(days=4, hours=1)):
        for said in ("Zondag is het.", RIGHT):
            actions.correct_post(by=marloes, post=post, kind="correct", note="Zaterdag.", text=said, places={})
    series.refresh_from_db()
    assert (series.state, series.texts) == ("paused", [RIGHT, *texts])
    assert Target.objects.get(due_day=date(2026, 12, 4)).state == "cancelled"
    with clock.fixed(noon + timedelta(days=5)):
        actions.go_on_with_series(by=bram, series=series)
    live(noon + timedelta(days=5), 14)
    went_up = Target.objects.filter(state="published").order_by("due_at").values_list("post__text", "text")
    assert list(went_up[1:]) == [(one, one) for one in ([*texts, RIGHT] * 2)[:2]]


@pytest.mark.parametrize("how", ["withdraw", "apologise", "take_down"])
def test_what_was_taken_away_does_not_come_back_by_itself(
    weekly: Series, noon: datetime, marloes: Person, how: str
) -> None:
    live(noon, 4)
    first = Target.objects.get(state="published")
    with clock.fixed(noon + timedelta(days=4, hours=1)):
        if how == "take_down":
            actions.take_down(by=marloes, target=first)
        else:
            actions.correct_post(by=marloes, post=first.post, kind=how, note="Niet waar.", places={})
    weekly.refresh_from_db()
    assert weekly.state == "paused"
    live(noon + timedelta(days=5), 20)
    assert len(went()) == 1


@pytest.fixture
def may_no_longer(monkeypatch: pytest.MonkeyPatch, news: Account) -> None:
    """Nobody may write for the newsroom any more."""
    monkeypatch.setattr(access, "may_write", lambda by, account: account.pk != news.pk)


def went_first(weekly: Series, noon: datetime) -> None:
    live(noon, 2.5)
    with clock.fixed(datetime(2026, 11, 27, 8, 1, tzinfo=UTC)):
        deliver(weekly.latest.targets.get().pk)


def test_who_may_no_longer_write_there_does_not_keep_the_others(
    weekly: Series, noon: datetime, write: Write, stage: Account, bram: Person, request: pytest.FixtureRequest
) -> None:
    post = write("Elke vrijdag binnen.", stage, due_local=FRIDAY)
    other = actions.repeat_post(by=bram, post=post, every="week")
    actions.let_go(by=bram, post=post)
    went_first(weekly, noon)
    request.getfixturevalue("may_no_longer")
    with clock.fixed(datetime(2026, 11, 27, 8, 2, tzinfo=UTC)):
        deliver(post.targets.get().pk)
        assert roll_series() == 1
    turn = weekly.turns.get(day=date(2026, 12, 4))
    assert (turn.skipped, turn.post) == ("refused", None)
    assert "write for" in turn.why
    assert other.turns.filter(day=date(2026, 12, 4), post__isnull=False).exists()


def test_a_draft_that_may_not_move_along_is_left_out_in_words(
    noon: datetime, write: Write, news: Account, bram: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = write("Zelf schrijven.", news, due_local=FRIDAY)
    series = actions.repeat_post(by=bram, post=post, every="week", anew=True)
    monkeypatch.setattr(access, "may_edit", lambda by, post: False)
    live(noon, 8)
    turn = series.turns.get(day=date(2026, 12, 4))
    assert (turn.skipped, turn.post) == ("refused", None)
    assert series.turns.get(day=date(2026, 11, 27)).post == post


def test_one_series_that_breaks_does_not_keep_the_others(weekly: Series, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(pk: int) -> bool:
        raise ValueError(pk)

    monkeypatch.setattr(repeat, "roll", broken)
    assert roll_series() == 0


def test_without_the_database_it_is_not_tried_for_the_others(weekly: Series, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(pk: int) -> bool:
        raise OperationalError(pk)

    monkeypatch.setattr(repeat, "roll", away)
    with pytest.raises(OperationalError):
        roll_series()


def test_paused_before_its_first_time_and_on_again_after_it(weekly: Series, noon: datetime, bram: Person) -> None:
    """What passed is not made up for; the next one goes."""
    actions.pause_series(by=bram, series=weekly)
    assert not roll(weekly.pk)
    with clock.fixed(noon + timedelta(days=6)):
        actions.go_on_with_series(by=bram, series=weekly)
    live(noon + timedelta(days=6), 10)
    assert [when.date() for when in went()] == [date(2026, 12, 4)]


def test_stopped_right_after_it_went_leaves_what_went(weekly: Series, noon: datetime, bram: Person) -> None:
    """Its next turn is not made yet: there is nothing to take back."""
    with clock.fixed(datetime(2026, 11, 27, 8, 1, tzinfo=UTC)):
        deliver(weekly.latest.targets.get().pk)  # type: ignore[union-attr]
        actions.stop_series(by=bram, series=weekly)
    live(noon + timedelta(days=5), 10)
    assert (len(went()), weekly.turns.count()) == (1, 1)


def test_of_a_post_that_is_no_more_nothing_comes_back(weekly: Series, noon: datetime) -> None:
    Series.objects.update(latest=None)
    with clock.fixed(noon + timedelta(days=9)):
        assert not roll(weekly.pk)
    assert Series.objects.get().state == "ended"


def test_paused_and_on_again_before_the_next_time_it_still_goes(weekly: Series, noon: datetime, bram: Person) -> None:
    live(noon, 4)
    with clock.fixed(noon + timedelta(days=5)):
        for _time in range(2):
            actions.pause_series(by=bram, series=weekly)
            actions.go_on_with_series(by=bram, series=weekly)
    live(noon + timedelta(days=5, hours=6), 6)
    assert [when.date() for when in went()] == [date(2026, 11, 27), date(2026, 12, 4)]


@pytest.mark.parametrize("let_go", [True, False])
def test_paused_and_on_again_before_its_first_time_it_still_goes(
    noon: datetime, write: Write, news: Account, bram: Person, let_go: bool
) -> None:
    post = write("Vrijdag.", news, due_local=FRIDAY)
    series = actions.repeat_post(by=bram, post=post, every="week", times=2)
    if let_go:
        actions.let_go(by=bram, post=post)
    actions.pause_series(by=bram, series=series)
    actions.go_on_with_series(by=bram, series=series)
    if not let_go:
        post.refresh_from_db()
        assert post.stage == Stage.DRAFT, "a draft goes when somebody lets it go"
        actions.let_go(by=bram, post=post)
    live(noon, 22)
    assert [when.date() for when in went()] == [date(2026, 11, 27), date(2026, 12, 4)]
    assert Series.objects.get().state == "ended"


def test_others_do_not(weekly: Series, henk: Person) -> None:
    with pytest.raises(Forbidden):
        actions.pause_series(by=henk, series=weekly)


@pytest.mark.parametrize(("given", "code"), [
    ({"every": "hour"}, "every"), ({"until": date(2026, 11, 27)}, "until"), ({"times": 1}, "times"),
    ({"texts": ["Kom."] * 51}, "texts"),
])  # fmt: skip
def test_what_cannot_be(
    noon: datetime, write: Write, stage: Account, bram: Person, given: dict[str, Any], code: str
) -> None:
    post = write("Kan niet.", stage, due_local=FRIDAY)
    with pytest.raises(Refused) as refused:
        actions.repeat_post(by=bram, post=post, **{"every": "week", **given})
    assert refused.value.code == code
    begun = actions.repeat_post(by=bram, post=post, every="week")
    assert actions.repeat_post(by=bram, post=post, every="month") == begun, "asked twice it is one"


def test_without_a_moment_it_does_not_come_back(noon: datetime, write: Write, stage: Account, bram: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.repeat_post(by=bram, post=write("Nu.", stage), every="week")
    assert refused.value.code == "no_moment"


# ── On the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_from_the_compose_page(noon: datetime, news: Account, bram: Person, visit: Callable[..., Client]) -> None:
    browser = visit(bram)
    said = {"text": "Elke vrijdag.", "accounts": news.pk, "when": "later", "day": "2026-11-27", "time": "09:00"}
    page = browser.post("/posts/new/", {**said, "every": "week", "times": "1", "do": "go"})
    assert page.status_code == 422
    assert not Post.objects.exists()
    page = browser.post("/posts/new/", {**said, "when": "now", "every": "week", "do": "go"})
    assert page.status_code == 422
    page = browser.post("/posts/new/", {**said, "every": "week", "times": "3", "do": "go"}, follow=True)
    shown = page.content.decode()
    assert "Every week at " in shown
    series = Series.objects.get()
    assert (series.times, series.state) == (3, "running")
    month = browser.get("/calendar/2026/12/").content.decode()
    assert "Elke vrijdag" in month
    page = browser.post(f"/posts/series/{series.pk}/pause/", follow=True)
    assert "Paused" in page.content.decode()
    page = browser.post(f"/posts/series/{series.pk}/go-on/", follow=True)
    assert "Comes back" in page.content.decode()
    browser.post(f"/posts/series/{series.pk}/stop/")
    series.refresh_from_db()
    assert series.state == "ended"
