"""`koor key rotate`: another key for what is sealed in the database."""

import argparse
from typing import Any

from koor.shell.command_line.frame import Command


def key_rotate(args: argparse.Namespace) -> dict[str, Any]:
    from koor.kernel import seals, secrets

    key = secrets.rotate()
    done = seals.reseal()
    return {"key": key, "keys": len(secrets.ring().keys), "sealed_anew": done.anew, "cannot_be_opened": done.shut}


def words(answer: dict[str, Any]) -> str:
    lines = [f"The new key is {answer['key']}, one of {answer['keys']} in the key ring. Make a backup now."]
    lines.append(f"Sealed anew: {answer['sealed_anew']}.")
    if answer["cannot_be_opened"]:
        lines.append(f"No key of this house opens: {answer['cannot_be_opened']}. They are left as they are.")
    return "\n".join(lines)


COMMANDS = [Command("key rotate", key_rotate, about="Seal with a new key from now on, and what is there.", words=words)]
