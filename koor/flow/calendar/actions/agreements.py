"""Agreements: two people agree on what is promised, and change it the same way."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.calendar import access
from koor.flow.calendar.actions.rolling import follow_terms, roll_agreement, roll_beats
from koor.flow.calendar.choices import AgreementState, ChangeKind, ChangeState, Rhythm
from koor.flow.calendar.events import AgreementMade, ChangeProposed
from koor.flow.calendar.models import Agreement, AgreementChange
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person, Rota, Team
from koor.ground.people.queries import today
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require
from koor.kernel.once import once as only_once

CHANGEABLE = ("content", "about", "rhythm", "weekday", "time", "accounts", "last_day")
ENDED = "ended"


@transaction.atomic
def propose_agreement(
    *,
    by: Colleague,
    person: Person | None = None,
    team: Team | None = None,
    rota: Rota | None = None,
    content: str,
    about: str = "",
    rhythm: str = Rhythm.WEEKLY,
    weekday: int = 0,
    time: time | None = None,
    accounts: Sequence[Account] = (),
    first_day: date,
    last_day: date | None = None,
    once: str = "",
) -> Agreement:
    """Propose a promise to a colleague, team or rota, or one's own to who plans. Nothing rolls out before the yes."""
    made = Agreement(
        person=person, team=team, rota=rota, content=content, about=about, rhythm=rhythm, weekday=weekday, time=time,
        first_day=first_day, last_day=last_day, proposed_by_id=by.pk, made_at=clock.now(),
    )  # fmt: skip
    _one_supplier(made)
    require(access.may_propose_change(by, made))
    _days_in_order(first_day, last_day)

    def make() -> Agreement:
        made.save()
        made.accounts.set(accounts)
        _note(by, made, ChangeKind.MADE, after=terms_of(made))
        audit.record(by=by, verb="calendar.propose_agreement", target=made)
        return made

    said = {"who": made.who, "person": made.person_id, "about": about, "content": content}
    pk, _new = only_once(f"calendar.propose_agreement:{by.pk}", once, said, make)
    return Agreement.objects.get(pk=pk)


def _one_supplier(agreement: Agreement) -> None:
    if [agreement.person, agreement.team, agreement.rota].count(None) != 2:
        raise Refused(_("Choose one: a colleague, a team or a rota."), code="who", field="person")


def _days_in_order(first: date, last: date | None) -> None:
    if last and last < first:
        raise Refused(_("The last day lies before the first."), field="last_day")


def terms_of(agreement: Agreement) -> dict[str, Any]:
    """What was agreed, as the history keeps it."""
    return {
        "content": agreement.content,
        "about": agreement.about,
        "rhythm": agreement.rhythm,
        "weekday": agreement.weekday,
        "time": agreement.time.isoformat("minutes") if agreement.time else "",
        "accounts": sorted(account.pk for account in agreement.accounts.all()),
        "last_day": agreement.last_day.isoformat() if agreement.last_day else "",
    }


def _note(by: Colleague, agreement: Agreement, kind: str, **fields: Any) -> AgreementChange:
    supplier = access.speaks_for(by, agreement)
    change = AgreementChange.objects.create(
        agreement=agreement, kind=kind, by_id=by.pk, from_supplier=supplier, at=clock.now(), **fields
    )
    if change.state == ChangeState.WAITING:
        events.tell(ChangeProposed(change.pk))
    return change


def _held(agreement: Agreement) -> Agreement:
    return Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)


def _waiting(agreement: Agreement) -> AgreementChange | None:
    change = agreement.changes.filter(state=ChangeState.WAITING).first()
    if change is not None:
        change.agreement = agreement
    return change


@transaction.atomic
def propose_change(*, by: Colleague, agreement: Agreement, why: str = "", **terms: Any) -> AgreementChange:
    """Propose to change what was agreed. It stays as it is until the other says yes; one proposal at a time."""
    agreement = _held(agreement)
    require(access.may_propose_change(by, agreement))
    if unknown := set(terms) - set(CHANGEABLE):
        raise TypeError(f"not changeable: {unknown}")
    if agreement.state != AgreementState.AGREED:
        raise Refused(_("Only what was agreed can be changed."), code="not_agreed")
    if _waiting(agreement) is not None:
        raise Refused(_("A change waits for an answer already. First that one."), code="waiting")
    _days_in_order(max(today(), agreement.first_day), terms.get("last_day"))
    before = terms_of(agreement)
    after = before | _written(terms)
    if after == before:
        raise Refused(_("That is what was agreed already."), code="same")
    change = _note(by, agreement, ChangeKind.CHANGED, why=why[:300], before=before, after=after)
    audit.record(by=by, verb="calendar.propose_change", target=agreement)
    return change


def _written(terms: dict[str, Any]) -> dict[str, Any]:
    written = dict(terms)
    if "accounts" in terms:
        written["accounts"] = sorted(account.pk for account in terms["accounts"])
    if "time" in terms:
        written["time"] = terms["time"].isoformat("minutes") if terms["time"] else ""
    if "last_day" in terms:
        written["last_day"] = terms["last_day"].isoformat() if terms["last_day"] else ""
    return written


@transaction.atomic
def agree(*, by: Colleague, agreement: Agreement) -> Agreement:
    """The other of the two says yes, to the agreement or to its change; its slots roll out at once. Twice is once."""
    agreement = _held(agreement)
    change = _waiting(agreement)
    if agreement.state == AgreementState.ENDED:
        raise Refused(_("This agreement has ended. Make a new one."), code=ENDED)
    if change is None:
        require(access.may_propose_change(by, agreement))
        return agreement
    require(access.may_answer(by, change))
    _settle(by, change, ChangeState.AGREED)
    if change.kind == ChangeKind.CHANGED:
        _apply(agreement, change.after)
        audit.record(by=by, verb="calendar.agree_change", target=agreement)
        follow_terms(agreement)
    else:
        agreement.state = AgreementState.AGREED
        agreement.save(update_fields=["state"])
        audit.record(by=by, verb="calendar.agree", target=agreement)
        events.tell(AgreementMade(agreement.pk))
        roll_agreement(agreement)
    return agreement


def _settle(by: Colleague, change: AgreementChange, state: str) -> None:
    change.state, change.answered_by_id = state, by.pk
    change.save(update_fields=["state", "answered_by"])


def _apply(agreement: Agreement, terms: dict[str, Any]) -> None:
    for name in ("content", "about", "rhythm", "weekday"):
        setattr(agreement, name, terms[name])
    agreement.time = time.fromisoformat(terms["time"]) if terms["time"] else None
    agreement.last_day = date.fromisoformat(terms["last_day"]) if terms["last_day"] else None
    agreement.save(update_fields=["content", "about", "rhythm", "weekday", "time", "last_day"])
    agreement.accounts.set(Account.objects.filter(pk__in=terms["accounts"]))


@transaction.atomic
def decline_change(*, by: Colleague, agreement: Agreement) -> Agreement:
    """The other would rather not, or who proposed the change takes it back: it stays as it was. No reason is asked."""
    agreement = _held(agreement)
    change = _waiting(agreement)
    if change is None or change.kind != ChangeKind.CHANGED:
        return agreement
    own = by.pk == change.by_id
    require(own or access.may_answer(by, change))
    _settle(by, change, ChangeState.WITHDRAWN if own else ChangeState.DECLINED)
    audit.record(by=by, verb="calendar.decline_change", target=agreement)
    return agreement


@transaction.atomic
def end_agreement(*, by: Colleague, agreement: Agreement) -> Agreement:
    """End a promise, or say no to one. Coming slots that nothing stands ready for disappear with it."""
    agreement = _held(agreement)
    require(access.may_end_agreement(by, agreement))
    if agreement.state == AgreementState.ENDED:
        return agreement
    day = today()
    change = _waiting(agreement)
    if change is not None:
        _settle(by, change, ChangeState.WITHDRAWN if by.pk == change.by_id else ChangeState.DECLINED)
    if agreement.state == AgreementState.AGREED:
        _note(by, agreement, ChangeKind.ENDED, state=ChangeState.AGREED, before=terms_of(agreement))
    agreement.state, agreement.last_day = AgreementState.ENDED, max(day, agreement.first_day)
    agreement.save(update_fields=["state", "last_day"])
    # the beats of the channels that it took are open again
    agreement.slots.filter(day__gte=day, filled=False, dropped_at=None).update(
        dropped_at=clock.now(), posting_time=None
    )
    roll_beats()
    audit.record(by=by, verb="calendar.end_agreement", target=agreement)
    return agreement
