"""The database killed at random during thousands of posts, and a full disk that recovers by itself. All long; what
happens when connections are cut is also tried with the other faults of delivery."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def played(*given: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.disasters", *given], cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=700
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.long
def test_p19_the_database_is_killed_at_random_during_5000_posts(record_property: Callable[..., None]) -> None:
    found = played("postgres", "--posts", "5000")
    record_property("table", f"P19 {found}")
    assert found["killed"] >= 10
    assert (found["once"], found["twice"], found["lost"], found["unsettled"], found["broken"]) == (5000, 0, 0, 0, 0)


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_p20_a_full_disk_recovers_by_itself(record_property: Callable[..., None]) -> None:
    found = played("disk", "--posts", "600")
    record_property("table", f"P20 {found}")
    assert found["filled"] == 2
    assert (found["once"], found["twice"], found["lost"], found["unsettled"], found["broken"]) == (600, 0, 0, 0, 0)
