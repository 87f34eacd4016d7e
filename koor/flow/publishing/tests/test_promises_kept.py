"""What `koor doctor` reads of the ledger: a promise that was broken is named; a house that did well is silent. And
posts that nobody looks at ring by themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F

from koor.flow.publishing import actions
from koor.flow.publishing.actions.alerts import tell_overdue
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Attempt, Target
from koor.flow.publishing.queries import invariants
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.models import Push
from koor.kernel.tests.test_push import FCM, device_at
from tests.mastodon_server import MastodonServer

pytestmark = pytest.mark.django_db(transaction=True)
Released = Callable[..., Target]
PassTime = Callable[..., list[tuple[int, str]]]
TEXT = "Acht lokalen in Eibergen hebben frisse lucht."


@pytest.fixture
def sent_twice(released: Released, on_mastodon: Account, mastodon: MastodonServer, pass_time: PassTime) -> Target:
    """Not there at the last look, and sent again: as it should be."""
    mastodon.fault("500", accepted=False)
    row = released(TEXT, on_mastodon)
    deliver(row.pk)
    pass_time(row)
    assert (again(row).state, again(row).attempts_made) == ("published", 2)
    return row


def test_a_house_that_did_well_is_silent(sent_twice: Target, released: Released, news: Account) -> None:
    up = released("In de nieuwsruimte.", news)
    deliver(up.pk)
    Target.objects.filter(pk=up.pk).update(published_at=clock.now() - timedelta(hours=1))  # its clock was set back
    assert list(invariants.broken()) == []


def test_sent_again_without_proof(sent_twice: Target) -> None:
    Attempt.objects.filter(target=sent_twice, verdict="not_seen").delete()
    assert list(invariants.broken()) == [(sent_twice.pk, invariants.SENT_AGAIN)]


def test_a_look_that_came_too_early_is_no_proof(sent_twice: Target) -> None:
    looks = Attempt.objects.filter(target=sent_twice, verdict="not_seen")
    looks.update(ended_at=F("ended_at") - timedelta(minutes=5))
    assert [says for _row, says in invariants.broken()] == [invariants.SENT_AGAIN]


def test_sent_again_after_it_was_up(sent_twice: Target) -> None:
    Attempt.objects.filter(target=sent_twice, number=1).update(verdict="done")
    assert [says for _row, says in invariants.broken()] == [invariants.SENT_AFTER]


def test_a_person_may_say_that_it_is_not_there(
    released: Released, on_mastodon: Account, mastodon: MastodonServer, bram: Person
) -> None:
    mastodon.fault("500", accepted=False)
    row = released(TEXT, on_mastodon)
    deliver(row.pk)
    Target.objects.filter(pk=row.pk).update(state="needs_person", because="unsure", wake_at=None)
    actions.send_again(by=bram, target=again(row))
    deliver(row.pk)
    assert again(row).state == "published"
    assert list(invariants.broken()) == []


def test_up_and_nobody_saw_it(sent_twice: Target) -> None:
    Attempt.objects.filter(target=sent_twice, verdict="done").update(verdict="")
    assert (sent_twice.pk, invariants.NEVER_SEEN) in set(invariants.broken())


def test_posts_that_nobody_looks_at_ring(released: Released, news: Account, pieter: Person) -> None:
    device_at(FCM, pieter.pk)
    row = released(TEXT, news)
    assert tell_overdue() == 0
    with clock.fixed(clock.now() + timedelta(hours=1)):
        assert tell_overdue() == 1
        tell_overdue()
    assert Push.objects.count() == 1, "once a day"
    assert again(row).state == "scheduled"
