"""Promises: how sure the learner must be before it answers by itself, from how it did on the last corrections."""

from __future__ import annotations

import math
from collections.abc import Sequence

ENOUGH = 200  # corrections before it answers anything by itself
WINDOW = 1_000  # the last corrections that count
FEWEST = 60  # of them above a threshold
CAUTION = 3.0  # standard deviations kept aside for chance
STEPS = 40


def threshold(answers: Sequence[tuple[float, bool]], promise: float) -> float | None:
    """How sure it must be so that the promise holds, or None when nothing does: then it only proposes.

    `answers` are the corrections in order: how sure the learner was before it was told, and whether it was right."""
    if len(answers) < ENOUGH:
        return None
    last = sorted(answers[-WINDOW:], reverse=True)
    best, right = None, 0
    step = max(len(last) // STEPS, 1)
    for number, (sure, was_right) in enumerate(last, 1):
        right += was_right
        if number < FEWEST or (number % step and number != len(last)):
            continue
        if number < len(last) and last[number][0] == sure:
            continue  # as sure as the next one: no threshold lies between them
        if at_least(right, number) >= promise:
            best = sure
    return best


def at_least(right: int, number: int) -> float:
    """The share that is right, less what chance may have given (Wilson's lower bound)."""
    if not number:
        return 0.0
    share, square = right / number, CAUTION**2
    middle = share + square / (2 * number)
    swing = CAUTION * math.sqrt(share * (1 - share) / number + square / (4 * number**2))
    return (middle - swing) / (1 + square / number)
