"""The hard limit of a step that may not happen later: when its time is over, the process ends.

A worker that was paused (a laptop that slept, a machine under load) would go on where it was and do what others have
dealt with since. So a timer of the system runs along; on waking the process dies before its next line. That ends
everything in it, so it counts only in a process that said `may_end_this_process` and does one thing at a time."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_armed = False


def may_end_this_process() -> None:
    """Called once by a worker that does one job at a time, in its main thread. Elsewhere limits do nothing."""
    global _armed
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the default ends the process, without a line of ours
    _armed = True


class HardLimit:
    """The running timer of one step."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def renew(self) -> None:
        """The whole time again, for the next piece of a long step that is harmless."""
        if _armed:
            signal.setitimer(signal.ITIMER_REAL, self.seconds)


@contextmanager
def hard_limit(seconds: float) -> Iterator[HardLimit]:
    """The process ends when the block takes longer than this."""
    limit = HardLimit(seconds)
    limit.renew()
    try:
        yield limit
    finally:
        if _armed:
            signal.setitimer(signal.ITIMER_REAL, 0)
