"""Whom work suits: reasons, room, turns, and what somebody wants less of."""

from koor.flow.publishing.logic import suits
from koor.flow.publishing.logic.suits import Colleague, Work

SCHOOL = Work(
    maker=1, discipline=7, discipline_name="Air", project=3, project_name="De Esch", contacts=frozenset({5}),
    words=frozenset({"ventilatie", "school", "warmtepompen"}), tags=frozenset({"school"}),
)  # fmt: skip


def who(colleagues: list[Colleague], **more: int) -> list[int]:
    return [pk for pk, _reasons in suits.chosen(colleagues, SCHOOL, **{"a_week": 2, **more})]


def test_every_reason_is_told_the_strongest_first() -> None:
    one = Colleague(2, 7, frozenset({"warmtepomp", "lassen"}), frozenset({3}), frozenset({5, 6}), has_place=True)
    assert suits.reasons_for(one, SCHOOL) == [
        ("project", "De Esch"),
        ("knows", "5"),
        ("skill", "warmtepomp"),
        ("discipline", "Air"),
        ("place", ""),
    ]


def test_nobody_gets_it_without_a_reason_nor_its_maker() -> None:
    assert who([Colleague(2), Colleague(1, 7), Colleague(3, 7)]) == [3]


def test_who_had_their_share_this_week_is_left_in_peace() -> None:
    assert who([Colleague(2, 7, this_week=2), Colleague(3, 7, this_week=1)]) == [3]
    assert who([Colleague(2, 7)], a_week=0) == []


def test_turns_go_round() -> None:
    assert who([Colleague(2, 7, lately=4), Colleague(3, 7), Colleague(4, 7, lately=1)], room=2) == [3, 4]


def test_fewer_of_that_kind() -> None:
    less = frozenset({("tag", "school")})
    assert who([Colleague(2, 7, less=less), Colleague(3, 7, frozenset({"ventilatie"}), less=less)]) == [3]
    assert who([Colleague(2, 7, less=frozenset({("never", "")}))]) == []
    assert who([Colleague(2, 7, lately=2, less=frozenset({("often", "")}))]) == []
    assert who([Colleague(2, 7, lately=1, less=frozenset({("often", "")}))]) == [2]
