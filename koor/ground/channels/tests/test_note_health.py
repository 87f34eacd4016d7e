"""How an account is: what the platform says, kept; and a failure that passes disturbs nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from koor.ground.channels import actions, queries, tasks
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.contract import Because, Limits
from koor.ground.channels.contract import Health as Told
from koor.ground.channels.models import Account, AccountSecret
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden
from koor.kernel.models import AuditEntry
from tests.mastodon_server import MastodonServer


def note(account: Account, told: Told) -> Account:
    return actions.note_health(by=SYSTEM, account=account, health=told)


def test_it_works(noon: datetime, on_mastodon: Account) -> None:
    row = note(on_mastodon, Told(True, handle="@r@m.example", url="https://m.example/@r", limits=Limits(characters=99)))
    assert (row.health, row.handle, row.checked_at) == (Health.WELL, "@r@m.example", noon)
    assert queries.limits_of(row).characters == 99
    row = note(on_mastodon, Told(True, handle="@r@m.example", url="javascript:alert(1)"))
    assert row.url == "https://m.example/@r", "what a platform answers becomes a link only when it is one"


def test_a_token_that_was_withdrawn_is_told_once(on_mastodon: Account) -> None:
    for _twice in range(2):
        row = note(on_mastodon, Told(False, "No: %(answer)s", {"answer": "401"}, Because.AUTH))
    assert (row.health, row.health_note, row.health_values) == (Health.TROUBLE, "No: %(answer)s", {"answer": "401"})
    assert row.state == AccountState.ACTIVE
    assert AuditEntry.objects.filter(verb="channels.note_trouble").count() == 1


@pytest.mark.parametrize("because", [Because.NOT_REACHED, Because.RATE, Because.NONE])
def test_a_failure_that_passes_changes_nothing(noon: datetime, on_mastodon: Account, because: Because) -> None:
    note(on_mastodon, Told(True, handle="@r@m.example"))
    row = note(on_mastodon, Told(False, "Away", because=because))
    assert (row.health, row.state, row.handle) == (Health.WELL, AccountState.ACTIVE, "@r@m.example")
    assert row.health_note == "Away"
    assert AccountSecret.objects.filter(account=row).exists()


def test_out_of_reach_for_a_day_needs_attention(noon: datetime, on_mastodon: Account) -> None:
    note(on_mastodon, Told(True))
    with clock.fixed(noon + timedelta(hours=25)):
        row = note(on_mastodon, Told(False, "Away", because=Because.NOT_REACHED))
    assert (row.health, row.state) == (Health.TROUBLE, AccountState.ACTIVE)
    with clock.fixed(noon + timedelta(hours=26)):
        assert note(on_mastodon, Told(True)).health == Health.WELL


def test_not_for_others(bram: Person, account: Callable[..., Account]) -> None:
    with pytest.raises(Forbidden):
        actions.note_health(by=bram, account=account(), health=Told(True))


def test_the_worker_looks(on_mastodon: Account, mastodon: MastodonServer) -> None:
    mastodon.rules(max_characters=5000)
    actions.look_at(on_mastodon.pk)
    on_mastodon.refresh_from_db()
    assert (on_mastodon.health, on_mastodon.handle) == (Health.WELL, f"@reurslag@127.0.0.1:{mastodon.port}")
    assert queries.limits_of(on_mastodon).characters == 5000


def test_the_worker_meets_a_refusal(on_mastodon: Account, mastodon: MastodonServer) -> None:
    mastodon.fault("401", "GET /api/v1/accounts/verify_credentials")
    actions.look_at(on_mastodon.pk)
    on_mastodon.refresh_from_db()
    assert on_mastodon.health == Health.TROUBLE


def test_credentials_of_another_key_need_attention(on_mastodon: Account, mastodon: MastodonServer) -> None:
    AccountSecret.objects.update(sealed=b"nonsense")
    actions.look_at(on_mastodon.pk)
    on_mastodon.refresh_from_db()
    assert on_mastodon.health == Health.TROUBLE
    assert not mastodon.world.counts


def test_nothing_to_look_at(on_mastodon: Account, account: Callable[..., Account], mastodon: MastodonServer) -> None:
    actions.disconnect_account(by=SYSTEM, account=on_mastodon)
    gone = account()
    Account.objects.filter(pk=gone.pk).update(connector="hyves")
    for pk in (on_mastodon.pk, gone.pk, 0):
        actions.look_at(pk)
    assert not mastodon.world.counts


def test_each_hour_a_job_for_each_account(on_mastodon: Account, account: Callable[..., Account]) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    actions.disconnect_account(by=SYSTEM, account=account("Away"))
    stage = account("Stage")
    tasks.check_accounts(timestamp=0)
    tasks.check_accounts(timestamp=0)
    rows = ProcrastinateJob.objects.filter(task_name="koor:channels.check_account").order_by("id")
    assert sorted(row.args["account"] for row in rows) == sorted([on_mastodon.pk, stage.pk])
