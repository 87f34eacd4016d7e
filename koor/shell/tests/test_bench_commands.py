"""What the measurements found is told in words by the installed command, which has no source tree beside it."""

import subprocess
import sys
from pathlib import Path

FOUND = {
    "goals": {"posts": 5000, "ms": 300, "queries": 15, "csv_s": 10},
    "pages": [{"page": "/calendar/", "ms": 120.5, "queries": 6, "bytes": 9000}],
    "csv": {"rows": 500, "preview_s": 0.04, "all_s": 0.1},
    "rolling": {"agreements": 10000, "slots": 81428, "first_s": 11.7, "again": 0, "again_s": 3.7},
}


def test_the_calendar_is_told_without_the_source_tree(tmp_path: Path) -> None:
    asked = f"from koor.shell.command_line.bench_calendar import words; print(words({FOUND}))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert "a month with 5,000 posts" in done.stdout
    assert "81,428 places" in done.stdout
