"""Figures that answer a question."""

from datetime import date, timedelta

from koor.growth.insight import logic
from koor.growth.insight.logic import Answered, Part, Summary

HOUR = timedelta(hours=1)


def answered(*minutes: float) -> Answered:
    return Answered(tuple(timedelta(minutes=m) for m in minutes))


def summary(**changes: object) -> Summary:
    plain: dict[str, object] = {
        "posts": 10, "own_voice": 2, "answers": answered(10, 20, 30), "carried": 50, "colleagues": 60, "parts": (),
    }  # fmt: skip
    return Summary(**(plain | changes))  # type: ignore[arg-type]


def test_waits_fall_in_buckets_with_both_ends_in() -> None:
    found = dict(answered(15, 15.1, 60, 240, 1440, 1441).buckets)
    assert found == {"quarter": 1, "hour": 2, "four_hours": 1, "day": 1, "later": 1}


def test_half_waited_less() -> None:
    assert answered(10, 30, 500).half_within == timedelta(minutes=30)
    assert answered().half_within is None
    assert answered(10, 30, 500).within_hour == 2


def test_months_follow_each_other() -> None:
    assert logic.month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert logic.month_before(date(2026, 1, 1)) == date(2025, 12, 1)


def test_twelve_weeks_end_with_the_present_one() -> None:
    weeks = logic.weeks_until(date(2026, 11, 24))
    assert (len(weeks), weeks[-1], weeks[0]) == (12, date(2026, 11, 23), date(2026, 9, 7))


def test_participation_is_counted_by_group_and_week() -> None:
    monday = date(2026, 11, 23)
    group_of = dict.fromkeys(range(6), "Installers") | dict.fromkeys(range(6, 8), "Sales")
    sizes = {"Installers": 6, "Sales": 2}
    (part,) = logic.taking_part(
        [("Installers", "Sales")], sizes, group_of, [0, 0, 6, 99], {monday: {0, 6}, monday - timedelta(7): {1}},
        [monday - timedelta(7), monday],
    )  # fmt: skip
    assert (part.took_part, part.of, part.weeks) == (2, 8, (1, 2))


def test_a_curve_stays_inside_its_drawing() -> None:
    points = logic.curve([0, 5, 10], 10, 170, 78)
    assert points[0] == (2, 76)
    assert all(0 <= x <= 170 and 6 <= y <= 76 for x, y in points)


def keys(now: Summary, before: Summary) -> list[str]:
    return [remark.key for remark in logic.remarks(now, before)]


def test_what_stands_out_is_said_once_each() -> None:
    assert keys(summary(), summary()) == ["soon", "posts", "story"]
    assert keys(summary(answers=answered(90, 90)), summary()) == ["slower", "posts", "story"]
    assert keys(summary(answers=answered(90, 90)), summary(answers=answered(90))) == ["late", "posts", "story"]
    assert keys(summary(posts=0), summary()) == ["soon", "silent", "story"]
    assert keys(summary(posts=5), summary()) == ["soon", "fewer_posts", "story"]
    assert keys(summary(carried=20), summary()) == ["soon", "posts", "story_low"]
    assert keys(summary(answers=answered(), carried=0), summary()) == ["posts"]


def test_a_group_that_stands_apart_is_named_and_an_even_house_is_not() -> None:
    apart = (Part(("Installers",), 12, 24, ()), Part(("Design",), 1, 8, ()))
    even = (Part(("Installers",), 12, 24, ()), Part(("Design",), 4, 8, ()))
    assert "quiet_group" in keys(summary(parts=apart), summary())
    assert "quiet_group" not in keys(summary(parts=even), summary())
    assert "quiet_group" not in keys(summary(parts=apart[:1]), summary())


def test_buckets_have_bounds_and_dots_stand_in_rows() -> None:
    assert logic.bounds("quarter") == (None, timedelta(minutes=15))
    assert logic.bounds("hour") == (timedelta(minutes=15), timedelta(hours=1))
    assert logic.bounds("later") == (timedelta(days=1), None)
    assert logic.dots(19)[17:] == [(312, 6), (6, 24)]
    assert logic.dots(181) == []


def test_a_month_without_own_voices_is_not_told_as_nought_of_them() -> None:
    keys = [one.key for one in logic.remarks(summary(own_voice=0), summary())]
    assert "posts_of_the_house" in keys
    assert "posts" not in keys
