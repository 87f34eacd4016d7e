from collections.abc import Callable

import pytest

from koor.ground.channels import actions
from koor.ground.channels.models import Account
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry


def test_name_purpose_owner_and_settings(marloes: Person, rob: Person, account: Callable[..., Account]) -> None:
    row = account("LinkedIn", "by_hand")
    actions.edit_account(
        by=marloes, account=row, name=" Rob's  own ", purpose=Purpose.SALES, owner=rob, settings={"platform": "x"}
    )
    row.refresh_from_db()
    assert (row.name, row.purpose, row.owner, row.settings) == ("Rob's own", Purpose.SALES, rob, {"platform": "x"})
    assert AuditEntry.objects.filter(verb="channels.edit_account", target_id=row.pk).count() == 1


def test_settings_stay_when_they_are_not_given(marloes: Person, account: Callable[..., Account]) -> None:
    row = account("LinkedIn", "by_hand")
    actions.edit_account(by=marloes, account=row, name="L", purpose=Purpose.NEWS)
    row.refresh_from_db()
    assert row.settings == {"platform": "linkedin"}


def test_a_secret_is_no_setting(marloes: Person, on_mastodon: Account) -> None:
    with pytest.raises(Refused, match="does not ask for “access_token”"):
        actions.edit_account(
            by=marloes,
            account=on_mastodon,
            name="R",
            purpose=Purpose.NEWS,
            settings={"server": "https://a.example", "access_token": "x"},
        )


def test_a_personal_account_stays_its_owners(marloes: Person, rob: Person, account: Callable[..., Account]) -> None:
    row = account(personal=True, owner=rob)
    with pytest.raises(Refused, match="stays with its owner"):
        actions.edit_account(by=rob, account=row, name="R", purpose=Purpose.NEWS, owner=marloes)
    with pytest.raises(Forbidden):
        actions.edit_account(by=marloes, account=row, name="R", purpose=Purpose.NEWS)


def test_not_for_others(bram: Person, account: Callable[..., Account]) -> None:
    with pytest.raises(Forbidden):
        actions.edit_account(by=bram, account=account(), name="B", purpose=Purpose.NEWS)
