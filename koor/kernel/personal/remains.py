"""What an erasure leaves, known beforehand: a name that could be anybody's or any word in the texts of others, and what
of ours stands on platforms too."""

from __future__ import annotations

from koor.kernel import together
from koor.kernel.personal import Subject, finding, words

TAKEN, OURS, SHORT, WORD = "taken", "ours", "short", "word"


def names(subject: Subject) -> list[tuple[str, str]]:
    """Names that stay in texts of others, with why."""
    found = ((name, _why(subject, name)) for name in sorted({subject.name, *subject.names}))
    return [(name, why) for name, why in found if why]


def _why(subject: Subject, name: str) -> str:
    if name not in subject.names:
        return TAKEN
    if not words.names_one(name):
        return SHORT
    if name.lower() in subject.ours:
        return OURS
    return "" if words.goes_out(name) else WORD


def elsewhere(subject: Subject) -> list[str]:
    """Addresses on platforms of what we said to this person or about them, latest first."""
    asked = [*finding.about_them(subject), *finding.naming_them(subject)]
    rows = [
        found.exclude(**{one.elsewhere: ""}).exclude(**{f"{one.elsewhere}__isnull": True}).order_by("-pk")
        for one, found in asked
        if one.elsewhere
    ]
    ways = [one.elsewhere for one, _found in asked if one.elsewhere]
    said = together.lists(*(each.values_list(way) for each, way in zip(rows, ways, strict=True)))
    return list(dict.fromkeys(address for found in said for (address,) in found))
