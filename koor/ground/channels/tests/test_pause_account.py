from collections.abc import Callable

import pytest

from koor.ground.channels import actions
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden
from koor.kernel.models import AuditEntry


def test_pause_and_resume(marloes: Person, account: Callable[..., Account]) -> None:
    row = account()
    for _twice in range(2):
        assert actions.pause_account(by=marloes, account=row).state == AccountState.PAUSED
    for _twice in range(2):
        assert actions.resume_account(by=marloes, account=row).state == AccountState.ACTIVE
    verbs = list(AuditEntry.objects.filter(verb__contains="pause").values_list("verb", flat=True))
    assert verbs == ["channels.pause_account"]


def test_who_oversees_may_stop_a_personal_one(ada: Person, rob: Person, account: Callable[..., Account]) -> None:
    row = account(personal=True, owner=rob)
    assert actions.pause_account(by=ada, account=row).state == AccountState.PAUSED


def test_a_disconnected_one_is_not_resumed(marloes: Person, account: Callable[..., Account]) -> None:
    row = actions.disconnect_account(by=marloes, account=account())
    assert actions.resume_account(by=marloes, account=row).state == AccountState.DISCONNECTED


def test_not_for_others(bram: Person, account: Callable[..., Account]) -> None:
    row = account()
    for verb in (actions.pause_account, actions.resume_account):
        with pytest.raises(Forbidden):
            verb(by=bram, account=row)
