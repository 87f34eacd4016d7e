"""Who may plan. Everybody sees the calendar; a colleague moves what is their own."""

from django.utils.translation import gettext_lazy as _

from koor.flow.calendar.choices import ChangeState
from koor.flow.calendar.models import Agreement, AgreementChange, Slot
from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.kernel.access import System

PLAN = declare("calendar.plan", _("Plan the calendar"), Role.CURATOR)


def may_plan(by: Colleague) -> bool:
    return allows(by, PLAN)


def may_change_slot(by: Colleague, slot: Slot) -> bool:
    return may_plan(by) or slot.person_id == by.pk


def may_take_slot(by: Colleague, slot: Slot) -> bool:
    """An open slot is for whoever wants it."""
    return not isinstance(by, System) and by.is_active and slot.person_id in (None, by.pk) and not slot.filled


def speaks_for(by: Colleague, agreement: Agreement) -> bool:
    """Whether this colleague supplies it: themselves, in its team, or in its rota."""
    if by.pk is None:
        return False
    if agreement.person_id is not None:
        return bool(agreement.person_id == by.pk)
    if agreement.team is not None:
        return any(one.pk == by.pk for one in agreement.team.people.all())
    return agreement.rota is not None and any(turn.person_id == by.pk for turn in agreement.rota.turns.all())


def may_propose_change(by: Colleague, agreement: Agreement) -> bool:
    return may_plan(by) or speaks_for(by, agreement)


def may_answer(by: Colleague, change: AgreementChange) -> bool:
    """The other of the two: who supplies it, or who plans when a supplier proposed it; never who proposed it.

    For a curator's own promise that is another who plans, or the captain."""
    if isinstance(by, System):
        return True
    if not by.is_active or change.state != ChangeState.WAITING or by.pk == change.by_id:
        return False
    if change.from_supplier:
        return may_answer_suppliers(by)
    return speaks_for(by, change.agreement)


def may_answer_suppliers(by: Colleague) -> bool:
    """Who plans, and the captain."""
    return may_plan(by) or (not isinstance(by, System) and by.has_role(Role.CAPTAIN))


def may_end_agreement(by: Colleague, agreement: Agreement) -> bool:
    return may_plan(by) or speaks_for(by, agreement)
