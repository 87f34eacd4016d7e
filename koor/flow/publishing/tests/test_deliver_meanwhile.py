"""What changes between a look at a row and its turn: it goes as it is now, or not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, transaction

from koor.flow.publishing.actions import deliver as engine
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.kernel import clock
from koor.kernel.access import Refused

pytestmark = pytest.mark.django_db
TEXT = "Acht lokalen in Eibergen hebben frisse lucht."
Released = Callable[..., Target]


def test_without_the_database_a_job_does_not_go_on_to_the_next(
    released: Released, stage: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, tried = [released(f"Nummer {number}.", stage) for number in range(3)], []

    def away(pk: int) -> None:
        tried.append(pk)
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(engine, "_step", away)
        with pytest.raises(OperationalError):
            engine.deliver_due()
    assert len(tried) == 1
    engine.deliver_due()
    assert {again(one).state for one in rows} == {"published"}


def test_what_was_moved_after_it_was_looked_at_does_not_go(noon: datetime, released: Released, stage: Account) -> None:
    target = released("Straks.", stage, due_local=noon.replace(tzinfo=None) + timedelta(days=30))
    engine._step(target.pk)
    assert (again(target).state, again(target).attempts_made) == ("scheduled", 0)


def test_a_stage_is_not_kept_of_what_somebody_took_back_meanwhile(released: Released, stage: Account) -> None:
    """Who prepares it does not go on."""
    target = released(TEXT, stage)
    with transaction.atomic():
        claim = engine._claim_to_send(ledger.locked(target.pk))
    ledger.keep_stage(claim, {"container": "1"})
    assert again(target).handle == {"container": "1"}
    Target.objects.filter(pk=target.pk).update(state="cancelled", wake_at=None)
    with pytest.raises(Refused):
        ledger.keep_stage(claim, {"container": "2"})
    assert again(target).handle == {"container": "1"}


def test_what_a_clock_that_ran_ahead_sent_is_looked_for_now(released: Released, stage: Account) -> None:
    now = clock.now()
    ahead, little = released(TEXT, stage), released("Iets anders.", stage)
    for target, hours in ((ahead, 24 * 30), (little, 0.01)):
        engine.deliver(target.pk)
        later = now + timedelta(hours=hours)
        Target.objects.filter(pk=target.pk).update(state="unknown", last_sent_at=later, wake_at=later)
    with clock.fixed(now):
        assert engine.sweep() == 1
    assert (again(ahead).wake_at, again(little).wake_at > now) == (now, True)
