"""Letters from the house, and short messages on phones. Each is a row first: what can't go is seen, and goes later."""

import re
import smtplib
from collections.abc import Collection
from copy import copy
from datetime import timedelta

from django.conf import settings
from django.core.mail import DNS_NAME, EmailMessage
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.encoding import punycode

from koor.kernel import clock, jobs, plainly
from koor.kernel import push as phones
from koor.kernel.access import NotFound
from koor.kernel.identity import is_apart
from koor.kernel.models import Mail
from koor.kernel.smtp import met

TRIES = 8
HELD = timedelta(minutes=5)  # until the next look, in a house that was restored or copied
SIGN_IN = "sign-in"  # the only letter that such a house sends: somebody has to come in to look
NO_ADDRESS = re.compile(r"5\d\d[ -]5\.1\.(1|2|3|6|10)\b")  # RFC 3463: there is no such address, and waiting makes none
STEPS = (1, 5, 15, 60, 180, 360, 720)  # minutes before each next try


def mail(
    *, to: str, subject: str, text: str, kind: str, reply_to: str = "", off: str = "", way_in: bool = False
) -> Mail:
    """Write a letter and have it sent by the worker, in the present transaction. `reply_to`: where an answer goes;
    `off`: an address that stops such letters when it is posted to (RFC 8058); `way_in`: who has this text comes in,
    so that it is not kept once it went."""
    with transaction.atomic():
        letter = Mail.objects.create(
            to=to,
            reply_to=reply_to,
            off=off,
            subject=" ".join(subject.split())[:200],
            text=text,
            kind=kind,
            way_in=way_in,
            made_at=clock.now(),
            next_at=clock.now(),
        )
        jobs.later(send_mail, letter=letter.pk)
    return letter


def push(*, to: int, title: str, text: str = "", url: str, kind: str, key: str, lasts: timedelta = phones.LASTS) -> int:
    """A short message on the devices on which this colleague asked for it; how many. Once for each `key`, which names
    the fact. It shows on a locked phone: no names of people outside, and no words of theirs. Write it in the language
    of who reads it; `url` is a page of the house.
    After their hours of rest, as long as it `lasts`, and a few a day at most."""
    devices = phones.devices_of(to)
    return len(phones.write(devices, title=title, text=text, url=url, kind=kind, key=key, lasts=lasts))


def with_devices(people: Collection[int]) -> set[int]:
    """Who of these colleagues asked for short messages."""
    return phones.owners_among(people)


def letters(state: str) -> QuerySet[Mail]:
    """Letters in a state, the latest first."""
    return Mail.objects.filter(state=state).order_by("-made_at", "-pk")


def number_of_letters() -> dict[str, int]:
    """How many letters wait, went and could not go."""
    return dict(Mail.objects.order_by().values_list("state").annotate(Count("pk")))


@transaction.atomic
def try_again(letter_id: int) -> Mail:
    """Try a letter that waits, or that could not go, at once."""
    letter = Mail.objects.select_for_update().filter(pk=letter_id).exclude(state=Mail.State.SENT).first()
    if letter is None:
        raise NotFound
    letter.state, letter.next_at, letter.attempts = Mail.State.WAITING, clock.now(), 0
    letter.save(update_fields=["state", "next_at", "attempts"])
    jobs.later(send_mail, letter=letter.pk)
    return letter


@transaction.atomic
def throw_away(letter_id: int) -> Mail:
    """Forget a letter that could not go, such as one to an address that is wrong."""
    letter = Mail.objects.select_for_update().filter(pk=letter_id, state=Mail.State.FAILED).first()
    if letter is None:
        raise NotFound
    gone = copy(letter)
    letter.delete()
    return gone


def deliver(letter_id: int) -> None:
    """Try a letter once. Without a mail server it waits, and says so."""
    with transaction.atomic():
        letter = Mail.objects.select_for_update(skip_locked=True).filter(pk=letter_id, state=Mail.State.WAITING).first()
        if letter is None or (letter.next_at and letter.next_at > clock.now()):
            return
        if letter.kind != SIGN_IN and is_apart(settings.KOOR_HOME):
            letter.next_at, letter.problem = clock.now() + HELD, plainly.APART
            letter.save(update_fields=["next_at", "problem"])
            return
        problem = _send(letter)
        letter.attempts += 1
        letter.problem = problem
        if not problem:
            letter.state, letter.sent_at, letter.next_at = Mail.State.SENT, clock.now(), None
            letter.text, letter.off = ("", "") if letter.way_in else (letter.text, letter.off)
        elif (letter.attempts >= TRIES and settings.EMAIL_HOST) or NO_ADDRESS.match(problem):
            letter.state, letter.next_at = Mail.State.FAILED, None
        else:
            letter.next_at = clock.now() + timedelta(minutes=STEPS[min(letter.attempts, len(STEPS)) - 1])
        letter.save()


def _send(letter: Mail) -> str:
    if not settings.EMAIL_HOST:
        return plainly.NO_SERVER
    try:
        reply_to = [letter.reply_to] if letter.reply_to else None
        headers = {"Auto-Submitted": "auto-generated"}  # no absence is told to a house (RFC 3834)
        if letter.off:
            headers |= {"List-Unsubscribe": f"<{letter.off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        EmailMessage(letter.subject, letter.text, to=[letter.to], reply_to=reply_to, headers=headers).send()
    except Exception as error:  # whatever a mail server does, the letter stays and the reason is shown
        return _why(error)
    return ""


def _why(error: Exception) -> str:
    """What the server said, or in plain words what was met on the way to it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        error = next((smtplib.SMTPResponseException(*said) for said in error.recipients.values()), error)
    if isinstance(error, OSError):  # what smtplib raises is one too
        return met(error, settings.EMAIL_HOST)[:300]
    return f"{type(error).__name__}: {error}"[:300]


def be_known_by(host: str) -> None:
    """Introduce ourselves to mail servers (EHLO, Message-ID) by the name of the house, where it has one: a machine
    often thinks that it is called localhost, and letters from there are turned away."""
    if host.rpartition(".")[2].isalpha() and "." in host:
        DNS_NAME._fqdn = punycode(host)  # type: ignore[attr-defined]  # Django keeps it there, and offers no other way


@jobs.task("kernel.send_mail", queue="mail")
def send_mail(letter: int) -> None:
    deliver(letter)


@jobs.every("* * * * *", "kernel.sweep_mail", queue="mail")
def sweep_mail(timestamp: int) -> None:
    """Letters whose next moment has come."""
    due = Mail.objects.filter(state=Mail.State.WAITING, next_at__lte=clock.now()).order_by("next_at")[:100]
    for pk in due.values_list("pk", flat=True):
        deliver(pk)
