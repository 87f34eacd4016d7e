"""Pure decisions about colleagues: who stands in."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from koor.kernel.normal import normal

STAND_IN_STEPS = 5  # a stand-in who is away has a stand-in too; longer chains help nobody


def stand_in(absent: int, away: Mapping[int, int | None]) -> int | None:
    """Who is there for somebody away, following stand-ins who are away too. `away`: person → their stand-in.

    Nobody when the person is there, or the chain ends at someone away, goes round or is too long."""
    present = absent
    seen = {absent}
    for _step in range(STAND_IN_STEPS):
        following = away.get(present)
        if following is None or following in seen:
            return None
        if following not in away:
            return following
        seen.add(following)
        present = following
    return None


def one_line(text: str) -> str:
    """What was typed in a one-line field: no line breaks, no doubled spaces, no invisible controls."""
    visible = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cs"} or c in "\t\n\r")
    return " ".join(visible.split())


def many_lines(text: str) -> str:
    """What was typed in a larger field: its lines kept, its invisible controls not."""
    visible = "".join(
        c for c in text.replace("\r\n", "\n") if unicodedata.category(c) not in {"Cc", "Cs"} or c in "\t\n"
    )
    return visible.strip()


def slug(name: str) -> str:
    """A name for in addresses: `Ontwerp & advies` gives `ontwerp-advies`."""
    plain = normal(name, "NFKD").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70]


def monday_of(day: date) -> date:
    """The Monday of the week that a day is in."""
    return day - timedelta(days=day.weekday())


def on_turn(order: Sequence[int], first_week: date, day: date) -> int | None:
    """Whose week it is on a day; the order goes round. Nobody before it begins, or without order."""
    weeks = (monday_of(day) - monday_of(first_week)).days // 7
    return order[weeks % len(order)] if order and weeks >= 0 else None
