"""Every deed that leaves a line in the audit trail reads as a sentence."""

import ast
from collections.abc import Iterator

from koor.kernel import audit
from tests.architecture.house import code, parsed, said


def verbs() -> Iterator[tuple[str, str]]:
    """The verbs that stand as plain text in a call of `audit.record`, and where."""
    for path in code():
        for node in ast.walk(parsed(path)):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in {"audit.record", "record"}):
                continue
            for keyword in node.keywords:
                if keyword.arg == "verb":
                    yield from ((one.value, said(path)) for one in ast.walk(keyword.value) if _is_verb(one))


def _is_verb(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value.strip(".")


def test_every_deed_reads_as_a_sentence() -> None:
    found = dict(verbs())
    assert len(found) > 50
    silent = {verb: where for verb, where in found.items() if verb not in audit._sayings}
    assert silent == {}
