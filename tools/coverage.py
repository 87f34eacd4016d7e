"""Whether the tests run what they should: nine of ten branches, and every line of access, actions and logic.

python -m tools.coverage FILE.json     what `coverage json` wrote; exit 1 when something is missing"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

LEAST = 90.0  # per cent of the branches
WHOLE = re.compile(r"/(access|actions|logic)(\.py$|/)")  # files of which every line runs


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    found = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    print(told(found["totals"]))
    problems = missing(found)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def told(totals: dict[str, Any]) -> str:
    return f"lines {totals['percent_statements_covered']:.1f} %, branches {totals['percent_branches_covered']:.1f} %"


def missing(found: dict[str, Any]) -> list[str]:
    """What is not as it should be, a line each."""
    branches = found["totals"]["percent_branches_covered"]
    problems = [f"branches: {branches:.1f} % is under {LEAST:.0f} %"] if branches < LEAST else []
    for name, file in sorted(found["files"].items()):
        if WHOLE.search(name) and file["missing_lines"]:
            problems.append(f"{name}: no test runs {', '.join(map(str, file['missing_lines']))}")
    return problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
