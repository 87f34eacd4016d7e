from collections.abc import Callable

import pytest

from koor.ground.channels import actions
from koor.ground.channels.choices import May
from koor.ground.channels.models import Account, Member
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused


def test_a_member_may_what_was_given(marloes: Person, bram: Person, account: Callable[..., Account]) -> None:
    row = account()
    member = actions.set_member(by=marloes, account=row, person=bram, may=[May.PUBLISH, May.SEE, May.SEE])
    assert member is not None
    assert member.may == [May.SEE, May.PUBLISH]
    actions.set_member(by=marloes, account=row, person=bram, may=[May.ANSWER])
    assert Member.objects.get().may == [May.ANSWER]


def test_nothing_means_no_member(marloes: Person, bram: Person, account: Callable[..., Account]) -> None:
    row = account()
    actions.set_member(by=marloes, account=row, person=bram, may=[May.SEE])
    assert actions.set_member(by=marloes, account=row, person=bram, may=[]) is None
    assert not Member.objects.exists()


def test_what_can_not_be(marloes: Person, bram: Person, account: Callable[..., Account]) -> None:
    row = account()
    with pytest.raises(Refused, match="not something"):
        actions.set_member(by=marloes, account=row, person=bram, may=["rule"])
    with pytest.raises(Refused, match="owner"):
        actions.set_member(by=marloes, account=row, person=marloes, may=[May.SEE])
    bram.is_active = False
    with pytest.raises(Refused, match="no longer works here"):
        actions.set_member(by=marloes, account=row, person=bram, may=[May.SEE])


def test_not_for_others(bram: Person, henk: Person, account: Callable[..., Account]) -> None:
    with pytest.raises(Forbidden):
        actions.set_member(by=bram, account=account(), person=henk, may=[May.SEE])
