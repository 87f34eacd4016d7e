"""What `make coverage` asks for."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools import coverage


def report(branches: float, **missing: list[int]) -> dict[str, Any]:
    totals = {"percent_branches_covered": branches, "percent_statements_covered": 97.0}
    return {"totals": totals, "files": {name: {"missing_lines": lines} for name, lines in missing.items()}}


def test_every_line_of_who_may_what_is_done_and_what_is_decided() -> None:
    files = {
        "koor/flow/hub/access.py": [],
        "koor/flow/hub/actions/items.py": [3, 5],
        "koor/flow/calendar/actions.py": [7],
        "koor/flow/listening/logic/tree.py": [9],
        "koor/flow/hub/views/items.py": [11],
        "koor/flow/hub/transactions.py": [13],
    }
    assert coverage.missing(report(90.0, **files)) == [
        "koor/flow/calendar/actions.py: no test runs 7",
        "koor/flow/hub/actions/items.py: no test runs 3, 5",
        "koor/flow/listening/logic/tree.py: no test runs 9",
    ]


def test_nine_of_ten_branches() -> None:
    assert coverage.missing(report(89.9)) == ["branches: 89.9 % is under 90 %"]


@pytest.mark.parametrize(("branches", "code"), [(95.0, 0), (12.0, 1)])
def test_it_ends_as_it_found(tmp_path: Path, branches: float, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "coverage.json"
    file.write_text(json.dumps(report(branches)))
    assert coverage.main([str(file)]) == code
    assert f"branches {branches} %" in capsys.readouterr().out
    assert coverage.main([]) == 2
