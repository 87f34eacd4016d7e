"""The parent's side of cutting: hands a clean picture of the house to the child process and reads its answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from koor.flow.hub.media.crops import Box
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.hub.media.renditions import surroundings

SECONDS = 20.0  # on the clock


def cut(source: Path, folder: Path, box: Box) -> Path:
    """A JPEG of that part of `source`, in `folder`. Raises `MediaTrouble` when it could not be made."""
    target = folder / "cut.jpg"
    sides = [str(side) for side in box]
    command = [sys.executable, "-I", "-m", "koor.flow.hub.media.cutter", str(source), str(target), *sides]
    try:
        done = subprocess.run(
            command, capture_output=True, cwd=folder, env=surroundings(folder), timeout=SECONDS, check=False
        )
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise MediaTrouble(f"The picture was not cut: {error}") from error
    if "cut" not in said:
        raise MediaTrouble(f"The picture was not cut: {said.get('refused')}")
    return target
