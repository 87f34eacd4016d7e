"""The child process: `python -I -m koor.flow.hub.media.cutter SOURCE TARGET LEFT TOP WIDTH HEIGHT`.

Cuts one clean picture of the house to a shape and writes one line of JSON to standard output, as the worker does.
Pictures of the house are clean already, but a decoder is a decoder: it works shut in."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from koor.flow.hub.media import sandbox
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.media.worker import MEMORY, PROCESSOR_SECONDS, WRITTEN


def main(source: str, target: str, *sides: str) -> int:
    """0 whenever there is an answer, also a refusal."""
    sandbox.die_with_parent()
    sandbox.close_in(memory=MEMORY, seconds=PROCESSOR_SECONDS, written=WRITTEN)
    try:
        answer: dict[str, object] = cut(source, Path(target), *(int(side) for side in sides))
    except MemoryError:
        answer = {"refused": Reason.TOO_HEAVY.value}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    return 0


def cut(source: str, target: Path, left: int, top: int, width: int, height: int) -> dict[str, object]:
    import pyvips

    try:
        part = pyvips.Image.new_from_file(source).crop(left, top, width, height)
        part.write_to_file(f"{target}[Q=88,optimize_coding=true,keep=none]")
    except pyvips.Error:
        return {"refused": Reason.BROKEN.value}
    return {"cut": {"width": part.width, "height": part.height}}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:7]))
