"""One switch stops everything that would be posted."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver, sweep
from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry


def test_the_curator_pr_and_the_administrator_hold_it(
    marloes: Person, pieter: Person, ada: Person, bram: Person
) -> None:
    for person in (marloes, pieter, ada):
        actions.hold_publishing(by=person, why="Brand")
    with pytest.raises(Forbidden):
        actions.hold_publishing(by=bram, why="Zomaar")
    with pytest.raises(Forbidden):
        actions.resume_publishing(by=bram)
    assert House.objects.get().publishing_held == "Brand"
    assert AuditEntry.objects.filter(verb="publishing.hold_publishing").count() == 3


def test_a_reason_is_asked(marloes: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.hold_publishing(by=marloes, why=" ")
    assert refused.value.field == "why"


def test_what_is_too_late_when_it_may_again_is_missed(
    noon: datetime, released: Callable[..., Target], stage: Account, marloes: Person
) -> None:
    early, late = released("Een.", stage), released("Twee.", stage, due_local=datetime(2026, 11, 24, 23))
    actions.hold_publishing(by=marloes, why="Brand")
    with clock.fixed(noon + timedelta(hours=13)):
        assert sweep() == 0
        deliver(early.pk)
        deliver(late.pk)
        assert (again(early).state, again(late).state) == ("scheduled", "scheduled")
        actions.resume_publishing(by=marloes)
        assert sweep() == 2
        deliver(early.pk)
        deliver(late.pk)
    assert (again(early).state, again(late).state) == ("missed", "published")


def test_once_is_enough_to_go_on(marloes: Person) -> None:
    actions.resume_publishing(by=marloes)
    assert not AuditEntry.objects.filter(verb="publishing.resume_publishing").exists()
