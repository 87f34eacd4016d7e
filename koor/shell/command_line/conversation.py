"""`koor conversation …`."""

import argparse
from typing import Any

from koor.shell.command_line.frame import Command

STATES = ("open", "snoozed", "done")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", choices=STATES, help="only those that are open, put off or done")


def conversation_list(args: argparse.Namespace) -> list[dict[str, Any]]:
    from django.utils import translation

    from koor.flow.conversations import queries
    from koor.ground.people.queries import house

    with translation.override(house().language):
        return queries.operator_list(state=args.state or "")


def in_words(rows: list[dict[str, Any]]) -> str:
    return "\n".join(_words(row) for row in rows)


def _words(row: dict[str, Any]) -> str:
    name = row["contact"]["name"] if row["contact"] else "?"
    return f"{row['id']}  {row['state']}  {name}: {row['last_message']}\n    {row['reason']}"


COMMANDS = [
    Command(
        "conversation list",
        conversation_list,
        about="Conversations, the latest first: with whom, why, and who waits.",
        arguments=_arguments,
        words=in_words,
    )
]
