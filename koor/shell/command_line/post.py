"""`koor post …`: write a post on behalf of a colleague, let it go as far as they may, and see what came of it."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from koor.shell.command_line.frame import Command

LONGEST = 4_000_000  # bytes of a text file; a text of a million characters is refused in words, not by memory


def post_create(args: argparse.Namespace) -> dict[str, Any]:
    from django.db import transaction

    from koor.flow.publishing import actions, queries
    from koor.ground.people import queries as people

    by = people.colleague_by_email(args.by)
    accounts = [account_of(by, pk) for pk in dict.fromkeys(args.account)]
    text = text_from(args.text_file)
    pictures = actions.Fresh(
        [digest_of(name) for name in args.media],
        lambda: media_from(args.media, by, [*args.alt, *[first_line(text)] * len(args.media)]),
    )
    due = moment_from(args.at)
    with transaction.atomic():
        post = actions.create_post(
            by=by, text=text, accounts=accounts, media=pictures, language=args.lang, due_local=due, once=args.key
        )
        if args.every:
            actions.repeat_post(by=by, post=post, every=args.every, until=day_from(args.until), times=args.times)
        actions.let_go_new(by=by, post=post)
    return queries.post_answer(queries.any_post(post.pk))


def account_of(by: Any, pk: int) -> Any:
    from django.utils.translation import gettext as _

    from koor.ground.channels import queries as channels
    from koor.kernel.access import NotFound, Refused

    try:
        return channels.account(by, pk)
    except NotFound:
        sentence = _("There is no account %(id)s that %(name)s may know of.")
        raise Refused(sentence % {"id": pk, "name": by.name}, code="no_account") from None


def text_from(name: str) -> str:
    """The text of a file, or of standard input for `-`. Refused when it can't be read as text."""
    from django.utils.translation import gettext as _

    from koor.kernel.access import Refused

    content = sys.stdin.buffer.read(LONGEST + 1) if name == "-" else _start_of(Path(name))
    if len(content) > LONGEST:
        raise Refused(_("This text is far too long for a post."), code="too_long")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("The text is not in UTF-8."), code="not_text") from None


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST + 1)


def moment_from(text: str) -> datetime | None:
    """`--at`: local time in the house's zone."""
    from django.utils.translation import gettext as _

    from koor.flow.publishing.logic import moments
    from koor.kernel.access import Refused

    if not text:
        return None
    try:
        day, at = moments.parse_local(text)
    except moments.NotATime:
        sentence = _("“%(text)s” is not a local time such as 2026-11-24T16:30.")
        raise Refused(sentence % {"text": text[:60]}, code="not_a_time") from None
    return datetime.combine(day, at)


def day_from(text: str) -> date | None:
    """`--until`: a day such as 2027-06-30."""
    from django.utils.translation import gettext as _

    from koor.kernel.access import Refused

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(
            _("“%(text)s” is not a day such as 2027-06-30.") % {"text": text[:60]}, code="not_a_day"
        ) from None


def media_from(names: list[str], by: Any, shows: list[str]) -> list[Any]:
    """Pictures, cleaned like any other that comes in, each with what it shows; the post waits for a film."""
    from koor.flow.hub import actions as hub
    from koor.flow.hub.logic import Photo

    return [
        hub.add_medium(by=by, photo=Photo(Path(name).name, Path(name)), alt=alt)
        for name, alt in zip(names, shows, strict=False)
    ]


def first_line(text: str) -> str:
    """What the pictures of a post show when nobody says so: what it begins with."""
    return (text.strip().splitlines() or [""])[0][:1500]


def digest_of(name: str) -> str:
    import hashlib

    with Path(name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def post_show(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils.translation import gettext as _

    from koor.flow.publishing import queries
    from koor.kernel.access import NotFound, Refused

    try:
        return queries.post_answer(queries.any_post(args.id))
    except NotFound:
        raise Refused(_("There is no post %(id)s.") % {"id": args.id}, code="no_post") from None


def post_confirm(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils.translation import gettext as _

    from koor.flow.publishing import actions, queries
    from koor.ground.people import queries as people
    from koor.kernel.access import NotFound, Refused

    by = people.colleague_by_email(args.by)
    try:
        row = actions.confirm_alike(by=by, target=queries.target(by, args.target), why=args.why)
    except NotFound:
        sentence = _("There is no row %(id)s of a post that %(name)s may see.")
        raise Refused(sentence % {"id": args.target, "name": by.name}, code="no_target") from None
    return queries.post_answer(queries.any_post(row.post_id))


def in_words(answer: dict[str, Any]) -> str:
    head = f"post {answer['id']}: {answer['state']}"
    rows = [
        f"  account {row['account']}: {row['state']}, attempts {row['attempts']}  {said_of(row)}".rstrip()
        for row in answer["targets"]
    ]
    return "\n".join([head, *rows])


def said_of(row: dict[str, Any]) -> str:
    """Where it stands, or why it waits for a person."""
    return str(row["url"] or row.get("note") or row.get("because", ""))


def create_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="EMAIL", help="the colleague on whose behalf")
    parser.add_argument(
        "--account", type=int, action="extend", nargs="+", required=True, metavar="ID", help="one or more"
    )
    parser.add_argument("--text-file", required=True, metavar="FILE", help="UTF-8; - is standard input")
    parser.add_argument(
        "--media", action="extend", nargs="+", default=[], metavar="FILE", help="pictures, a film or a PDF"
    )
    parser.add_argument(
        "--alt",
        action="extend",
        nargs="+",
        default=[],
        metavar="TEXT",
        help="what it shows, for who can't see it; in the order of --media (default: the first line of the text)",
    )
    parser.add_argument("--at", default="", metavar="LOCAL_TIME", help="such as 2026-11-24T16:30 (default: now)")
    parser.add_argument("--lang", default="", metavar="CODE", help="such as nl or en (default: as the words are)")
    parser.add_argument("--every", default="", metavar="HOW_OFTEN", choices=["week", "fortnight", "month", "year"],
                        help="it comes back every week, fortnight, month or year; with --at")  # fmt: skip
    parser.add_argument("--until", default="", metavar="DAY", help="the last day on which it comes back")
    parser.add_argument("--times", type=int, default=None, metavar="N", help="so many times in all")
    parser.add_argument("--key", default="", help="the same key with the same content gives the same post")


def confirm_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", type=int, help="the id of the row that waits")
    parser.add_argument("--by", required=True, metavar="EMAIL", help="the colleague who saw both")
    parser.add_argument("--why", required=True, metavar="TEXT", help="why both may be seen")


def show_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=int)


COMMANDS = [
    Command("post create", post_create, about="Write a post and let it go.", arguments=create_options, words=in_words),
    Command(
        "post confirm",
        post_confirm,
        about="Say that a post and what it is almost the same as are both fine.",
        arguments=confirm_options,
        words=in_words,
    ),
    Command("post show", post_show, about="What came of a post.", arguments=show_options, words=in_words),
]
