"""How much processor a house that runs takes, by its parts, as Linux counts it."""

import os
from collections import defaultdict
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PARTS = {"--only other": "worker", "--only sending": "sender", "granian": "web"}


def spent(house: int, home: Path) -> dict[str, float]:
    """Seconds of processor until now: web, worker, sender, database, and what else the house runs. Processes that ended
    count with whoever waited for them."""
    found: dict[str, float] = defaultdict(float)
    first = int(next(home.glob("**/postmaster.pid")).read_text().split("\n", 1)[0])
    parents = {int(place.name): _parent(place) for place in Path("/proc").iterdir() if place.name.isdigit()}
    for number in parents:
        if _is_under(number, first, parents):
            found["database"] += _seconds(number)
        elif _is_under(number, house, parents):
            found[_part(number)] += _seconds(number)
    return found


def database(home: Path) -> float:
    """Of the embedded database alone."""
    return spent(0, home)["database"]


def _is_under(number: int, top: int, parents: dict[int, int]) -> bool:
    while number > 1:
        if number == top:
            return True
        number = parents.get(number, 0)
    return False


def _part(number: int) -> str:
    try:
        command = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return "other"
    return next((part for said, part in PARTS.items() if said in command), "other")


def _stat(place: Path) -> list[str]:
    try:
        return (place / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _parent(place: Path) -> int:
    found = _stat(place)
    return int(found[1]) if found else 0


def _seconds(number: int) -> float:
    """Its own, and those of its children that ended."""
    found = _stat(Path(f"/proc/{number}"))
    return sum(map(int, found[11:15])) / TICK if found else 0.0
