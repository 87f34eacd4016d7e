"""The tree speaks of Koor alone, in words that people read."""

import re

import pytest
from django.utils import translation

from koor.ground.governance.permissions import declared
from tests.architecture.house import ROOMS, ROOT, name, said, tracked

# In two halves, so that this file may be read by the rule as well
ELSEWHERE = [
    ("a maker's tool", r"\b(?:cla" r"ude|anthr" r"opic|chat" r"gpt|open" r"ai|co" r"pilot)\b"),
    ("a maker's tool", r"\b(?:sub)?ag" r"ents?\b(?<!user.agent)(?<!user.agents)"),
    ("a place on one machine", r"(?<![\w.])/(?:wo" r"rk|home/\w+)/"),
    ("a place on one machine", r"\bwork" r"trees?\b"),
    ("an address of packages", r"\b(?:pypi\.org|python" r"hosted|registry\.npmjs|proxy\.golang|deb\.debian\.org)"),
    ("the paper of the commission", r"\bshared (?:pages|folder)\b|\b(?:this|the|our) issu" r"e\b"),
    ("a marker of unfinished work", r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b"),
]  # fmt: skip
TEXT = {
    ".py",
    ".md",
    ".html",
    ".txt",
    ".toml",
    ".css",
    ".js",
    ".po",
    ".in",
    ".sh",
    ".yml",
    ".yaml",
    ".json",
    ".xml",
    ".svg",
    "",
}

LOCK = "package-lock.json"  # names of others, as they chose them


@pytest.mark.parametrize(("what", "pattern"), ELSEWHERE)
def test_nothing_speaks_of_elsewhere(what: str, pattern: str) -> None:
    wanted = re.compile(pattern, re.IGNORECASE if what != "a marker of unfinished work" else 0)
    found = [
        f"{said(path)}:{number} {line.strip()[:100]}"
        for path in tracked()
        if path.suffix in TEXT and path.name != LOCK and path.stat().st_size < 1_000_000
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), 1)
        if wanted.search(line)
    ]
    assert not found, "\n".join([what, *found])


def test_no_big_file_is_kept() -> None:
    assert [said(path) for path in tracked() if path.stat().st_size > 1_000_000] == []


def test_every_permission_speaks_dutch() -> None:
    with translation.override("en"):
        english = {permission.key: str(permission.label) for permission in declared()}
    with translation.override("nl"):
        dutch = {permission.key: str(permission.label) for permission in declared()}
    assert english
    spoken = {name(room) for room in ROOMS if (ROOT / "koor" / room / "locale").exists()}
    silent = [key for key, label in english.items() if not label.strip() or dutch[key] == label]
    assert [key for key in silent if key.split(".")[0] in spoken] == []


def test_a_permission_is_named_after_its_room() -> None:
    rooms = {path.parent.name for path in tracked() if path.name == "apps.py"}
    assert [one.key for one in declared() if one.key.split(".")[0] not in rooms] == []
    assert (ROOT / "pyproject.toml").exists()
