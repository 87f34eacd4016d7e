"""`koor account …`: connecting accounts from the operator's side."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from koor.shell.command_line.frame import Command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    connector = parser.add_argument("connector", help="such as mastodon, newsroom, paper, by_hand")
    parser.add_argument("--owner", required=True, metavar="EMAIL", help="the colleague whose account it is")
    parser.add_argument("--name", required=True, help="the name by which colleagues know it")
    parser.add_argument("--setting", action=settings_beside(connector), nargs="+", default=[], metavar="KEY=VALUE")
    parser.add_argument("--secrets-from", metavar="FILE", help='credentials as JSON: {"access_token": "…"}')
    parser.add_argument("--no-check", action="store_true", help="connect it without asking the platform first")
    parser.add_argument("--purpose", default="", help="service, sales, news, tips, work, jobs or practice")
    parser.add_argument(
        "--audience", action="append", default=[], metavar="PEOPLE", help="who hears it; again for more"
    )
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--personal", action="store_true", default=None, help="the colleague's own account")
    whose.add_argument("--house", dest="personal", action="store_false", help="an account of the house")


def settings_beside(connector: argparse.Action) -> type[argparse.Action]:
    """One or more KEY=VALUE; the connector may stand after them."""

    class Settings(argparse.Action):
        def __call__(self, parser: argparse.ArgumentParser, said: argparse.Namespace, values: Any, *_more: Any) -> None:
            *first, last = values
            if "=" not in last and getattr(said, "connector", None) is None:
                said.connector, connector.required = last, False
            else:
                first.append(last)
            setattr(said, self.dest, [*getattr(said, self.dest), *(_pair(self, text) for text in first)])

    return Settings


def _pair(option: argparse.Action, text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not (key and sign):
        raise argparse.ArgumentError(option, f"{text!r} is not KEY=VALUE")
    return key, value


def account_add(args: argparse.Namespace) -> dict[str, Any]:
    """Acts as the owner. Without --personal or --house: of the house when the owner looks after its accounts.

    The platform is asked first: what it does not accept is refused, what can't be reached now is connected and told."""
    from koor.ground.channels import access, actions
    from koor.ground.people import queries as people

    secrets = secrets_from(args.secrets_from)
    owner = people.colleague_by_email(args.owner)
    personal = not access.may_manage(owner) if args.personal is None else args.personal
    whose: dict[str, Any] = {"by": owner, "connector": args.connector, "owner": owner, "personal": personal}
    answers: dict[str, Any] = {"settings": dict(args.setting), "secrets": secrets}
    if not args.no_check:
        must_work(actions.try_account(**whose, **answers))
    account = actions.add_account(**whose, **answers, name=args.name, purpose=args.purpose, audience=args.audience)
    return {"id": account.pk}


def must_work(health: Any) -> None:
    """Refused when the platform does not accept it; told when it can't be reached now."""
    from django.utils.translation import gettext as _

    from koor.ground.channels import logic
    from koor.kernel.access import Refused
    from koor.kernel.plainly import told

    if health.works:
        return
    said = told(health.sentence, health.values)
    if not logic.passes(health):
        raise Refused(_("%(why)s Nothing was connected; --no-check connects it all the same.") % {"why": said})
    said = said if said.endswith((".", "!", "?")) else f"{said}."
    sys.stderr.write(f"koor: {said} " + _("It is connected; Koor looks again within the hour.") + "\n")


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
