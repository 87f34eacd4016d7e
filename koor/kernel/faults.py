"""Named points at which a test kills the process, as a power cut would. In a real house they do nothing.

A test starts a child with `KOOR_FAULT=publishing.after_send`; the process ends there by SIGKILL, the first time that it
comes by. `KOOR_FAULT=publishing.after_send:3` waits for the third time; several points are separated by commas."""

import os
import signal

_passed: dict[str, int] = {}


def fault(point: str) -> None:
    """Die here, when the environment asks for it."""
    wanted = os.environ.get("KOOR_FAULT")
    if not wanted:
        return
    _passed[point] = _passed.get(point, 0) + 1
    for one in wanted.split(","):
        name, _, times = one.partition(":")
        if name == point and _passed[point] == int(times or 1):
            os.kill(os.getpid(), signal.SIGKILL)
