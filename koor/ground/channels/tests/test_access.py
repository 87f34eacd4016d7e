"""Who may what with which account, as one table."""

from collections.abc import Callable

import pytest

from koor.ground.channels import access, actions, queries
from koor.ground.channels.choices import AccountState, May
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, NotFound

EVERYTHING = "see draft publish answer change stop"
TABLE = [  # who, on an account of the house, on Rob's own
    ("marloes", EVERYTHING, "see stop"),
    ("ada", "see change stop", "see stop"),
    ("rob", "see draft publish answer", EVERYTHING),
    ("bram", "see draft publish answer", ""),
    ("hanna", "see draft publish answer", ""),
    ("newcomer", "see", ""),
]


def allowed(person: Person, account: Account) -> str:
    verbs = {
        "see": lambda person, account: queries.accounts_visible_to(person).filter(pk=account.pk).exists(),
        "draft": access.may_draft,
        "publish": access.may_publish,
        "answer": access.may_answer,
        "change": access.may_change,
        "stop": access.may_stop,
    }
    return " ".join(name for name, may in verbs.items() if may(person, account))


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "house", "personal"), TABLE)
def test_by_role(
    request: pytest.FixtureRequest,
    account: Callable[..., Account],
    marloes: Person,
    rob: Person,
    who: str,
    house: str,
    personal: str,
) -> None:
    person = request.getfixturevalue(who)
    assert allowed(person, account("House", "newsroom")) == house
    assert allowed(person, account("Rob's", personal=True, owner=rob)) == personal


@pytest.mark.parametrize(
    ("may", "can"),
    [
        ([May.SEE], "see"),
        ([May.DRAFT], "see draft"),
        ([May.ANSWER], "see answer"),
        ([May.PUBLISH], "see draft publish answer"),
    ],
)
def test_members(rob: Person, bram: Person, account: Callable[..., Account], may: list[str], can: str) -> None:
    row = account(personal=True, owner=rob)
    actions.set_member(by=rob, account=row, person=bram, may=may)
    assert allowed(bram, row) == can


def test_on_the_practice_stage_everyone_may_try(
    newcomer: Person, marloes: Person, account: Callable[..., Account]
) -> None:
    stage = account("Stage", "paper", purpose="practice")
    assert allowed(newcomer, stage) == "see draft publish"
    assert queries.accounts_to_draft_for(newcomer) == [stage]
    public = account("Seen", "newsroom", purpose="practice")
    assert allowed(newcomer, public) == "see"
    assert not queries.without_stage(marloes)
    Account.objects.filter(pk=stage.pk).update(state=AccountState.PAUSED)  # and outside they would see the other
    assert list(queries.without_stage(marloes) or ()) == [newcomer]


def test_who_left_may_nothing(rob: Person, account: Callable[..., Account]) -> None:
    row = account(personal=True, owner=rob)
    rob.is_active = False
    assert allowed(rob, row) == ""
    assert not queries.accounts_visible_to(rob).exists()


def test_nothing_is_posted_on_a_disconnected_account(marloes: Person, account: Callable[..., Account]) -> None:
    row = actions.disconnect_account(by=marloes, account=account())
    assert allowed(marloes, row) == "see change stop"


def test_koor_itself(account: Callable[..., Account], rob: Person) -> None:
    row = account(personal=True, owner=rob)
    assert access.may_publish(SYSTEM, row)
    assert access.may_answer(SYSTEM, row)
    assert access.may_change(SYSTEM, row)


def test_what_one_may_not_see_is_not_there(rob: Person, bram: Person, account: Callable[..., Account]) -> None:
    row = account(personal=True, owner=rob)
    assert queries.account(rob, row.pk) == row
    for pk in (row.pk, 0):
        with pytest.raises(NotFound):
            queries.account(bram, pk)


def test_lists(rob: Person, bram: Person, newcomer: Person, account: Callable[..., Account]) -> None:
    house, own, gone = account("House"), account("Own", personal=True, owner=rob), account("Gone")
    Account.objects.filter(pk=gone.pk).update(connector="hyves")
    assert list(queries.accounts_visible_to(bram)) == [gone, house]
    assert list(queries.own_accounts(rob)) == [own]
    assert queries.accounts_to_draft_for(rob) == [house, own]
    assert queries.accounts_to_draft_for(newcomer) == [house]  # for practice
    assert access.may_answer(rob, own)
    assert not access.may_answer(bram, own)
