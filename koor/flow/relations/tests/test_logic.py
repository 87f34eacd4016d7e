"""The small decisions of the line."""

from datetime import UTC, date, datetime

from koor.flow.relations import logic
from koor.flow.relations.logic import Moment

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def moment(kind, day, thread):
    return Moment(kind, date(2026, 11, day), thread, AT)


def test_what_is_said_on_a_day_in_one_conversation_is_one_moment():
    moments = [
        moment("message_in", 1, "/talk/1/"),
        moment("message_out", 1, "/talk/1/"),
        moment("call", 1, ""),
        moment("call", 1, ""),
        moment("message_in", 2, "/talk/1/"),
        moment("message_in", 2, "/talk/2/"),
    ]
    assert logic.in_one(moments) == [[0, 1], [2], [3], [4], [5]]
    assert logic.in_one([]) == []


def test_one_line():
    assert logic.one_line(" a\n b ") == "a b"
    assert len(logic.one_line("x" * 1_000_000)) == 300


def test_kinds():
    assert logic.kind_of("in", "mastodon") == "message_in"
    assert logic.kind_of("out", "mastodon") == "message_out"
    assert logic.kind_of("note", "") == "note"
    assert logic.kind_of("in", "telephone") == "call"
