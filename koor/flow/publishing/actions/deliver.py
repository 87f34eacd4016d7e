"""The engine: one step of one row at a time. What is promised, never twice and never lost, is kept by the order of
the lines here: claim and attempt are committed, then the network, then the answer. See docs/decisions on delivery."""

from __future__ import annotations

import dataclasses
import logging
import random
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Item
from koor.flow.publishing.actions import content, ledger
from koor.flow.publishing.actions.alike import held_when_due
from koor.flow.publishing.actions.braking import braked
from koor.flow.publishing.actions.films import waits_for_a_film
from koor.flow.publishing.actions.ledger import Claim
from koor.flow.publishing.actions.pausing import held_by_pause
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.logic import moments
from koor.flow.publishing.models import Target
from koor.ground.channels import actions as channel_actions
from koor.ground.channels import contract
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.people.models import House
from koor.ground.people.queries import house as our_house
from koor.kernel import clock, limits, locks, memory, written
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.faults import fault

log = logging.getLogger(__name__)
GO_ON = 10.0  # seconds; a worker that is told to stop finishes what it has in hand
AT_HAND = 16  # rows that a sender takes a look at together
SWEEP = 2000  # rows in one sweep
JUST_NOW = timedelta(seconds=5)  # a row whose job is probably on its way


def deliver(target_id: int) -> None:
    """Do what this row's moment asks for, if it has come. Safe to call at any time, any number of times."""
    if not _worth_it(target_id):
        return
    with locks.held(ledger.lock_name(target_id)) as alone, memory.remembering():
        if alone:
            _step(target_id)


def deliver_due() -> None:
    """Go on with what else is due, for a while: many rows of one moment cost one job, not one each. Their own jobs find
    nothing to do any more. Several senders take from the same rows, so each takes them in another order."""
    seen: set[int] = set()
    until = time.monotonic() + GO_ON
    while time.monotonic() < until and len(seen) < SWEEP and not _is_held():
        due = Target.objects.filter(wake_at__lte=clock.now()).exclude(pk__in=seen).order_by("wake_at")
        found = list(due.values_list("pk", flat=True)[:AT_HAND])
        if not found:
            return
        random.shuffle(found)
        for pk in found:
            _beside_others(pk)
        seen.update(found)


def _beside_others(pk: int) -> None:
    """A row that breaks something breaks its own job; it does not keep the others."""
    try:
        deliver(pk)
    except DatabaseError:
        raise
    except Exception:
        log.exception("delivering %s", pk)


def _is_held() -> bool:
    return House.objects.filter(pk=1).exclude(publishing_held="").exists()


def _worth_it(target_id: int) -> bool:
    """A look without a lock, so that a job that comes twice costs little."""
    found = _standing(target_id).rows()
    return any(logic.moment_has_come(state, wake_at, clock.now()) for state, wake_at in found)


@written.once("pk")
def _standing(pk: int) -> QuerySet[Any, Any]:
    return Target.objects.filter(pk=pk).values_list("state", "wake_at")


def _moment_has_come(target: Target) -> bool:
    return logic.moment_has_come(target.state, target.wake_at, clock.now())


def _step(target_id: int) -> None:
    with transaction.atomic():
        target = ledger.locked(target_id, wait=False)
        if target is None:  # somebody has it in hand at this moment: the others behind it do not wait for that
            ledger.come_back(target_id)
            return
        if not _moment_has_come(target):
            return
        if target.state in (State.CLAIMED, State.SENDING):
            ledger.keep(target, logic.cut_off(ledger.row_of(target), clock.now()))
            return
        looks = target.state in (State.UNKNOWN, State.RECONCILING)
        claim = _claim_to_look(target) if looks else _claim_to_send(target)
    if claim is not None:
        (_look if looks else _send)(claim, target)


# ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _claim_to_send(target: Target) -> Claim | None:
    """Take a row whose moment has come, or say why not. In the caller's transaction."""
    house = our_house()  # asked in this very step: nothing is remembered from before it
    if house.publishing_held:
        return None  # it stays as it is; the sweep comes back when the house may speak again
    content.take_in_hand(target)
    now, row = clock.now(), ledger.row_of(target)
    manifest = ledger.manifest_of(target)
    to = logic.at_its_moment(row, now, by_hand=manifest is not None and manifest.by_hand)
    if to.state == State.CLAIMED:
        to = _hindered(target, row, manifest) or to
    elif to.because == logic.BY_HAND:
        to = _not_agreed(target, row, manifest) or to
    leaves = to.state == State.CLAIMED or to.because == logic.BY_HAND
    if leaves and (
        braked(target, house.brake) or held_by_pause(target) or waits_for_a_film(target) or held_when_due(target)
    ):
        return None
    if to.state == State.CLAIMED:
        return ledger.claim(target, to, content.digest_of(target), house)
    ledger.keep(target, to)
    return None


def _hindered(target: Target, row: logic.Row, manifest: contract.Manifest | None) -> logic.Next | None:
    """What keeps a row that is due from going now."""
    now = clock.now()
    if manifest is None or target.account.state != AccountState.ACTIVE:
        return logic.wait(row, now, logic.ACCOUNT)
    pace = getattr(target.account, "pace", None)
    if pace is not None and pace.until > now:
        return logic.moved(row, logic.Next(logic.WAITING, pace.until, logic.RATE))
    return _not_agreed(target, row, manifest)


def _not_agreed(target: Target, row: logic.Row, manifest: contract.Manifest | None) -> logic.Next | None:
    """Somebody in it does not agree, or our right to use it has ended: a person is asked."""
    hindered = _not_to_be_shown(target) if manifest is None or manifest.public else []
    if not hindered:
        return None
    because = logic.RIGHTS if any(hub.right_ended(item) for item in hindered) else logic.CONSENT
    return logic.moved(row, logic.Next(logic.NEEDS_PERSON, because=because))


def _not_to_be_shown(target: Target) -> list[Item]:
    """What it is made of that may not be published on this account, now."""
    by, made_of = target.post.by, content.made_of(target.post, target)
    return [item for item in made_of if not hub.publishable(by, item, account=target.account)[0]]


def _send(claim: Claim, target: Target) -> None:
    """As it was claimed: should anything have changed since, the ledger lets none of it go (`start_sending`)."""
    fault("publishing.after_claim")
    try:
        connector = channels.connector(target.account.connector)
        session = channels.session_for(target.account)
        draft = content.draft_of(target)
    except (Refused, OSError, MemoryError) as error:
        ledger.not_prepared(claim, logic.BROKEN, None, str(error) or type(error).__name__, {})
        return
    session = dataclasses.replace(session, kept=target.handle, keep=lambda handle: ledger.keep_stage(claim, handle))
    prepared = _prepared(connector.publish, session, draft, target)
    if prepared.problem:
        _could_not(claim, target, prepared)
        return
    # The timer runs before the row says "sending": a process that is paused at any point after that dies on waking.
    with limits.hard_limit(logic.HARD_LIMIT):
        sending = ledger.start_sending(claim, prepared.handle, like=target)
        if sending is None:
            return
        fault("publishing.before_send")
        outcome = _sent(connector.publish, session, _attempt(claim, sending, draft))
        fault("publishing.after_send")
    ledger.record(claim, outcome)
    if outcome.because == contract.Because.AUTH:
        _tell_owner(target)


def _prepared(publish: Any, session: contract.Session, draft: contract.Draft, target: Target) -> contract.Prepared:
    """Harmless and repeatable; done once for a key, so that every attempt sends the same."""
    if target.prepared_at is not None:
        return contract.Prepared(handle=target.handle)
    try:
        with limits.hard_limit(logic.HARD_LIMIT) as limit:
            return publish.prepare(_renewing(session, limit), draft)  # type: ignore[no-any-return]
    except Exception as error:  # a connector should not raise; nothing is public yet, so a later try is safe
        log.exception("preparing %s", target.pk)
        problem = _("Something of ours broke while this was prepared: %(what)s")
        return contract.Prepared(problem=problem, values={"what": type(error).__name__}, because=contract.Because.NONE)


def _could_not(claim: Claim, target: Target, prepared: contract.Prepared) -> None:
    ledger.not_prepared(
        claim, str(prepared.because) or logic.BROKEN, prepared.retry_after, prepared.problem, prepared.values
    )
    if prepared.because == contract.Because.AUTH:
        _tell_owner(target)


def _sent(publish: Any, session: contract.Session, attempt: contract.Attempt) -> contract.Outcome:
    try:
        return publish.send(session, attempt)  # type: ignore[no-any-return]
    except Exception as error:  # whatever it is, it may have happened after the post was made
        log.exception("sending %s", attempt.key)
        return contract.Outcome(contract.Verdict.UNKNOWN, answer=type(error).__name__)


def _attempt(claim: Claim, target: Target, draft: contract.Draft) -> contract.Attempt:
    return contract.Attempt(
        number=claim.number,
        key=ledger.key_of_part(target),
        draft=draft,
        prepared=contract.Prepared(handle=target.handle),
        started_at=target.first_sent_at or clock.now(),
        taken=taken(target),
    )


def taken(target: Target) -> frozenset[str]:
    """Numbers on the platform that other rows of this account have; around the time of this one."""
    since = (target.first_sent_at or clock.now()) - timedelta(days=1)
    found = _taken(account=target.account_id, pk=target.pk, since=since).rows()
    return frozenset(str(one) for number, chain in found for one in (number, *(chain or ())) if one)


@written.once("account", "pk", "since")
def _taken(account: int, pk: int, since: datetime) -> QuerySet[Any, Any]:
    known = Q(published_at__gte=since) & ~Q(remote_id="")
    thread = Q(first_sent_at__gte=since, handle__has_key="chain")
    rows = Target.objects.filter(known | thread, account=account).exclude(pk=pk)
    return rows.values_list("remote_id", "handle__chain")


def _renewing(session: contract.Session, limit: limits.HardLimit) -> contract.Session:
    """A session each of whose requests gets the whole time, for steps that are harmless however long they take."""
    return dataclasses.replace(session, http=_Renewing(session.http, limit))


class _Renewing:
    def __init__(self, http: contract.Http, limit: limits.HardLimit) -> None:
        self.http, self.limit = http, limit

    def request(self, *arguments: Any, **named: Any) -> contract.Response:
        self.limit.renew()
        return self.http.request(*arguments, **named)


def _tell_owner(target: Target) -> None:
    """The account no longer lets us in: its owner hears of it in channels."""
    sentence = _("The platform no longer accepts the credentials of this account.")
    health = contract.Health(False, sentence, because=contract.Because.AUTH)
    channel_actions.note_health(by=SYSTEM, account=target.account, health=health)


# ── Looking back ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _claim_to_look(target: Target) -> Claim:
    content.take_in_hand(target)
    to = logic.looking(ledger.row_of(target), clock.now())
    return ledger.begin_look(target, to, content.digest_of(target))


def _look(claim: Claim, target: Target) -> None:
    fault("publishing.before_look")
    found = _found(target, claim)
    if isinstance(found, contract.Seen) and found.remote_id in taken(target):
        found = contract.NotSeen()  # that one is another row's
    if isinstance(found, contract.Seen):
        ledger.record_look(claim, logic.SEEN, remote_id=found.remote_id, url=found.url, more=found.more)
    elif isinstance(found, contract.NotSeen):
        ledger.record_look(claim, logic.NOT_SEEN)
    else:
        ledger.record_look(claim, logic.CANNOT_KNOW, why=found.why)


def _found(target: Target, claim: Claim) -> contract.Seen | contract.NotSeen | contract.CannotKnow:
    try:
        publish = channels.connector(target.account.connector).publish
        session = channels.session_for(target.account)
        draft = content.draft_of(target, with_pictures=False)
        with limits.hard_limit(logic.HARD_LIMIT) as limit:
            return publish.find(_renewing(session, limit), _attempt(claim, target, draft))  # type: ignore[no-any-return]
    except Exception as error:  # looking harms nothing: not knowing is the honest answer
        log.exception("looking for %s", target.pk)
        return contract.CannotKnow(type(error).__name__)


# ── The sweep ────────────────────────────────────────────────────────────────────────────────────────────────────────


def sweep() -> int:
    """Find every row whose moment has passed, whatever became of its job, and have it looked at; how many."""
    now = clock.now()
    # Held: looking back goes on, nothing new is sent
    waiting = Target.objects.filter(state__in=logic.UNSURE) if _is_held() else Target.objects.all()
    due = Q(wake_at__lte=now - JUST_NOW) | Q(state__in=logic.UNSURE, last_sent_at__gt=now)
    rows = list(waiting.filter(due).order_by("wake_at").only("pk", "state", "wake_at", "last_sent_at")[:SWEEP])
    return sum(_woken(target, now) for target in rows)


def _woken(target: Target, now: datetime) -> bool:
    if target.wake_at is not None and target.wake_at > now:
        if not logic.sleeps_too_long(target.last_sent_at, target.wake_at, now):
            return False
        target.wake_at = now
        Target.objects.filter(pk=target.pk, state=target.state).update(wake_at=now)
    if logic.is_stuck(target.state, target.last_sent_at, target.wake_at, now):
        locks.end_holder(ledger.lock_name(target.pk))
    with transaction.atomic():
        ledger.wake(target)
    return True


@transaction.atomic
def wake_account(account_id: int) -> int:
    """An account is in use again: what waited for it goes now. How many rows."""
    rows = Target.objects.select_for_update(of=("self",)).filter(account=account_id, state=State.WAITING)
    woken = list(rows.filter(because__in=[logic.ACCOUNT, logic.AUTH], wake_at__gt=clock.now()))
    for target in woken:
        target.wake_at = clock.now()
        target.save(update_fields=["wake_at"])
        ledger.wake(target)
    return len(woken)


@transaction.atomic
def follow_the_clocks() -> int:
    """Zone rules change, sometimes within weeks: what is planned keeps its wall time. How many rows moved."""
    planned = Target.objects.select_for_update(of=("self",)).filter(state=State.SCHEDULED, due_at__gt=clock.now())
    moved = 0
    for target in planned.filter(due_day__isnull=False, due_time__isnull=False):
        due_at = moments.instant(target.due_day, target.due_time, target.zone)  # type: ignore[arg-type]
        paced = target.through and due_at <= clock.now()  # let go when its moment had passed: it has another one
        if due_at != target.due_at and not paced:
            target.due_at = target.wake_at = due_at
            target.save(update_fields=["due_at", "wake_at"])
            ledger.wake(target)
            moved += 1
    return moved
