"""Grading a quiz, and which step of autonomy was earned. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass

PASS_SHARE = 0.8  # of a lesson's questions
PRACTISED = 2  # posts on the practice stage before the first step
READ_BY_BUDDY = 3  # posts that a buddy approved before the second


@dataclass(frozen=True)
class Grade:
    right: int
    of: int

    @property
    def passed(self) -> bool:
        return self.right >= self.of * PASS_SHARE


def grade(answers: Sequence[int | None], right: Sequence[int]) -> Grade:
    """How many answers are right; a missing answer is not. Both in the order of the questions."""
    return Grade(sum(given == wanted for given, wanted in zip(answers, right, strict=True)), len(right))


@dataclass(frozen=True)
class Need:
    """One thing that a step asks: `done` of `of`."""

    kind: str  # lessons, practice, buddy
    done: int
    of: int

    @property
    def met(self) -> bool:
        return self.done >= self.of


@dataclass(frozen=True)
class Step:
    """The next step of autonomy and what it asks."""

    to: str
    needs: tuple[Need, ...]

    @property
    def earned(self) -> bool:
        return all(need.met for need in self.needs)


def next_step(autonomy: str, *, passed: int, lessons: int, practised: int, read_by_buddy: int) -> Step | None:
    """What comes after this autonomy; None for who is on their own already."""
    learnt = Need("lessons", min(passed, lessons), lessons)
    if autonomy == "practise":
        return Step("buddy", (learnt, Need("practice", min(practised, PRACTISED), PRACTISED)))
    if autonomy == "buddy":
        return Step("own", (learnt, Need("buddy", min(read_by_buddy, READ_BY_BUDDY), READ_BY_BUDDY)))
    return None
