"""`koor personal …`: what is kept on one person."""

import argparse
from pathlib import Path
from typing import Any

from koor.shell.command_line.frame import Command


def whom(parser: argparse.ArgumentParser) -> None:
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--contact", type=int, metavar="ID", help="somebody outside")
    who.add_argument("--person", metavar="EMAIL", help="a colleague")


def subject_of(args: argparse.Namespace) -> Any:
    from django.utils.translation import gettext as _

    from koor.ground.governance import queries
    from koor.ground.people.queries import everybody
    from koor.kernel.access import Refused
    from koor.kernel.personal import COLLEAGUE, OUTSIDE

    if args.contact is not None:
        found = queries.personal.subject(OUTSIDE, args.contact)
    else:
        row = everybody().filter(email__iexact=args.person.strip()).first()
        found = queries.personal.subject(COLLEAGUE, row.pk) if row else None
    if found is None:
        raise Refused(_("There is no such person."), code="unknown")
    return found


def show(args: argparse.Namespace) -> dict[str, Any]:
    from koor.ground.governance import actions
    from koor.kernel.access import SYSTEM
    from koor.kernel.personal import finding

    subject = subject_of(args)
    actions.personal.look(by=SYSTEM, subject=subject)
    found = finding.everything(subject, most=0)
    return {
        "name": subject.name,
        "held": {part.held.model: part.number for part in found.theirs},
        "named": {part.held.model: part.number for part in found.named},
    }


def export_arguments(parser: argparse.ArgumentParser) -> None:
    whom(parser)
    parser.add_argument("file", type=Path, metavar="FILE")


def export(args: argparse.Namespace) -> dict[str, Any]:
    """Whole or not at all, and never over a file that is there."""
    from django.db import transaction

    from koor.ground.governance import actions
    from koor.kernel import audit
    from koor.kernel.access import SYSTEM

    subject = subject_of(args)
    with args.file.open("xb") as out:
        try:
            with transaction.atomic():
                counts = actions.personal.write(by=SYSTEM, subject=subject, out=out)
                audit.record(by=SYSTEM, verb="governance.take_personal_along", target=subject.row)
        except BaseException:
            args.file.unlink()
            raise
    return {"file": str(args.file), **counts}


def erase_arguments(parser: argparse.ArgumentParser) -> None:
    whom(parser)
    parser.add_argument("--yes", action="store_true", help="do it; without this it is only told what would happen")


def erase(args: argparse.Namespace) -> dict[str, Any]:
    from koor.ground.governance import actions
    from koor.kernel.access import SYSTEM
    from koor.kernel.personal import finding

    subject = subject_of(args)
    if not args.yes:
        found = finding.everything(subject, most=0)
        return {"erased": False, **{part.held.model: part.held.fate(subject.kind).key for part in found.theirs}}
    asked = actions.erasing.ask_erasure(by=SYSTEM, subject=subject)
    done = actions.erasing.erase(by=SYSTEM, erasing_id=asked.pk)
    return {"erased": done is not None, "rows": done.total if done else 0, "left": done.left if done else 0}


def terms_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="only tell what would go")


def end_terms(args: argparse.Namespace) -> dict[str, int]:
    """The daily round, now."""
    from datetime import timedelta

    from koor.ground.governance import actions, queries
    from koor.kernel import clock
    from koor.kernel.access import SYSTEM
    from koor.kernel.personal import terms

    if not args.dry_run:
        return actions.terms.end_terms(by=SYSTEM)
    chosen, held = queries.terms.days_by_kind(), queries.terms.subjects_held()
    return {
        one.model: terms.older(one, clock.now() - timedelta(days=chosen[one.model]), held).count()
        for one in terms.kinds()
        if one.model in chosen
    }


COMMANDS = [
    Command("personal terms", end_terms, about="Let go what is older than its term.", arguments=terms_arguments),
    Command(
        "personal erase",
        erase,
        about="Erase somebody outside, or a colleague who left, for good.",
        arguments=erase_arguments,
    ),
    Command("personal show", show, about="How much is kept on one person, by table.", arguments=whom),
    Command("personal export", export, about="All that is kept on one person, in a zip.", arguments=export_arguments),
]
