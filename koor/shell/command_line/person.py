"""`koor person …` and `koor token …`."""

import argparse
from typing import Any

from koor.shell.command_line.frame import Command

ROLES = ("face", "helper", "captain", "curator", "pr", "administrator", "privacy")


def person_list(args: argparse.Namespace) -> list[dict[str, Any]]:
    from koor.ground.people import queries

    return [
        {"id": p.pk, "name": p.name, "email": p.email, "roles": list(p.roles), "active": p.is_active}
        for p in queries.everybody()
    ]


def invite_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email")
    parser.add_argument("--name", default="", help="needed for somebody who is not written down yet")
    parser.add_argument("--role", action="append", default=[], choices=ROLES, help="may be given more than once")


def person_invite(args: argparse.Namespace) -> dict[str, Any]:
    """For a colleague who is written down already the link gives a (new) password."""
    from koor.ground.people import actions, queries
    from koor.kernel.access import SYSTEM

    known = queries.people_by_address([args.email]).get(args.email.lower())
    invitation, link = actions.invite(by=SYSTEM, email=args.email, name=args.name, roles=args.role, person=known)
    return {"id": invitation.pk, "email": invitation.email, "link": link, "expires_at": invitation.expires_at}


def token_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--person", required=True, metavar="EMAIL", help="the colleague as whom the key acts")
    parser.add_argument("--name", default="command line", help="what will use it")


def token_create(args: argparse.Namespace) -> dict[str, Any]:
    from koor.ground.people import actions, queries
    from koor.kernel.access import SYSTEM

    person = queries.colleague_by_email(args.person)
    token, plain = actions.make_token(by=SYSTEM, person=person, name=args.name)
    return {"id": token.pk, "token": plain, "name": token.name, "person": person.email}


COMMANDS = [
    Command("person list", person_list, about="All colleagues."),
    Command("person invite", person_invite, about="A link by which a colleague comes in.", arguments=invite_arguments),
    Command(
        "token create",
        token_create,
        about="A key for programs that act as a colleague; shown this once.",
        arguments=token_arguments,
        words=lambda answer: str(answer["token"]),
    ),
]
