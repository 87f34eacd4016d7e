"""`koor backup FILE` and `koor restore FILE`."""

import argparse
import getpass
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from koor.kernel.sealed_stream import SHORTEST_KEY_FILE, Secret
from koor.kernel.trouble import Trouble
from koor.shell.command_line.frame import Command

KEY_BESIDE = ".key"


def tell(line: str) -> None:
    """Progress goes to standard error: standard output holds the answer alone."""
    sys.stderr.write(line + "\n")


def backup(args: argparse.Namespace) -> dict[str, Any]:
    """Make a backup, or with --check and a file that is there, only check it."""
    from koor import settings
    from koor.kernel import postgres
    from koor.shell import backup as work

    if args.check and args.file.exists():
        return {"file": str(args.file), "checked": True, **work.check(settings.KOOR_HOME, args.file, known(args), tell)}
    secret = chosen(args)
    with postgres.running(settings.KOOR_HOME):
        made = work.make(settings.KOOR_HOME, args.file, secret, tell)
    if args.check:
        work.check(settings.KOOR_HOME, args.file, secret, tell)
    work.note(settings.KOOR_HOME, args.file, checked=args.check)
    return {**made, "checked": args.check}


def restore(args: argparse.Namespace) -> dict[str, Any]:
    from koor import settings
    from koor.kernel import postgres
    from koor.shell import backup as work
    from koor.shell.supervisor import running_at

    if (address := running_at(settings.KOOR_HOME)) is not None:
        raise Trouble(f"this house runs ({address}): stop it first")
    secret = known(args)
    with postgres.running(settings.KOOR_HOME):
        done = work.restore(settings.KOOR_HOME, args.file, secret, tell, replace=args.replace)
    tell("Publishing, messages on phones and letters are held: look before you let posting go on.")
    return done


# What it is sealed with


def given(args: argparse.Namespace) -> Secret | None:
    """The secret from the options or the environment. Raises Trouble."""
    try:
        if args.key_file:
            return Secret(args.key_file.read_bytes(), is_passphrase=False)
        if args.passphrase_file:
            return Secret(args.passphrase_file.read_bytes().strip(), is_passphrase=True)
    except OSError as error:
        raise Trouble(f"{error.filename} cannot be read: {error.strerror}") from error
    words = os.environ.get("KOOR_BACKUP_PASSPHRASE", "")
    return Secret(words.encode(), is_passphrase=True) if words else None


def chosen(args: argparse.Namespace) -> Secret:
    """For a new backup: what was given, else what is typed, else a fresh key in a file beside the backup."""
    if secret := given(args):
        return secret
    if sys.stdin.isatty():
        words = getpass.getpass("Passphrase for this backup (12 characters or more): ")
        if words != getpass.getpass("Once more: "):
            raise Trouble("the two are not the same")
        return Secret(words.encode(), is_passphrase=True)
    beside = args.file.with_name(args.file.name + KEY_BESIDE)
    if args.file.exists() or beside.exists():
        raise Trouble(f"{args.file} is there already, or its key")
    key = secrets.token_bytes(SHORTEST_KEY_FILE)
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
    except OSError as error:
        raise Trouble(f"{beside} cannot be written: {error.strerror}") from error
    tell(f"No passphrase was given. The key is in {beside}: keep it in another place than the backup.")
    return Secret(key, is_passphrase=False)


def known(args: argparse.Namespace) -> Secret:
    """For a backup that is there."""
    if secret := given(args):
        return secret
    beside = args.file.with_name(args.file.name + KEY_BESIDE)
    if beside.exists():
        return Secret(beside.read_bytes(), is_passphrase=False)
    if sys.stdin.isatty():
        return Secret(getpass.getpass("Passphrase of this backup: ").encode(), is_passphrase=True)
    raise Trouble("name what opens it: --passphrase-file, --key-file or KOOR_BACKUP_PASSPHRASE")


def common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its text seals the backup")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="32 random bytes or more seal the backup")


def backup_options(parser: argparse.ArgumentParser) -> None:
    common(parser)
    parser.add_argument("--check", action="store_true", help="restore it into an empty place and compare")


def restore_options(parser: argparse.ArgumentParser) -> None:
    common(parser)
    parser.add_argument("--replace", action="store_true", help="into a house that is not empty; it is set aside")


COMMANDS = [
    Command(
        "backup", backup, about="Database, files and keys in one file.", arguments=backup_options, needs_house=False
    ),
    Command("restore", restore, about="Put a backup back.", arguments=restore_options, needs_house=False),
]
