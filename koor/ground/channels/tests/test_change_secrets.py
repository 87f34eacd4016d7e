from collections.abc import Callable

import pytest

from koor.ground.channels import actions, queries
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry


def test_new_credentials(marloes: Person, on_mastodon: Account) -> None:
    Account.objects.filter(pk=on_mastodon.pk).update(health=Health.TROUBLE, health_note="Old")
    row = actions.change_secrets(by=marloes, account=on_mastodon, secrets={"access_token": "new-token"})
    assert queries.session_for(row).secrets == {"access_token": "new-token"}
    assert (row.health, row.health_note) == (Health.UNKNOWN, "")
    entry = AuditEntry.objects.get(verb="channels.change_secrets")
    assert (entry.detail, "new-token" in str(entry.detail)) == ({"keys": ["access_token"]}, False)


def test_an_empty_one_is_refused_and_the_old_one_stays(marloes: Person, on_mastodon: Account) -> None:
    before = queries.session_for(on_mastodon).secrets
    with pytest.raises(Refused, match="Access token"):
        actions.change_secrets(by=marloes, account=on_mastodon, secrets={"access_token": "  "})
    assert queries.session_for(on_mastodon).secrets == before


def test_a_disconnected_account_is_in_use_again(marloes: Person, on_mastodon: Account) -> None:
    actions.disconnect_account(by=marloes, account=on_mastodon)
    row = actions.change_secrets(by=marloes, account=on_mastodon, secrets={"access_token": "new"})
    assert row.state == AccountState.ACTIVE


def test_not_for_others(bram: Person, ada: Person, rob: Person, account: Callable[..., Account]) -> None:
    row = account(personal=True, owner=rob)
    for other in (bram, ada):
        with pytest.raises(Forbidden):
            actions.change_secrets(by=other, account=row, secrets={})
