"""`koor route explain`: why a conversation is with whom it is, step by step; `koor route evaluate`: how often routing
is right on a file of conversations."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from koor.shell.command_line.frame import Command, running, setup


def explain(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import translation
    from django.utils.translation import gettext as _

    from koor.flow.conversations import actions
    from koor.ground.people.queries import house
    from koor.kernel.access import NotFound, Refused

    with translation.override(house().language):
        try:
            return actions.explained(args.conversation)
        except NotFound:
            words = _("There is no conversation %(id)s.") % {"id": args.conversation}
            raise Refused(words, code="no_conversation") from None


def evaluate(args: argparse.Namespace) -> dict[str, Any]:
    from koor.flow.conversations.logic import trial
    from koor.kernel.trouble import Trouble

    try:
        with Path(args.file).open(encoding="utf-8-sig", errors="replace") as lines:
            return trial.run(lines, _own_house, learning=not args.no_learning)
    except trial.Unreadable as problem:
        raise Trouble(f"{args.file}: {problem}") from None


def _own_house() -> Any:
    """Our own colleagues, rules and agreements, read only."""
    setup()
    from django.conf import settings

    from koor.flow.conversations.logic import trial
    from koor.flow.conversations.queries.ruling import house_told

    with running(settings.KOOR_HOME):
        return trial.house_of(house_told())


def _explain_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("conversation", type=int, metavar="CONVERSATION", help="the number of a conversation")


def _evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="conversations, one object a line (JSON lines)")
    parser.add_argument("--no-learning", action="store_true", help="do not learn from the corrections on the way")


def _explained(told: dict[str, Any]) -> str:
    lines = [told["reason"], ""]
    for step in told["steps"]:
        names = ", ".join(step["asked"]) or "-"
        lines.append(f"{'→' if step['decides'] else ' '} {step['ground']:<12} {names}")
    for rule in told["rules"]:
        state = "holds" if rule["holds"] else f"not: {', '.join(rule['unmet'])}"
        lines.append(f"  rule {rule['id']} ({state}): {rule['sentence']}")
    lines += ["", f"anew: {told['anew']['reason']}", f"subjects: {', '.join(told['subjects']) or '-'}"]
    return "\n".join(lines)


def _evaluated(told: dict[str, Any]) -> str:
    def row(name: str, one: dict[str, Any]) -> str:
        right = "-" if one["first_hop_accuracy"] is None else f"{100 * one['first_hop_accuracy']:.1f} %"
        return f"{name:<24}{one['conversations']:>8}{right:>12}{100 * one['share_to_curator']:>11.1f} %"

    lines = [f"{'':<24}{'number':>8}{'right':>12}{'to curator':>13}", row("all", told)]
    for group, found in told.items():
        if group.startswith("per_"):
            lines += ["", group.removeprefix("per_"), *_rows(found, row)]
    return "\n".join([*lines, "", f"corrections learnt on the way: {told['corrections_learnt']}"])


def _rows(found: dict[str, Any], row: Any) -> Iterable[str]:
    return [row(f"  {name}"[:24], one) for name, one in found.items()]


COMMANDS = [
    Command(
        "route explain",
        explain,
        about="Why a conversation is with whom it is, step by step.",
        arguments=_explain_arguments,
        words=_explained,
    ),
    Command(
        "route evaluate",
        evaluate,
        about="How often routing is right at the first hop, on a file of conversations.",
        arguments=_evaluate_arguments,
        words=_evaluated,
        needs_house=False,
    ),
]
