"""No journey hangs. Of what Playwright does, asking a page and closing a context have no limit of their own, and a
browser does not always answer: then it is ended, and what waits for it fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Timer

LONGEST = 120.0  # seconds that a journey may take; the walk through all pages asks for more
CLOSING = 5.0


@contextmanager
def patience(seconds: float) -> Iterator[Event]:
    """Ends the browsers of this process when the block takes longer; the event tells that they were."""
    ended = Event()

    def end() -> None:
        ended.set()
        end_browsers()

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield ended
    finally:
        timer.cancel()


def end_browsers() -> None:
    for process in _browsers():
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _browsers() -> list[int]:
    """Children of Playwright's driver, a child of this process, and what those begin; the rest goes with them."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    drivers = {process for process, parent in parents.items() if parent == os.getpid()}
    started = {process for process, parent in parents.items() if parent in drivers}
    behind = {process for process, parent in parents.items() if parent in started}  # Debian's is begun by a shell
    return [process for process in started | behind if _is_browser(process)]


def _is_browser(process: int) -> bool:
    try:
        return b"--remote-debugging-pipe" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
