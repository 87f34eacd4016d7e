"""Which role may what, as the organisation chooses."""

import pytest

from koor.ground.governance import actions, queries
from koor.ground.governance.access import SET_RESPONSIBILITY
from koor.ground.governance.models import RolePermission
from koor.ground.governance.permissions import allows
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

KEY = "governance.set_responsibility"


def fresh(person: Person) -> Person:
    """As in the next request."""
    return Person.objects.get(pk=person.pk)


def test_a_role_gets_a_permission(ada: Person, bram: Person) -> None:
    assert not allows(bram, SET_RESPONSIBILITY)
    actions.set_permission(by=ada, role="helper", permission=KEY, allowed=True)
    assert allows(fresh(bram), SET_RESPONSIBILITY)
    assert AuditEntry.objects.get().detail == {"role": "helper", "permission": KEY, "allowed": True}


def test_as_koor_comes_leaves_no_row(ada: Person) -> None:
    for allowed in (True, True, False):
        actions.set_permission(by=ada, role="helper", permission=KEY, allowed=allowed)
    assert not RolePermission.objects.exists()
    assert AuditEntry.objects.count() == 2


def test_a_permission_is_taken(ada: Person, marloes: Person) -> None:
    actions.set_permission(by=ada, role="curator", permission=KEY, allowed=False)
    assert not allows(fresh(marloes), SET_RESPONSIBILITY)


def test_who_left_may_nothing(marloes: Person) -> None:
    marloes.is_active = False
    assert not allows(marloes, SET_RESPONSIBILITY)
    assert allows(SYSTEM, SET_RESPONSIBILITY)


def test_only_an_administrator(marloes: Person) -> None:
    with pytest.raises(Forbidden):
        actions.set_permission(by=marloes, role="helper", permission=KEY, allowed=True)
    with pytest.raises(Forbidden):
        actions.set_permissions(by=marloes, allowed=set())


def test_what_does_not_exist(ada: Person) -> None:
    for role, key in (("king", KEY), ("helper", "governance.fly")):
        with pytest.raises(Refused):
            actions.set_permission(by=ada, role=role, permission=key, allowed=True)


def test_the_whole_matrix_at_once(ada: Person) -> None:
    shown = queries.matrix(ada)
    allowed = {
        (cell.role.value, permission.key)
        for _room, rows in shown
        for permission, cells in rows
        for cell in cells
        if cell.allowed
    }
    assert actions.set_permissions(by=ada, allowed=allowed) == 0
    assert actions.set_permissions(by=ada, allowed=allowed | {(Role.PR.value, KEY)}) == 1
    assert actions.set_permissions(by=ada, allowed=allowed) == 1
    assert not RolePermission.objects.exists()
