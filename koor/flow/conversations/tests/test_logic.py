"""The small decisions: which mentions become conversations, since when somebody waits, what a text looks like."""

import itertools
from datetime import UTC, datetime, time, timedelta

import pytest

from koor.flow.conversations import logic

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ours", "addressed", "kind", "label"),
    list(
        itertools.product(
            [False, True],
            [False, True],
            ["mention", "reply", "direct", "hashtag", "article", "boost", "follow"],
            ["", "aha", "ohoh", "noise"],
        )
    ),
)
def test_wants_conversation(ours, addressed, kind, label):
    wanted = logic.wants_conversation(ours=ours, addressed=addressed, kind=kind, label=label)
    if ours or label == "noise":
        assert not wanted
    elif label:
        assert wanted
    else:
        assert wanted == (addressed and kind in {"mention", "reply", "direct"})


def test_waits_since_it_was_said_unless_it_was_brought_in_much_later():
    assert logic.waiting_from(NOW - timedelta(hours=2), NOW) == NOW - timedelta(hours=2)
    assert logic.waiting_from(NOW - timedelta(days=400), NOW) == NOW
    assert logic.waiting_from(NOW + timedelta(hours=2), NOW) == NOW  # a clock that runs ahead


def test_preview_is_one_line():
    assert logic.preview("Dag\n  Henk,\n\n\tal weer koud") == "Dag Henk, al weer koud"
    assert logic.preview("Lekkage\n\nDag Henk,\n\nHet drupt.") == "Lekkage. Dag Henk, Het drupt."
    assert len(logic.preview("woord " * 200_000)) <= logic.PREVIEW
    assert logic.preview("") == ""


def test_clean_leaves_no_control_characters():
    assert logic.clean(" a\x00b\r\nc\rd\x1b[31m ") == "ab\nc\nd[31m"
    assert logic.clean("👩🏽‍🔧 ok") == "👩🏽‍🔧 ok"


def test_later_is_a_moment_of_a_working_day():
    late = datetime(2026, 11, 24, 15, 45, tzinfo=UTC)
    said = {choice: logic.snooze_until(choice, late, time(9)) for choice in ("hour", "afternoon", "monday")}
    assert (said["hour"], said["afternoon"]) == (late + timedelta(hours=1), late + timedelta(hours=2))
    assert said["monday"] == datetime(2026, 11, 30, 9, tzinfo=UTC)
