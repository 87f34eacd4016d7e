"""The newsletter: who asks for it says yes in a letter of their own, stops it with one tap, and gets each issue once.

An issue is a row like any other; when it is up, each reader of that moment gets a row of their own (`Letter`), which is
committed as on its way before a byte goes: a process that dies leaves it unknown, and unknown is never sent again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from koor.flow.publishing import access
from koor.flow.publishing.actions.holding_letters import NOT_GONE
from koor.flow.publishing.choices import Ended, LetterState, ReaderState
from koor.flow.publishing.models import Letter, Reader
from koor.ground.channels.models import Account
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, knocks, notices
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.letters import address_of

AGAIN = timedelta(hours=1)  # before an address is asked once more to say yes
YES_WITHIN = timedelta(days=14)  # who does not say yes is forgotten
PLACE_AN_HOUR, PLACE_A_DAY = 5, 20  # requests from one network
MOST = 20_000  # addresses in one list that is brought in
CONFIRM = "newsletter"


def ask_for_newsletter(*, by: Colleague = SYSTEM, account: Account, address: str, language: str, whence: str) -> None:
    """Somebody asks for it. Whoever is on the list already is not told so, and neither is anybody else: only a letter
    to that very address says anything. `whence`: their network address."""
    found = address_of(address)
    if not found:
        raise Refused(_("This is not an e-mail address."), code="address", field="address")
    with transaction.atomic():
        if knocks.too_many(CONFIRM, whence, an_hour=PLACE_AN_HOUR, a_day=PLACE_A_DAY):
            raise Refused(_("That is a lot at once. Wait an hour."), code="too_many", field="address")
        now = clock.now()
        fresh = {"token": _token(), "asked_at": now, "language": language, "proof": "form"}
        row, _new = Reader.objects.select_for_update().get_or_create(
            account=account, address=found.lower(), defaults=fresh
        )
        if row.state == ReaderState.READING or (row.written_at and row.written_at > now - AGAIN):
            return
        row.state, row.asked_at, row.written_at, row.language = ReaderState.ASKED, now, now, language
        row.save()  # that they stopped it stays known until they say yes: anybody can fill in an address
        _ask_to_say_yes(row)


def _token() -> str:
    return secrets.token_urlsafe(32)


def _ask_to_say_yes(row: Reader) -> None:
    house = people.house()
    with override(row.language or house.language):
        yes = settings.KOOR_URL + reverse("publishing:say_yes", args=[row.token])
        lines = [
            _("Somebody, we hope you, asked for the newsletter of %(house)s at this address.") % {"house": house.name},
            _("Do you want it? Then say so here:"),
            yes,
            _("Did you not ask for it? Then do nothing: no more comes, and in two weeks we forget this address."),
        ]
        subject = _("Do you want the newsletter of %(house)s?") % {"house": house.name}
    notices.mail(to=row.address, subject=subject, text="\n\n".join(lines), kind=CONFIRM, way_in=True)


@transaction.atomic
def say_yes(*, by: Colleague = SYSTEM, token: str) -> Reader | None:
    """The reader says yes. None when there is nobody who could."""
    row = Reader.objects.select_for_update().filter(token=token).first()
    if row is None or row.state == ReaderState.ENDED:
        return None
    if row.state == ReaderState.ASKED:
        row.state, row.confirmed_at, row.proof = ReaderState.READING, clock.now(), "form"
        row.ended_at, row.ended_because = None, ""
        row.save(update_fields=["state", "confirmed_at", "proof", "ended_at", "ended_because"])
        Letter.objects.filter(reader=row, state__in=NOT_GONE).delete()  # of before they stopped
        audit.record(by=by, verb="publishing.say_yes", target=row.account)
    return row


@transaction.atomic
def stop_newsletter(*, by: Colleague = SYSTEM, token: str) -> Reader | None:
    """The reader stops it, with one tap or by their mail program. Twice is once."""
    row = Reader.objects.select_for_update().filter(token=token).first()
    if row is not None:
        _end(row, Ended.LEFT, by)
    return row


@transaction.atomic
def take_off(*, by: Colleague, reader: Reader) -> None:
    """A colleague takes an address off the list, such as when somebody asks for it by telephone."""
    require(access.may_keep_readers(by, reader.account), _("The list is kept by the curator."))
    _end(Reader.objects.select_for_update().get(pk=reader.pk), Ended.REMOVED, by)


def _end(row: Reader, because: Ended, by: Colleague) -> None:
    """No letter goes there any more, also none that waits."""
    Letter.objects.filter(reader=row, state__in=NOT_GONE).delete()
    if row.state == ReaderState.ENDED:
        return
    row.state, row.ended_at, row.ended_because = ReaderState.ENDED, clock.now(), because
    row.save(update_fields=["state", "ended_at", "ended_because"])
    audit.record(by=by, verb="publishing.end_newsletter", target=row.account, because=because.value)


@transaction.atomic
def end_unreachable(reader_id: int) -> None:
    """A mail server said for good that the address is not there."""
    row = Reader.objects.select_for_update().filter(pk=reader_id).first()
    if row is not None:
        _end(row, Ended.NOBODY, SYSTEM)


@transaction.atomic
def bring_in_readers(*, by: Colleague, account: Account, lines: Iterable[str], proof: str) -> tuple[int, int]:
    """People who asked for it elsewhere, with the proof of that. Who stopped it stays stopped. New ones, and lines
    that hold no address."""
    require(access.may_keep_readers(by, account), _("The list is kept by the curator."))
    told = " ".join(proof.split())[:300]
    if len(told) < 10:
        sentence = _("Say where and when these people asked for it. Who did not ask may not be written to.")
        raise Refused(sentence, code="proof", field="proof")
    given = [line.strip().strip(",;\"'") for line in lines if line.strip()]
    if len(given) > MOST:
        raise Refused(_("At most %(most)s addresses at once.") % {"most": MOST}, code="many", field="addresses")
    found = {address.lower() for line in given if (address := address_of(line))}
    new = _put_on(account, found, told)
    audit.record(by=by, verb="publishing.bring_in_readers", target=account, number=new, proof=told)
    return new, len(given) - len(found)


def _put_on(account: Account, addresses: set[str], proof: str) -> int:
    """How many of them are new readers."""
    now, language = clock.now(), people.house().language
    said = {"state": ReaderState.READING, "proof": proof, "confirmed_at": now}
    fresh = {"account": account, "asked_at": now, "language": language, **said}
    before = Reader.objects.filter(account=account).count()
    rows = [Reader(address=address, token=_token(), **fresh) for address in sorted(addresses)]
    Reader.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    waiting = Reader.objects.filter(account=account, address__in=addresses, state=ReaderState.ASKED, ended_at=None)
    said_yes = waiting.update(**said)
    return Reader.objects.filter(account=account).count() - before + said_yes


def forget_who_did_not_say_yes() -> int:
    """Addresses of people who never said yes: somebody else may have filled them in. Who stopped before is stopped
    still."""
    late = Reader.objects.filter(state=ReaderState.ASKED, asked_at__lt=clock.now() - YES_WITHIN)
    late.exclude(ended_at=None).update(state=ReaderState.ENDED)
    return late.filter(ended_at=None).delete()[0]


def letters_to_all(target_id: int, account_id: int) -> None:
    """One waiting letter for each who reads it at this moment. Twice makes none twice."""
    now = clock.now()
    readers = Reader.objects.filter(account_id=account_id, state=ReaderState.READING).values_list("pk", flat=True)
    rows = [
        Letter(target_id=target_id, reader_id=pk, state=LetterState.WAITING, wake_at=now, changed_at=now)
        for pk in readers.order_by(F("pk").asc())
    ]
    Letter.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
