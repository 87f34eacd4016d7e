"""`koor drill SCENARIO`: an exercise on the practice stage; `koor fire list`: how fires and exercises went."""

import argparse
from typing import Any

from koor.shell.command_line.frame import Command


def _drill_arguments(parser: argparse.ArgumentParser) -> None:
    from koor.flow.conversations.logic.drills import LANGUAGES, LASTS, LONGEST, SCENARIOS

    parser.add_argument("scenario", metavar="SCENARIO", help=f"what burns: {', '.join(SCENARIOS)}")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="of the messages; else that of the house")
    parser.add_argument(
        "--minutes", type=int, default=LASTS, metavar="N", help=f"after which it ends by itself, {LONGEST} at most"
    )


def drill(args: argparse.Namespace) -> dict[str, Any]:
    from django.conf import settings
    from django.urls import reverse

    from koor.flow.conversations.actions import drills
    from koor.flow.conversations.actions.stages import stages
    from koor.flow.conversations.logic.drills import SCENARIOS
    from koor.kernel.access import SYSTEM

    fire = drills.start_drill(by=SYSTEM, scenario=args.scenario, language=args.lang, minutes=args.minutes)
    voices = SCENARIOS[fire.scenario][fire.language].voices
    return {
        "id": fire.pk,
        "title": fire.title,
        "scenario": fire.scenario,
        "page": settings.KOOR_URL + reverse("conversations:fire", args=[fire.pk]),
        "alarm_at": fire.alarm_at.isoformat(),
        "ends_at": fire.ends_at.isoformat() if fire.ends_at else None,
        "messages": len(voices),
        "last_message_after": max(voice.after for voice in voices),
        "channels": [account.name for account in stages(fire.language)],
    }


def _drill_words(answer: dict[str, Any]) -> str:
    return (
        f"The alarm: {answer['title']}\n{answer['page']}\n"
        f"{answer['messages']} messages follow within {answer['last_message_after'] // 60 + 1} minutes. "
        f"A signed statement on three channels: {', '.join(answer['channels'])}."
    )


def fire_list(args: argparse.Namespace) -> list[dict[str, Any]]:
    from koor.flow.conversations.queries import fires

    return fires.operator_list()


def _fire_words(rows: list[dict[str, Any]]) -> str:
    return "\n".join(_fire_line(row) for row in rows) or "Nothing ever burnt."


def _fire_line(row: dict[str, Any]) -> str:
    kind = "exercise" if row["exercise"] else "fire"
    took = row["three_channels_after"]
    clock = f"three channels after {took // 60}:{took % 60:02}" if took is not None else f"{row['channels']} channels"
    return f"{row['id']}  {kind}, {row['state']}  {row['title']}: {clock}"


COMMANDS = [
    Command(
        "drill",
        drill,
        about="Begin an exercise: an invented fire on the practice stage, with messages that come in by themselves.",
        arguments=_drill_arguments,
        words=_drill_words,
    ),
    Command("fire list", fire_list, about="Fires and exercises, with their clock.", words=_fire_words),
]
