"""Questions that are asked again and again, found among three hundred messages written for this.

Twenty questions are asked five times each, in other words each time; two hundred messages say something else, some of
them a question that nobody else asks. `asked_again/tuned.txt` was used to choose how alike they must be; `kept.txt` not.

    koor bench questions"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from koor.flow.listening.logic import asked

HERE = Path(__file__).parent / "asked_again"
GOALS = {"found": 17, "false": 3}
MOSTLY, ENOUGH = 0.7, 3  # of a group belongs to one question, so many of its five


def messages(*halves: str) -> list[tuple[str, str]]:
    """Which question it asks (or a dash), and what was said."""
    lines = [line for half in halves for line in (HERE / f"{half}.txt").read_text(encoding="utf-8").splitlines()]
    pairs = (line.split(" | ", 1) for line in lines)
    return [(key, text) for key, text in pairs]


def found_in(said: list[tuple[str, str]], alike: float = asked.ALIKE) -> dict[str, Any]:
    """How many of the questions are found, and how many groups are none: of several questions, of what is asked once,
    or a second one for the same."""
    questions = [one for at, (_key, text) in enumerate(said) for one in asked.questions_in(at, text)]
    met: Counter[str] = Counter()
    false = []
    for group in asked.grouped(questions, alike):
        inside = Counter(said[one][0] for one in {member.key for member in group.members})
        key, number = inside.most_common(1)[0]
        if key != "-" and number >= ENOUGH and number >= MOSTLY * inside.total() and not met[key]:
            met[key] += 1
        else:
            false.append(group.members[0].text)
    planted = {key for key, _text in said if key != "-"}
    return {"messages": len(said), "planted": len(planted), "found": len(met), "false": len(false),
            "missed": sorted(planted - set(met)), "false_groups": false}  # fmt: skip


def run() -> dict[str, Any]:
    begun = time.process_time()
    halves = {half: found_in(messages(half)) for half in ("tuned", "kept")}
    whole = found_in(messages("tuned", "kept"))
    return {"halves": halves, "whole": whole, "goals": GOALS, "cpu_seconds": round(time.process_time() - begun, 2)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.parse_args()
    print(json.dumps(run()))
