"""How well a repeat is noticed, on conversations that people labelled. A conversation begins with `= NUMBER ja` or
`nee` (has somebody to repeat?); `K:` is the customer, `W:` one of us; `#` is a remark."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from koor.flow.conversations.logic.told_again import had_to_repeat

_DAY = date(2026, 11, 24)  # nothing here depends on it


@dataclass
class Labelled:
    """One conversation with its label."""

    name: str
    repeats: bool
    talk: list[tuple[str, bool]] = field(default_factory=list)  # text, ours


def labelled(text: str) -> list[Labelled]:
    """Raises ValueError with the line that can't be read."""
    found: list[Labelled] = []
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        head = said.split()
        if said.startswith("=") and len(head) == 3 and head[2] in {"ja", "nee"}:
            found.append(Labelled(head[1], head[2] == "ja"))
        elif said[:2] in {"K:", "W:"} and found:
            found[-1].talk.append((said[2:].strip(), said[0] == "W"))
        else:
            raise ValueError(f"line {number} is neither a conversation nor a message: {said[:60]}")
    return found


def told_scores(text: str) -> dict[str, Any]:
    """Precision and recall, with the names of those seen wrongly; where nobody repeats, how many were seen to."""
    talks = labelled(text)
    if not talks:
        raise ValueError("No conversation was given.")
    seen = {one.name for one in talks if had_to_repeat(one.talk, _DAY)}
    true = {one.name for one in talks if one.repeats}
    found: dict[str, Any] = {"conversations": len(talks), "with_repeat": len(true), "noticed": len(seen)}
    if true:
        found["precision"] = round(len(seen & true) / len(seen), 3) if seen else 0.0
        found["recall"] = round(len(seen & true) / len(true), 3)
    found["missed"] = sorted(true - seen, key=lambda name: (len(name), name))
    found["false"] = sorted(seen - true, key=lambda name: (len(name), name))
    return found
