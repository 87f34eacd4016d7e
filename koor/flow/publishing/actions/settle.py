"""What only a person can say: it is there, it is not, it is done; and stopping everything."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.publishing import access
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.checks import check_movable, linked_there
from koor.flow.publishing.actions.restored import ask_what_went, was_restored
from koor.flow.publishing.actions.write import locked
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries.by_hand import by_hand_no_more
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Session
from koor.ground.people.access import Colleague
from koor.ground.people.models import House
from koor.kernel import audit, clock, jobs, memory
from koor.kernel.access import Refused, require
from koor.kernel.identity import is_the_one

log = logging.getLogger(__name__)
LONGEST_NUMBER = 40  # of a platform's numbers


def link_target(*, by: Colleague, target: Target, url: str = "") -> Target:
    """It is there: a person looked and says so, with its address when there is one. The platform may be asked which
    number that is, before anything is locked."""
    with transaction.atomic():
        row = ledger.row(target)
        _check_asked(by, row)
    url = linked_there(url, row.account)
    number = number_at(row, url)
    with transaction.atomic():
        return _linked(by, target, url, number)


def _check_asked(by: Colleague, row: Target) -> None:
    require(access.may_settle(by, row), _("Its maker, the owner of the account and the curator say this."))
    asked = (logic.UNSURE_FOR_GOOD, logic.BY_HAND, logic.HALF)
    waits = row.state == State.NEEDS_PERSON and (row.because in asked or by_hand_no_more(row))
    if row.state != State.PUBLISHED and not waits:
        raise Refused(_("Nobody asked whether this one is there."), code="not_asked")


def _linked(by: Colleague, target: Target, url: str, number: str) -> Target:
    locked(target.post)
    row = ledger.row(target)
    _check_asked(by, row)
    if row.state == State.PUBLISHED:
        return row
    row.url, row.remote_id = url, free_number(row, number)
    goes_on = row.because == logic.UNSURE_FOR_GOOD and ledger.parts_to_come(row)
    if goes_on and row.remote_id in ("", *ledger.chain_of(row)):
        sentence = _("This is a part of a thread. Give the address of this part: then the rest goes under it.")
        raise Refused(sentence, code="number", field="link")
    audit.record(by=by, verb="publishing.link_target", target=row.post, account=row.account_id, url=row.url[:200])
    if goes_on:
        _part_told_up(row)
    else:
        _told_up(row, by)
    return row


def _part_told_up(row: Target) -> None:
    """A person says that a part of a thread is up: the next one goes now, and is not too late for it."""
    number, address, row.remote_id, row.url = row.remote_id, row.url, "", ""
    row.due_at = clock.now()
    ledger.next_after(row, number, address)


def _told_up(row: Target, by: Colleague) -> None:
    """A person says that it is up. A thread is known by its first part, however many of them there are."""
    if chain := ledger.chain_of(row):
        row.remote_id, row.url = chain[0], row.url or str(row.handle.get("url", ""))
    row.told_by_id = by.pk
    ledger.keep(row, logic.moved(ledger.row_of(row), logic.Next(State.PUBLISHED)))


def number_at(row: Target, url: str) -> str:
    """By which number the platform knows what stands there, so that answers to it are recognised: as its connector
    says, else the digits at the end of the address."""
    known = channels.connectors().get(row.account.connector)
    ask = getattr(known.publish, "number_at", None) if known and url and row.state != State.PUBLISHED else None
    if ask is not None:
        return _asked(ask, row, url)[:300]
    return digits_at(url)


def digits_at(url: str) -> str:
    """The number at the end of an address."""
    last = urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]
    return last if last.isascii() and last.isdigit() and len(last) <= LONGEST_NUMBER else ""


def free_number(row: Target, number: str) -> str:
    """The number, unless another post of this account has it."""
    taken = Target.objects.filter(account=row.account_id, remote_id=number).exclude(pk=row.pk)
    return "" if number and taken.exists() else number


def _asked(ask: Callable[[Session, str], str], row: Target, url: str) -> str:
    """Empty when it can't be told now."""
    try:
        return ask(channels.session_for(row.account), url)
    except Exception:  # the platform does not answer, or the account can't be used: the address alone is kept
        log.exception("asking for the number of row %s", row.pk)
        return ""


@transaction.atomic
def send_again(*, by: Colleague, target: Target) -> Target:
    """It is not there: a person looked and says so. It goes again now."""
    locked(target.post)
    row = ledger.row(target)
    require(access.may_settle(by, row), _("Its maker, the owner of the account and the curator say this."))
    if row.state in logic.READY:
        return row
    if row.state != State.NEEDS_PERSON or row.because in (logic.BY_HAND, logic.ALIKE, logic.FILM, logic.PAUSED):
        raise Refused(_("Nobody asked whether this one is there."), code="not_asked")
    now = clock.now()
    row.due_at = now  # what was late because nobody knew is not missed now
    audit.record(by=by, verb="publishing.send_again", target=row.post, account=row.account_id)
    ledger.keep(row, logic.moved(ledger.row_of(row), logic.Next(State.WAITING, now, logic.NOT_THERE)))
    return row


@transaction.atomic
def leave_target(*, by: Colleague, target: Target) -> Target:
    """Leave it as it is: it is neither looked for nor sent again."""
    locked(target.post)
    row = ledger.row(target)
    require(access.may_settle(by, row), _("Its maker, the owner of the account and the curator say this."))
    if row.state == State.CANCELLED:
        return row
    if row.state != State.NEEDS_PERSON:
        check_movable(row)
    if ledger.chain_of(row):  # the parts that are up can be answered, and taken away
        audit.record(by=by, verb="publishing.leave_target", target=row.post, account=row.account_id)
        _told_up(row, by)
        return row
    left = logic.LEFT if row.because == logic.UNSURE_FOR_GOOD else ""
    audit.record(by=by, verb="publishing.leave_target", target=row.post, account=row.account_id)
    ledger.keep(row, logic.moved(ledger.row_of(row), logic.Next(State.CANCELLED, because=left)))
    return row


@transaction.atomic
def hold_publishing(*, by: Colleague, why: str) -> None:
    """Stop: nothing more is posted anywhere until it may again. Looking back at what went goes on."""
    require(access.may_hold(by), _("Ask the curator, PR on duty or the administrator."))
    house = House.objects.select_for_update().get(pk=1)
    why = " ".join(why.split())[:200]
    if not why:
        raise Refused(_("Say in a few words why, so that others understand."), code="why", field="why")
    house.publishing_held = why
    house.save(update_fields=["publishing_held"])
    memory.forget()
    audit.record(by=by, verb="publishing.hold_publishing", target=house, why=why)


@transaction.atomic
def resume_publishing(*, by: Colleague) -> None:
    """Posting goes on. Of a house that was restored or copied this also says that it is the house now.

    What is too late by now is missed, and shown; the rest goes within a minute. After a restore a person is asked of
    each row that was due by now: nothing that may be up goes by itself."""
    from koor.flow.publishing.tasks import sweep_now

    require(access.may_hold(by), _("Ask the curator, PR on duty or the administrator."))
    house = House.objects.select_for_update().get(pk=1)
    if house.publishing_held:
        why, house.publishing_held = house.publishing_held, ""
        house.save(update_fields=["publishing_held"])
        memory.forget()
        if was_restored(why):
            ask_what_went()
        transaction.on_commit(partial(is_the_one, settings.KOOR_HOME))
        audit.record(by=by, verb="publishing.resume_publishing", target=house, why=why)
        jobs.later(sweep_now)
