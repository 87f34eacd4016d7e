"""A plan as a spreadsheet has it: which column is what, in Dutch and English, and what a row says. No Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from koor.ground.people.logic.lists import day_of

COLUMNS = {
    "day": ("day", "dag", "date", "datum"),
    "time": ("time", "tijd", "at", "om"),
    "title": ("what", "wat", "title", "titel", "onderwerp", "subject"),
    "content": ("kind", "soort", "type"),
    "who": ("who", "wie", "colleague", "collega", "e-mail", "email", "naam", "name"),
    "channel": ("where", "waar", "channel", "kanaal", "account"),
    "campaign": ("campaign", "campagne", "part of", "hoort bij", "event", "evenement", "beurs"),
    "project": ("project",),
}
FORMULA = ("=", "+", "-", "@")


@dataclass
class Entry:
    """One place on the list. `problems` are codes with what was read; the words for them are the page's."""

    number: int
    day: str = ""  # ISO
    time: str = ""  # HH:MM
    title: str = ""
    content: str = ""
    who: str = ""
    channel: str = ""
    campaign: str = ""
    project: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)


def entry(number: int, values: Mapping[str, str], kinds: Mapping[str, str]) -> Entry:
    """What one row says; `values` by our own names of columns, `kinds` by how they are written, folded."""
    said = {key: as_text(" ".join(value.split())) for key, value in values.items()}
    found = Entry(number, title=said.get("title", ""), content="other")
    for name in ("who", "channel", "campaign", "project"):
        setattr(found, name, said.get(name, ""))
    day = day_of(said.get("day", ""))
    if day is None or not 2000 <= day.year <= 2100:
        found.problems.append(("day", said.get("day", "")))
    else:
        found.day = day.isoformat()
    _time(found, said.get("time", ""))
    if word := said.get("content", ""):
        found.content = kinds.get(word.lower(), "other")
        if word.lower() not in kinds:
            found.problems.append(("content", word))
    if not found.title:
        found.problems.append(("empty", ""))
    if len(found.title) > 160:
        found.problems.append(("long", found.title[:40]))
    return found


def as_text(cell: str) -> str:
    """What a careful program wrote as '=… is =… again: here it is text and nothing runs it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


def _time(found: Entry, word: str) -> None:
    if not word:
        return
    for form in ("%H:%M", "%H.%M", "%H:%M:%S", "%H"):
        try:
            found.time = datetime.strptime(word.removesuffix("u").strip(), form).strftime("%H:%M")  # noqa: DTZ007
            return
        except ValueError:
            continue
    found.problems.append(("time", word))
