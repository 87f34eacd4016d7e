"""One stylesheet for all rooms: a component has its name for itself."""

import re
from collections import Counter

from tests.architecture.house import ROOT

COMPONENT = re.compile(r"^  \.([a-z][\w-]*) \{", re.MULTILINE)  # at the beginning of a line of a layer


def test_a_component_is_drawn_in_one_place() -> None:
    """Two rooms that take the same word for different things would each change the other's pages."""
    drawn = Counter(COMPONENT.findall((ROOT / "koor/shell/static/shell/koor.css").read_text()))
    assert {name for name, times in drawn.items() if times > 1} == set()
    assert drawn["gallery"] == 1
