"""`koor triage evaluate`: how well the learner does on a file of labelled texts."""

import argparse
import json
from pathlib import Path
from typing import Any

from koor.shell.command_line.frame import Command


def triage_evaluate(args: argparse.Namespace) -> dict[str, Any]:
    from koor.flow.listening.logic.learner import files, trial
    from koor.kernel.trouble import Trouble

    try:
        seeds = files.seeds_of(_text(args.seeds).decode("utf-8", "replace")) if args.seeds else {}
        rows = files.rows_of(_text(args.file), args.text, args.label, seeds, args.order)
    except files.Unreadable as problem:
        raise Trouble(str(problem)) from None
    if len(rows) < 4:
        raise Trouble("There are too few labelled rows to try anything on.")
    return trial.Trial(rows, seeds, args.lang or "").run(args.order, args.seed)


def _text(name: str) -> bytes:
    from koor.kernel.trouble import Trouble

    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Trouble(f"{name} can't be opened: {error.strerror}") from None


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a table (CSV) of texts with the labels that people gave")
    parser.add_argument("--text", required=True, metavar="COL", help="the column of the text")
    parser.add_argument("--label", required=True, metavar="COL", help="the column of the label")
    parser.add_argument("--seeds", metavar="FILE", help="words by label (YAML)")
    parser.add_argument("--lang", choices=["nl", "en"], help="the families of one language; without it both")
    parser.add_argument("--order", choices=["random", "time"], default="random", help="in which people correct")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="what the random order is drawn with")


def _as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, indent=2)


COMMANDS = [
    Command(
        "triage evaluate",
        triage_evaluate,
        about="Try the learner on labelled texts.",
        arguments=_arguments,
        words=_as_json,
        needs_house=False,
    )
]
