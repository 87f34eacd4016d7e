"""`koor init`: the way into a house in which nobody lives yet."""

import argparse
from typing import Any

from koor.shell.command_line.frame import Command


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--name", default="", help="of the organisation; with --person and --email no browser is needed"
    )
    parser.add_argument("--place", default="", help="where the organisation is")
    parser.add_argument("--person", default="", metavar="NAME", help="who administers and conducts it")
    parser.add_argument("--email", default="", metavar="EMAIL", help="with which that person signs in")


def init(args: argparse.Namespace) -> dict[str, Any]:
    """A link to begin in the browser; or, with names, the house and a link to choose a password."""
    from django.utils.translation import gettext as _

    from koor.ground.people.queries import has_house
    from koor.kernel.access import Refused
    from koor.shell.demo.load import never_by_itself
    from koor.shell.views import welcome

    if has_house():
        raise Refused(
            _("Somebody lives here already. Sign in, or invite with: koor person invite"), code="house_exists"
        )
    given = [args.name, args.person, args.email]
    if any(given) and not all(given):
        raise Refused(_("Give --name, --person and --email together, or none of them."), code="half")
    never_by_itself()
    link = moved_in(args) if all(given) else welcome.link()
    return {"link": link}


def moved_in(args: argparse.Namespace) -> str:
    from django.db import transaction

    from koor.ground.people import actions
    from koor.kernel.access import SYSTEM
    from koor.shell.views import welcome

    with transaction.atomic():
        person = welcome.move_in(
            organisation=args.name, place=args.place, name=args.person, email=args.email, password=None
        )
        _invitation, link = actions.invite(by=SYSTEM, email=person.email, person=person)
    return link


def words(answer: dict[str, Any]) -> str:
    from django.utils.translation import gettext as _

    return _("While Koor runs (koor start), open:") + f"\n\n  {answer['link']}\n"


COMMANDS = [Command("init", init, about="Begin: a link for the first ten minutes.", arguments=arguments, words=words)]
