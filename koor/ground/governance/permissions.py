"""Permissions by role. A room declares its own in its `access.py`:

    APPROVE = declare("publishing.approve", _("Approve a colleague's post"), Role.CURATOR)
    def may_approve(by, post): return allows(by, APPROVE) or …

An organisation can turn each on or off per role (RolePermission); access per account is in channels."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from koor.ground.governance.models import RolePermission
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import written
from koor.kernel.access import System


@dataclass(frozen=True)
class Permission:
    key: str
    label: Any
    roles: tuple[str, ...]  # that have it unless the organisation says otherwise


_all: dict[str, Permission] = {}


def declare(key: str, label: Any, *roles: str) -> Permission:
    """Declare a permission; `label` is a lazy sentence such as "Publish a version of the story"."""
    _all[key] = Permission(key, label, roles)
    return _all[key]


def declared() -> list[Permission]:
    return sorted(_all.values(), key=lambda permission: permission.key)


def chosen_for(by: Person) -> written.Asked:
    """What the organisation chose for a colleague's roles; to ask it beside something else."""
    return _chosen_for(tuple(sorted(by.roles)))


@written.once()
def _chosen_for(roles: tuple[str, ...]) -> QuerySet[RolePermission, Any]:
    return RolePermission.objects.filter(role__in=roles).values_list("permission", "role", "allowed")


def keep(by: Person, rows: Iterable[tuple[str, str, bool]]) -> dict[tuple[str, str], bool]:
    chosen = {(key, role): allowed for key, role, allowed in rows}
    by._role_permissions = chosen  # type: ignore[attr-defined]
    return chosen


def of_all(people: Iterable[Person]) -> list[Person]:
    """The same people, ready to be asked what they may: one query for a whole house."""
    found, rows = list(people), list(RolePermission.objects.values_list("permission", "role", "allowed"))
    for person in found:
        keep(person, rows)
    return found


def allows(by: Colleague, permission: Permission) -> bool:
    """Whether one of the colleague's roles has the permission. One query for a colleague, kept on the object."""
    if isinstance(by, System):
        return True
    if not by.is_active:
        return False
    chosen = getattr(by, "_role_permissions", None)
    if chosen is None:
        chosen = keep(by, chosen_for(by).rows())
    return any(chosen.get((permission.key, role), role in permission.roles) for role in by.roles)
