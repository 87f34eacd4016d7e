"""How long to wait before a line is opened again. Pure: chance is given."""

from __future__ import annotations

FIRST, LONGEST = 1.0, 300.0  # seconds
NO_STREAM = 3600.0  # the server has none, or does not let us: it is asked now and then
STEADY = 60.0  # seconds after which a line counts as having stood


def wait_after(failures: int, chance: float) -> float:
    """Twice as long after each failure, and never just when all others come back too: half to all of it by chance."""
    return float(min(FIRST * 2.0 ** min(failures, 20), LONGEST) * (0.5 + chance / 2))


def wait_after_answer(status: int, failures: int, retry_after: int | None, chance: float) -> float:
    """After an answer that opened no line, at least as long as the server asks."""
    if status in (400, 401, 403, 404, 405, 406, 410, 426, 501):
        return NO_STREAM * (0.5 + chance / 2)
    return max(wait_after(failures, chance), float(min(retry_after or 0, NO_STREAM)))
