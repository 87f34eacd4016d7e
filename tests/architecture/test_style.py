"""One stylesheet for all rooms: a component has its name for itself."""

import re
from collections import Counter

from koor.kernel.icons import ICONS
from tests.architecture.house import ROOT

COMPONENT = re.compile(r"^  \.([a-z][\w-]*) \{", re.MULTILINE)  # at the beginning of a line of a layer
DRAWN = re.compile(r'''\{% icon "([a-z0-9-]+)"|\bicon="([a-z0-9-]+)"''')


def test_a_component_is_drawn_in_one_place() -> None:
    """Two rooms that take the same word for different things would each change the other's pages."""
    drawn = Counter(COMPONENT.findall((ROOT / "koor/shell/static/shell/koor.css").read_text()))
    assert {name for name, times in drawn.items() if times > 1} == set()
    assert drawn["gallery"] == 1


def test_every_icon_is_drawn() -> None:
    """Also those of pages that nobody opens in a test, such as an empty list."""
    texts = [path.read_text() for end in ("*.html", "*.py") for path in (ROOT / "koor").rglob(end)]
    asked = {one or other for text in texts for one, other in DRAWN.findall(text)}
    assert asked - set(ICONS) == set()
    assert "back" in asked
