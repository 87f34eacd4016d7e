"""Grades, and what each step of autonomy asks."""

from koor.growth.academy import logic


def test_four_of_five_is_enough_and_three_is_not() -> None:
    assert logic.grade([0, 1, 0, 1, 9], [0, 1, 0, 1, 0]).passed
    assert not logic.grade([0, 1, 0, 9, None], [0, 1, 0, 1, 0]).passed


def test_practise_asks_lessons_and_the_practice_stage() -> None:
    step = logic.next_step("practise", passed=3, lessons=3, practised=1, read_by_buddy=0)
    assert step
    assert step.to == "buddy"
    assert not step.earned
    more = logic.next_step("practise", passed=3, lessons=3, practised=5, read_by_buddy=0)
    assert more
    assert more.earned
    assert [need.done for need in more.needs] == [3, 2]


def test_with_a_buddy_asks_posts_that_the_buddy_read() -> None:
    step = logic.next_step("buddy", passed=3, lessons=3, practised=0, read_by_buddy=3)
    assert step
    assert (step.to, step.earned) == ("own", True)


def test_on_your_own_there_is_no_next_step() -> None:
    assert logic.next_step("own", passed=0, lessons=3, practised=0, read_by_buddy=0) is None
