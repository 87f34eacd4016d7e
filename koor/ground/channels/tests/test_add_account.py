import json
from typing import Any

import pytest

from koor.ground.channels import actions, queries
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.models import Account, AccountSecret
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

TOKEN = "a-very-secret-token"


def add(by: Any, owner: Person | None = None, **more: Any) -> Account:
    given = {"connector": "paper", "name": "Stage", "personal": False, **more}
    return actions.add_account(by=by, owner=owner or by, **given)


def mastodon(by: Person, **more: Any) -> Account:
    settings = {"server": "https://mastodon.example", **more.pop("settings", {})}
    secrets = more.pop("secrets", {"access_token": TOKEN})
    return add(by, connector="mastodon", name="Reurslag", settings=settings, secrets=secrets, **more)


def test_a_curator_connects_an_account_of_the_house(marloes: Person) -> None:
    account = mastodon(marloes, purpose=Purpose.SERVICE)
    assert (account.state, account.health) == (AccountState.ACTIVE, Health.UNKNOWN)
    assert account.settings == {"server": "https://mastodon.example", "visibility": "public"}
    assert (account.owner, account.purpose, account.personal) == (marloes, Purpose.SERVICE, False)


def test_a_colleague_connects_their_own(newcomer: Person) -> None:
    assert mastodon(newcomer, personal=True).owner == newcomer


def test_nobody_connects_for_somebody_else(bram: Person, henk: Person) -> None:
    with pytest.raises(Forbidden):
        add(bram, henk, personal=True)


def test_an_ordinary_colleague_connects_none_of_the_house(bram: Person) -> None:
    with pytest.raises(Forbidden):
        add(bram)


def test_credentials_are_sealed_and_stand_nowhere_else(marloes: Person) -> None:
    account = mastodon(marloes)
    sealed = bytes(AccountSecret.objects.get(account=account).sealed)
    assert TOKEN.encode() not in sealed
    assert queries.session_for(account).secrets == {"access_token": TOKEN}
    assert TOKEN not in repr(queries.session_for(account))
    assert TOKEN not in json.dumps(account.settings)
    assert TOKEN not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_a_seal_opens_for_its_own_account_only(marloes: Person) -> None:
    one, other = mastodon(marloes), mastodon(marloes)
    AccountSecret.objects.filter(account=other).update(sealed=AccountSecret.objects.get(account=one).sealed)
    with pytest.raises(Refused, match="can't be opened"):
        queries.session_for(other)


def test_it_is_looked_at_by_the_worker(marloes: Person) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    account = mastodon(marloes)
    jobs = ProcrastinateJob.objects.filter(task_name="koor:channels.check_account")
    assert [job.args for job in jobs] == [{"account": account.pk}]


def test_paper_is_for_practice_and_works_at_once(marloes: Person) -> None:
    account = add(marloes)
    assert (account.purpose, account.health) == (Purpose.PRACTICE, Health.WELL)


def test_asked_twice_made_once(marloes: Person) -> None:
    assert add(marloes, once="k").pk == add(marloes, once="k").pk
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field", "says"),
    [
        ({"connector": "hyves"}, "", "no connector “hyves”"),
        ({"connector": "feed"}, "connector", "needs no account"),
        ({"connector": "newsroom", "personal": True}, "personal", "can't be a personal account"),
        ({"name": "  "}, "name", "Give the account a name"),
        ({"name": "x" * 121}, "name", "longer than 120"),
        ({"purpose": "world domination"}, "purpose", "is not a purpose"),
        ({"settings": {"sever": "x"}}, "sever", "does not ask for “sever”"),
        ({"connector": "mastodon"}, "server", "Fill in: Address of the server"),
        (
            {"connector": "mastodon", "settings": {"server": "https://a.example"}},
            "access_token",
            "Fill in: Access token",
        ),
        ({"connector": "by_hand", "settings": {"platform": "hyves"}}, "platform", "Choose one of: linkedin"),
        ({"connector": "by_hand", "settings": {"profile": "x" * 2001}}, "profile", "longer than 2000"),
    ],
)
def test_what_can_not_be(marloes: Person, more: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        add(SYSTEM, marloes, **more)
    assert refused.value.field == field
    assert not Account.objects.exists()
