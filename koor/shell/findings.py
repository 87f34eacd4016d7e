"""What the doctor finds, and what it finds in the folder of the house: room, keys, backups, who was erased; and
at the door of the mail server."""

from __future__ import annotations

import json
import os
import shutil
import smtplib
import ssl
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.mail import DNS_NAME

from koor.kernel import seals, smtp
from koor.shell.backup import LAST

LEAST_FREE = 1_000_000_000  # bytes
BACKUP_DAYS = 7
FILES = 50  # of the newest that are looked for
MAIL_SECONDS = 10


class State(StrEnum):
    WELL = "well"
    LOOK = "look"  # works, with something to know
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, how it is, and what to do about it."""

    about: str
    state: State
    says: str
    do: str = ""


def disk() -> Iterator[Finding]:
    home = Path(settings.KOOR_HOME)
    room = shutil.disk_usage(home)
    says = f"{room.free / 1e9:.1f} GB free of {room.total / 1e9:.0f} GB in {home}"
    if room.free < LEAST_FREE:
        yield Finding("disk", State.WRONG, says, "make room: PostgreSQL stops without it")
    else:
        yield Finding("disk", State.LOOK if room.free < room.total / 10 else State.WELL, says)


def keys() -> Iterator[Finding]:
    """The key ring opens every platform account: nobody else may read it, and without it nothing opens."""
    key = Path(settings.KOOR_HOME) / "key"
    if os.environ.get("KOOR_KEY"):
        yield Finding("keys", State.WELL, "from KOOR_KEY; a backup does not hold them")
        return
    seen = key.stat()
    if stat.S_IMODE(seen.st_mode) & 0o077:
        yield Finding("keys", State.WRONG, f"others on this machine can read {key}", f"chmod 600 {key}")
    elif seen.st_uid != os.geteuid():
        yield Finding("keys", State.LOOK, f"{key} belongs to user {seen.st_uid}, not to the one who asks")
    else:
        yield Finding("keys", State.WELL, "readable by the house alone")


def sealed() -> Iterator[Finding]:
    """A house whose key was lost makes a new one, and stands as if nothing were."""
    if number := seals.shut():
        says = f"{number} tokens, passwords or secret addresses were sealed with a key that is not here"
        do = "put the key back from a backup, or connect those accounts again (docs/operate/install.md)"
        yield Finding("keys", State.WRONG, says, do)


def last_backup() -> Iterator[Finding]:
    file = Path(settings.KOOR_HOME) / LAST
    if not file.exists():
        yield Finding("backup", State.LOOK, "there has been none", "koor backup FILE --check (docs/operate/backup.md)")
        return
    said = json.loads(file.read_text())
    days = (datetime.now(UTC) - datetime.fromisoformat(said["at"])).days
    when = {0: "less than a day ago", 1: "yesterday"}.get(days, f"{days} days ago")
    says = f"the last was {when}: {said['file']}" + ("" if said["checked"] else ", not checked")
    old = days > BACKUP_DAYS or not said["checked"]
    yield Finding("backup", State.LOOK if old else State.WELL, says, "koor backup FILE --check" if old else "")


def files() -> Iterator[Finding]:
    """A folder or a bucket that was left behind in a move leaves every picture empty."""
    from koor.kernel.files import lost

    if number := lost(FILES):
        says = f"of the newest {FILES} files {number} are not there"
        yield Finding("files", State.WRONG, says, "put them back from a backup: docs/operate/backup.md")


def erased() -> Iterator[Finding]:
    """Who was erased stays away after a restore by a file of the house."""
    from koor.kernel.personal import tombstones

    if trouble := tombstones.trouble():
        yield Finding("erased", State.WRONG, trouble, tombstones.MEND)


def mail() -> Iterator[Finding]:
    """Go to the mail server up to the point where a letter would be handed over."""
    if not settings.EMAIL_HOST:
        yield Finding("mail", State.LOOK, "no mail server: invitations wait", "set SMTP_HOST and what belongs to it")
        return
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        _knock_at_mail_server()
    except OSError as error:  # what smtplib and ssl raise is one too
        says = f"{where} takes no letters: {smtp.met(error, settings.EMAIL_HOST)}"
        yield Finding("mail", State.WRONG, says, _mend_mail(error))
    else:
        yield Finding("mail", State.WELL, f"{where} takes letters from {settings.DEFAULT_FROM_EMAIL}")


def _mend_mail(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code in (530, 534, 535, 538):
        return "look at SMTP_USER and SMTP_PASSWORD (in single quotes)"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return "look at SMTP_FROM: an address that this mailbox may send from"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "SMTP_HOST must be the name in its certificate; SSL_CERT_FILE names one of your own"
    return "look at SMTP_HOST, SMTP_PORT and SMTP_TLS"


def _knock_at_mail_server() -> None:
    server: smtplib.SMTP
    there, ours = (settings.EMAIL_HOST, settings.EMAIL_PORT), DNS_NAME.get_fqdn()
    if settings.EMAIL_USE_SSL:
        secure = ssl.create_default_context()
        server = smtplib.SMTP_SSL(*there, local_hostname=ours, timeout=MAIL_SECONDS, context=secure)
    else:
        server = smtplib.SMTP(*there, local_hostname=ours, timeout=MAIL_SECONDS)
    with server:
        if settings.EMAIL_USE_TLS:
            server.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        server.ehlo_or_helo_if_needed()
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        code, words = server.mail(sender)
        if code != 250 or "@" not in sender:
            raise smtplib.SMTPSenderRefused(code, words if code != 250 else b"it is no address", sender)
        server.rset()
