"""A colleague leaves: nothing is posted any more in their name, and the house keeps its own accounts."""

from collections.abc import Callable

from django.test import Client

from koor.ground.channels import actions
from koor.ground.channels.choices import AccountState, Health, May
from koor.ground.channels.models import Account, AccountSecret, Member
from koor.ground.channels.receivers import hand_over
from koor.ground.people.events import PersonLeft
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from koor.kernel.panels import todos_of


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


def test_without_somebody_who_takes_over(
    rob: Person, marloes: Person, bram: Person, account: Callable[..., Account]
) -> None:
    house = account("House", owner=rob)
    hand_over(PersonLeft(rob.pk, None))
    house.refresh_from_db()
    assert (house.owner, house.state) == (rob, AccountState.ACTIVE)
    Account.objects.filter(pk=house.pk).update(health=Health.TROUBLE)
    Person.objects.filter(pk=rob.pk).update(is_active=False)
    said = {todo.title for todo in todos_of(marloes)}
    both = {"House does not work", "Nobody looks after House"}
    assert said >= both
    assert not {todo.title for todo in todos_of(bram)} & both


def test_who_lets_somebody_go_sees_what_they_look_after(
    rob: Person, marloes: Person, account: Callable[..., Account], visit: Callable[..., Client]
) -> None:
    account("House", owner=rob)
    page = visit(marloes).get(f"/manage/colleagues/{rob.pk}/leave/").content.decode()
    assert "Choose below who takes over" in page
