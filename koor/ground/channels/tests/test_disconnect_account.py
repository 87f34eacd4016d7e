from collections.abc import Callable

import pytest
from django.test import Client

from koor.ground.channels import actions, queries
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account, AccountSecret
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry


def test_the_credentials_are_forgotten_and_the_account_stays(
    marloes: Person, on_mastodon: Account, visit: Callable[..., Client]
) -> None:
    for _twice in range(2):
        row = actions.disconnect_account(by=marloes, account=on_mastodon)
    assert row.state == AccountState.DISCONNECTED
    assert not AccountSecret.objects.filter(account=row).exists()
    assert queries.session_for(row).secrets == {}
    assert AuditEntry.objects.filter(verb="channels.disconnect_account").count() == 1
    again = visit(marloes).post(f"/accounts/{row.pk}/disconnect/")
    assert again["Location"] == f"/accounts/{row.pk}/"


def test_back_in_use_without_credentials(marloes: Person, account: Callable[..., Account]) -> None:
    row = actions.disconnect_account(by=marloes, account=account())
    for _twice in range(2):
        assert actions.connect_again(by=marloes, account=row).state == AccountState.ACTIVE


def test_back_in_use_wants_credentials_where_they_are_asked(marloes: Person, on_mastodon: Account) -> None:
    actions.disconnect_account(by=marloes, account=on_mastodon)
    with pytest.raises(Refused, match="Fill in the credentials"):
        actions.connect_again(by=marloes, account=on_mastodon)


def test_not_for_others(bram: Person, account: Callable[..., Account]) -> None:
    row = account()
    for verb in (actions.disconnect_account, actions.connect_again):
        with pytest.raises(Forbidden):
            verb(by=bram, account=row)
