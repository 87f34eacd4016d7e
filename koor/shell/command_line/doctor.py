"""`koor doctor`: what a phone, a webhook and a letter would meet."""

import argparse
from contextlib import ExitStack
from typing import Any

from koor.kernel.trouble import Trouble
from koor.shell.command_line.frame import Command, running, setup

MARKS = {"well": "✓", "look": "·", "wrong": "✗"}


def doctor(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Looks also when the database cannot be had: that is a finding."""
    setup()
    from django.conf import settings

    from koor.shell import doctor as work

    with ExitStack() as stack:
        try:
            stack.enter_context(running(settings.KOOR_HOME))
        except Trouble as error:
            return [{"about": "database", "state": "wrong", "says": str(error), "do": ""}, *work.examine()]
        return work.examine()


def words(findings: list[dict[str, Any]]) -> str:
    lines = []
    for finding in findings:
        lines.append(f"{MARKS[finding['state']]} {finding['about']}: {finding['says']}")
        if finding["do"]:
            lines.append(f"    {finding['do']}")
    return "\n".join(lines)


def something_is_wrong(findings: list[dict[str, Any]]) -> bool:
    return any(finding["state"] == "wrong" for finding in findings)


COMMANDS = [
    Command(
        "doctor",
        doctor,
        about="What a phone, a webhook and a letter would meet.",
        words=words,
        needs_house=False,
        failed=something_is_wrong,
    )
]
