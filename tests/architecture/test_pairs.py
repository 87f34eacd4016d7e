"""What has two ends has both: a slot that a page opens is filled, and a fact that is told is heard."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import code, parsed, tracked

OPENS = re.compile(r'\{% panels "([^"]+)"')


def opened() -> set[str]:
    pages = (path for path in tracked() if path.suffix == ".html" and "koor" in path.parts)
    return {slot for path in pages for slot in OPENS.findall(path.read_text())}


def called(name: str) -> Iterator[ast.Call]:
    """Calls of this name, also as a decorator or of a module: `hears(…)`, `events.hears(…)`."""
    for path in code():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
                yield node


def test_a_slot_that_is_opened_is_filled() -> None:
    filled = {call.args[0].value for call in called("panel") if isinstance(call.args[0], ast.Constant)}
    assert len(filled) > 20
    assert opened() == filled


def facts() -> set[str]:
    """The classes in the rooms' `events.py`."""
    files = (path for path in code() if path.name == "events.py" and "kernel" not in path.parts)
    return {node.name for path in files for node in parsed(path).body if isinstance(node, ast.ClassDef)}


def test_a_fact_that_is_told_is_heard() -> None:
    heard = {ast.unparse(call.args[0]).rpartition(".")[2] for name in ("hears", "hears_all") for call in called(name)}
    assert len(heard) > 20
    assert facts() - heard == set(), "nobody above wants to know: tell nothing"
