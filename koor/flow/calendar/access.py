"""Who may plan. Everybody sees the calendar; a colleague moves what is their own."""

from django.utils.translation import gettext_lazy as _

from koor.flow.calendar.models import Agreement, Slot
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


def may_answer_agreement(by: Colleague, agreement: Agreement) -> bool:
    """The other of the two agrees: who was asked, or the planner when the colleague proposed it."""
    if agreement.proposed_by_id == agreement.person_id:
        return may_plan(by)
    return by.pk == agreement.person_id


def may_end_agreement(by: Colleague, agreement: Agreement) -> bool:
    return may_plan(by) or by.pk == agreement.person_id
