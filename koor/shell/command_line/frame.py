"""The operator's command `koor`: subcommands in the modules beside this one, found by name.

JSON on standard output with `--json`, errors in words on standard error; exit 0 done, 1 refused, 2 wrong usage. Where
a house answers it speaks its own language; what comes before or under it (usage, start, backup) English."""

import argparse
import errno
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any

from koor.kernel.trouble import Trouble

_house_answers: ContextVar[bool] = ContextVar("house_answers", default=False)


def _(text: str) -> str:
    """In the language of the house that answers; else as it stands here."""
    if not _house_answers.get():
        return text
    from django.utils.translation import gettext

    return gettext(text)


OF_THE_SYSTEM = (  # what an operating system says most of files, for its translation
    _("No such file or directory"),
    _("Permission denied"),
    _("Is a directory"),
    _("Not a directory"),
    _("File exists"),
    _("Read-only file system"),
)

Answer = Any  # a dict or list that JSON can hold, or None
Run = Callable[[argparse.Namespace], Answer]


class Command:
    """One subcommand, such as `post create`. Set `needs_house = False` for what runs before the database does;
    `failed` says of an answer that the exit code must be 1 though there is one."""

    def __init__(
        self,
        name: str,
        run: Run,
        *,
        about: str,
        arguments: Callable[[argparse.ArgumentParser], None] | None = None,
        words: Callable[[Answer], str] | None = None,
        needs_house: bool = True,
        failed: Callable[[Answer], bool] | None = None,
    ) -> None:
        self.name, self.run, self.about = name, run, about
        self.arguments, self.words, self.needs_house, self.failed = arguments, words, needs_house, failed


def commands() -> list[Command]:
    """Every `COMMANDS` list of the modules in this folder. Modules import Django's parts inside their functions."""
    import koor.shell.command_line as folder

    names = [module.name for module in pkgutil.iter_modules(folder.__path__) if module.name != "frame"]
    found = [importlib.import_module(f"{folder.__name__}.{name}") for name in names]
    return [command for module in found for command in module.COMMANDS]


def parser(all_commands: list[Command]) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="koor", description="Koor, from the operator's side.")
    places = {"": top.add_subparsers(dest="command", metavar="COMMAND", required=True)}
    for command in sorted(all_commands, key=lambda c: c.name):
        group, _space, verb = command.name.rpartition(" ")
        if group and group not in places:
            parent = places[""].add_parser(group, help=f"{group} …")
            places[group] = parent.add_subparsers(metavar="VERB", required=True)
        sub = places[group].add_parser(verb, help=command.about, description=command.about)
        sub.add_argument("--json", action="store_true", help="answer as JSON")
        if command.arguments:
            command.arguments(sub)
        sub.set_defaults(chosen=command)
    return top


def run(arguments: list[str]) -> int:
    """Run a command line; the exit code."""
    if arguments[:1] == ["manage"]:
        return manage(arguments[1:])
    os.umask(0o077)  # what the house writes is for the house: keys, uploads, backups
    chooser = parser(commands())
    if not all(map(readable, arguments)):
        chooser.error("an argument is not in UTF-8")
    args = chooser.parse_args(arguments)
    command: Command = args.chosen
    try:
        return in_the_house(command, args) if command.needs_house else spoken(command, args)
    except Trouble as error:
        return refuse(error)
    except BrokenPipeError:  # who read the answer, such as head, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # such as a KOOR_HOME that can't be
        return refuse(error)
    except KeyboardInterrupt:
        return 130


def readable(argument: str) -> bool:
    """False for bytes that are no UTF-8, which Python hands on as lone surrogates; a database can't hold those."""
    return not any("\ud800" <= sign <= "\udfff" for sign in argument)


def in_the_house(command: Command, args: argparse.Namespace) -> int:
    """Run with Django ready and the embedded database held for as long as it takes."""
    setup()
    from django.conf import settings

    from koor.kernel import audit

    with running(settings.KOOR_HOME), audit.via("cli"), in_its_language():
        return spoken(command, args)


@contextmanager
def in_its_language() -> Iterator[None]:
    """Sentences read as this house speaks; while there is none, as Koor does by itself."""
    from django.conf import settings
    from django.db import DatabaseError
    from django.utils import translation

    from koor.ground.people.models import House

    try:
        language = House.objects.values_list("language", flat=True).first()
    except DatabaseError:  # which the command itself meets and tells
        language = None
    before = _house_answers.set(True)
    try:
        with translation.override(language or settings.LANGUAGE_CODE):
            yield
    finally:
        _house_answers.reset(before)


def why(error: OSError) -> str:
    """What the system said, in the language of the house where it is known."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("the disk is full: make room, and try again")
    return _(error.strerror) if error.strerror else str(error)


def refuse(error: Exception) -> int:
    """Say why not, in words: of a file that can't be read its name and why, without an error number."""
    words = str(error) or _("not allowed")
    if isinstance(error, OSError) and error.strerror:
        words = why(error) if error.filename is None else f"{os.fsdecode(error.filename)}: {why(error)}"
    sys.stderr.write(f"koor: {words.strip()}\n")
    return 1


def spoken(command: Command, args: argparse.Namespace) -> int:
    import psycopg
    from django.db import DataError, OperationalError, ProgrammingError

    from koor.kernel.access import Forbidden, NotFound, Refused

    try:
        answer = command.run(args)
    except BrokenPipeError:
        raise
    except (Refused, Forbidden, NotFound, OSError, OperationalError, psycopg.OperationalError) as error:
        return refuse(error)
    except DataError as error:
        return refuse(Exception(_("the database can't hold what was given") + f" ({str(error).strip()})"))
    except ProgrammingError as error:
        if command.name == "prepare" or not unprepared():
            raise
        return refuse(Exception(_("the database is not of this version yet; first: koor prepare") + f"\n{error}"))
    if args.json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=plainly) + "\n")
    elif answer is not None:
        sys.stdout.write((command.words or plain)(answer) + "\n")
    sys.stdout.flush()
    return 1 if command.failed and command.failed(answer) else 0


def plainly(value: Any) -> str:
    """What JSON has no word for; moments as programs read them everywhere."""
    return value.isoformat() if isinstance(value, date) else str(value)


def unprepared() -> bool:
    from koor.shell.preparation import waiting_migrations

    return bool(waiting_migrations())


def plain(answer: Answer) -> str:
    """An answer for people who did not ask for JSON: one line a row."""
    if isinstance(answer, list):
        return "\n".join(plain(row) for row in answer)
    if isinstance(answer, dict):
        return "  ".join(f"{key}: {value}" for key, value in answer.items())
    return str(answer)


def running(home: Path) -> AbstractContextManager[Any]:
    """The database for as long as a command takes; an own PostgreSQL (DATABASE_URL) runs already."""
    from koor.kernel import postgres

    return postgres.Cluster(home) if postgres.embedded() else nullcontext()


def setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koor.settings")
    import django

    django.setup()


def manage(arguments: list[str]) -> int:
    """Django's own commands, for those who build Koor: `koor manage makemigrations`."""
    setup()
    from django.conf import settings
    from django.core.management import execute_from_command_line

    if arguments[:1] in (["makemigrations"], ["collectstatic"], ["check"]):
        execute_from_command_line(["koor manage", *arguments])
        return 0
    with running(settings.KOOR_HOME):
        execute_from_command_line(["koor manage", *arguments])
    return 0
