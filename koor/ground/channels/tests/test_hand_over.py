"""A colleague leaves: nothing is posted any more in their name, and the house keeps its own accounts."""

from collections.abc import Callable

from koor.ground.channels import actions
from koor.ground.channels.choices import AccountState, May
from koor.ground.channels.models import Account, AccountSecret, Member
from koor.ground.channels.receivers import hand_over
from koor.ground.people.events import PersonLeft
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM


def test_own_accounts_are_disconnected_and_those_of_the_house_go_on(
    rob: Person, marloes: Person, account: Callable[..., Account]
) -> None:
    secrets = {"settings": {"server": "https://m.example"}, "secrets": {"access_token": "t"}}
    own = account("Rob", "mastodon", owner=rob, personal=True, **secrets)
    house = account("House", owner=rob)
    actions.set_member(by=SYSTEM, account=house, person=marloes, may=[May.SEE])
    for _twice in range(2):
        hand_over(PersonLeft(rob.pk, marloes.pk))
    own.refresh_from_db()
    house.refresh_from_db()
    assert (own.state, own.owner) == (AccountState.DISCONNECTED, rob)
    assert not AccountSecret.objects.filter(account=own).exists()
    assert (house.state, house.owner) == (AccountState.ACTIVE, marloes)
    assert not Member.objects.exists()


def test_without_somebody_who_takes_over(rob: Person, account: Callable[..., Account]) -> None:
    house = account("House", owner=rob)
    hand_over(PersonLeft(rob.pk, None))
    house.refresh_from_db()
    assert (house.owner, house.state) == (rob, AccountState.ACTIVE)
