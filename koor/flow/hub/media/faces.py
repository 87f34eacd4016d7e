"""The child process that looks for faces: `python -I -m koor.flow.hub.media.faces PICTURE`.

It proposes, and misses faces: a person looks. Writes one line of JSON to standard output: {"faces": [[left, top,
wide, high], …]} in parts of the picture. OpenCV is optional; it is imported only after the process is shut in."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from typing import Any

from koor.flow.hub.media import sandbox
from koor.flow.hub.media.boxes import MOST, Box, box, overlap, roomy

MEMORY = 512 * 1024 * 1024
PROCESSOR_SECONDS = 8
WRITTEN = 1_000_000
LOOKED_AT = 1600  # the longer side of the picture in which is looked
SMALLEST_FACE = 28  # dots of that
STEP, NEIGHBOURS = 1.1, 4
CASCADE = "haarcascade_frontalface_alt2.xml"


def can_look() -> bool:
    """Whether the optional package is there."""
    return find_spec("cv2") is not None


def main(source: str) -> int:
    sandbox.die_with_parent()
    shut = sandbox.close_in(memory=MEMORY, seconds=PROCESSOR_SECONDS, written=WRITTEN)
    sys.stdout.write(json.dumps({"faces": look(source), "shut": shut}) + "\n")
    sys.stdout.flush()
    return 0


def look(source: str) -> list[Box]:
    """Largest first. Raises OSError when the picture can't be read."""
    import cv2
    from cv2.data import haarcascades

    cv2.setNumThreads(1)
    grey = cv2.imread(source, cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise OSError("the picture can't be read")
    longest = max(grey.shape)
    if longest > LOOKED_AT:
        scale = LOOKED_AT / longest
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    finder: Any = cv2.CascadeClassifier(haarcascades + CASCADE)
    least = (SMALLEST_FACE, SMALLEST_FACE)
    found = finder.detectMultiScale(cv2.equalizeHist(grey), STEP, NEIGHBOURS, minSize=least)
    high, wide = grey.shape
    return _apart([(int(x) / wide, int(y) / high, int(w) / wide, int(h) / high) for x, y, w, h in found])


def _apart(found: list[tuple[float, float, float, float]]) -> list[Box]:
    """Each place once, with some room around it."""
    boxes: list[Box] = []
    for one in sorted(found, key=lambda one: -one[2] * one[3]):
        place = box(*one)
        if place is not None and all(overlap(roomy(place), other) < 0.5 for other in boxes):
            boxes.append(roomy(place))
    return boxes[:MOST]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
