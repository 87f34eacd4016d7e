"""`koor account …`: connecting accounts from the operator's side."""

import argparse
import json
from pathlib import Path
from typing import Any

from koor.shell.command_line.frame import Command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("connector", help="such as mastodon, newsroom, paper, by_hand")
    parser.add_argument("--owner", required=True, metavar="EMAIL", help="the colleague whose account it is")
    parser.add_argument("--name", required=True, help="the name by which colleagues know it")
    parser.add_argument("--setting", action="append", default=[], metavar="KEY=VALUE", type=pair)
    parser.add_argument("--secrets-from", metavar="FILE", help='credentials as JSON: {"access_token": "…"}')
    parser.add_argument("--purpose", default="", help="service, sales, news, tips, work, jobs or practice")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--personal", action="store_true", default=None, help="the colleague's own account")
    whose.add_argument("--house", dest="personal", action="store_false", help="an account of the house")


def pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not (key and sign):
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value


def account_add(args: argparse.Namespace) -> dict[str, Any]:
    """Acts as the owner. Without --personal or --house: of the house when the owner looks after its accounts."""
    from koor.ground.channels import access, actions
    from koor.ground.people import queries as people

    secrets = secrets_from(args.secrets_from)
    owner = people.colleague_by_email(args.owner)
    personal = not access.may_manage(owner) if args.personal is None else args.personal
    account = actions.add_account(
        by=owner,
        connector=args.connector,
        name=args.name,
        owner=owner,
        purpose=args.purpose,
        personal=personal,
        settings=dict(args.setting),
        secrets=secrets,
    )
    return {"id": account.pk}


def secrets_from(path: str | None) -> dict[str, str]:
    """The credentials in a file; refused in words, never shown."""
    from django.utils.translation import gettext as _

    from koor.kernel.access import Refused

    if not path:
        return {}
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise Refused(_('%(file)s must hold JSON such as {"access_token": "…"}.') % {"file": path}, code="secrets")
    return found


def account_list(args: argparse.Namespace) -> list[dict[str, Any]]:
    from koor.ground.channels import queries

    return [
        {
            "id": row.pk,
            "connector": row.connector,
            "name": row.name,
            "owner": row.owner.email,
            "purpose": row.purpose,
            "personal": row.personal,
            "state": row.state,
            "health": row.health,
            "handle": row.handle,
        }
        for row in queries.every_account()
    ]


COMMANDS = [
    Command("account add", account_add, about="Connect an account for a colleague.", arguments=add_arguments),
    Command("account list", account_list, about="All accounts and how they are."),
]
