"""Writes of the governance room."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.governance.access import SEE_AUDIT, may_change_access, may_set_responsibility
from koor.ground.governance.actions import erasing as erasing
from koor.ground.governance.actions import personal as personal
from koor.ground.governance.actions import terms as terms
from koor.ground.governance.choices import Purpose
from koor.ground.governance.models import Responsibility, RolePermission
from koor.ground.governance.permissions import allows, declared
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.ground.people.models import Discipline, Person
from koor.kernel import audit
from koor.kernel.access import Refused, require


@transaction.atomic
def set_permission(*, by: Colleague, role: str, permission: str, allowed: bool) -> None:
    """Let a role do something, or not. What is as shipped leaves no row, so that a later default is followed."""
    require(may_change_access(by), _("Only an administrator changes who may do what."))
    known = {each.key: each for each in declared()}.get(permission)
    if known is None or role not in Role.values:
        raise Refused(_("That permission is not known."), code="unknown")
    row = RolePermission.objects.select_for_update().filter(role=role, permission=permission).first()
    shipped = role in known.roles
    present = row.allowed if row else shipped
    if present == allowed:
        return
    if allowed == shipped:
        RolePermission.objects.filter(role=role, permission=permission).delete()
    else:
        RolePermission.objects.update_or_create(role=role, permission=permission, defaults={"allowed": allowed})
    audit.record(by=by, verb="governance.set_permission", role=role, permission=permission, allowed=allowed)


@transaction.atomic
def set_permissions(*, by: Colleague, allowed: set[tuple[str, str]]) -> int:
    """The whole matrix at once, as (role, permission) pairs that are allowed; how many were different."""
    require(may_change_access(by), _("Only an administrator changes who may do what."))
    rows = {(row.role, row.permission): row.allowed for row in RolePermission.objects.select_for_update()}
    different = 0
    for permission in declared():
        for role in Role.values:
            present = rows.get((role, permission.key), role in permission.roles)
            wanted = (role, permission.key) in allowed
            if present != wanted:
                set_permission(by=by, role=role, permission=permission.key, allowed=wanted)
                different += 1
    return different


@transaction.atomic
def export_audit(*, by: Colleague) -> None:
    """Taking the trail away leaves a line in it."""
    require(allows(by, SEE_AUDIT))
    audit.record(by=by, verb="governance.export_audit")


@transaction.atomic
def set_responsibility(
    *,
    by: Colleague,
    purpose: str,
    person: Person | None = None,
    discipline: Discipline | None = None,
    agreed: str = "",
) -> Responsibility:
    """Agree who answers for a purpose: a colleague or a discipline, or nobody yet; with the agreement in a sentence."""
    require(may_set_responsibility(by), _("The curator and the captain agree on this."))
    if purpose not in Purpose.values:
        raise Refused(_("That purpose is not known."), code="purpose", field="purpose")
    if person is not None and discipline is not None:
        raise Refused(_("Choose a colleague or a discipline, not both."), code="both", field="who")
    if person is not None and not person.is_active:
        raise Refused(_("Choose a colleague who works here."), code="left", field="who")
    said = " ".join(agreed.split())
    if len(said) > 300:
        raise Refused(_("At most %(most)s characters.") % {"most": 300}, code="too_long", field="agreed")
    row, new = Responsibility.objects.select_for_update().get_or_create(purpose=purpose)
    before = (row.person_id, row.discipline_id, row.agreed)
    row.person, row.discipline, row.agreed = person, discipline, said
    if not new and before == (row.person_id, row.discipline_id, row.agreed):
        return row
    row.save()
    who = person.name if person else discipline.name if discipline else ""
    audit.record(by=by, verb="governance.set_responsibility", target=row, purpose=purpose, who=who)
    return row
