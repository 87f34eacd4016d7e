"""What keeps a row that is due from going: the account, the people in it, something of ours that broke."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from koor.flow.hub.actions import record_consent
from koor.flow.hub.models import Item, Medium, Portrayed
from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver, wake_account
from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels import actions as channel_actions
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Delivery, Limits, Manifest, Outcome, Prepared, Seen, Verdict
from koor.ground.channels.models import Account, AccountSecret
from koor.ground.people import actions as people
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused

Released = Callable[..., Target]

pytestmark = pytest.mark.broad


def test_a_paused_account_waits_and_goes_when_it_is_resumed(noon: datetime, released: Released, stage: Account) -> None:
    target = released("Oefenen.", stage)
    channel_actions.pause_account(by=SYSTEM, account=stage)
    deliver(target.pk)
    assert (again(target).state, again(target).because, again(target).attempts_made) == ("waiting", "account", 0)
    channel_actions.resume_account(by=SYSTEM, account=stage)
    assert wake_account(stage.pk) == 1
    deliver(target.pk)
    assert again(target).state == "published"


def test_an_account_that_stays_paused_ends_in_missed(
    noon: datetime, released: Released, stage: Account, pass_time: Callable[..., Any]
) -> None:
    target = released("Oefenen.", stage)
    channel_actions.pause_account(by=SYSTEM, account=stage)
    pass_time(target, 14 * 3600)
    assert again(target).state == "missed"


def test_how_late_something_may_go_by_itself_is_for_the_house_to_say(
    noon: datetime, released: Released, stage: Account
) -> None:
    people.change_house(by=SYSTEM, house=house(), allowed_late=1)
    target = released("Oefenen.", stage, due_local=datetime(2026, 11, 24, 14))
    with clock.fixed(target.due_at + timedelta(minutes=90)):  # type: ignore[operator]
        deliver(target.pk)
    assert again(target).state == "missed"
    people.change_house(by=SYSTEM, house=house(), allowed_late=3)
    target = released("Nog eens.", stage, due_local=datetime(2026, 11, 24, 14))
    with clock.fixed(target.due_at + timedelta(minutes=90)):  # type: ignore[operator]
        deliver(target.pk)
    assert again(target).state == "published"
    with pytest.raises(Refused):
        people.change_house(by=SYSTEM, house=house(), allowed_late=0)


def test_a_connector_that_is_gone(noon: datetime, released: Released, stage: Account) -> None:
    target = released("Oefenen.", stage)
    Account.objects.filter(pk=stage.pk).update(connector="hyves")
    deliver(target.pk)
    assert (again(target).state, again(target).because) == ("waiting", "account")


def test_somebody_who_takes_their_consent_back(noon: datetime, released: Released, news: Account, bram: Person) -> None:
    item = Item.objects.create(kind="photo", by=bram, made_at=noon)
    Medium.objects.create(item=item)
    els = Portrayed.objects.create(item=item, name="Els", recorded_at=noon)
    record_consent(by=bram, portrayed=els, agrees="yes")
    target = released("Kijk.", news, item=item, media=[])
    record_consent(by=bram, portrayed=els, agrees="no")
    deliver(target.pk)
    assert (again(target).state, again(target).because) == ("needs_person", "consent")
    record_consent(by=bram, portrayed=els, agrees="yes")
    actions.retry(by=bram, target=again(target))
    deliver(target.pk)
    assert again(target).state == "published"


def test_a_picture_that_is_gone_is_tried_again(noon: datetime, released: Released, stage: Account) -> None:
    target = released("Kijk.", stage, media=[Medium.objects.create()])
    deliver(target.pk)
    assert (again(target).state, again(target).because) == ("waiting", "broken")
    assert "not there" in again(target).note


def test_credentials_that_cannot_be_opened(noon: datetime, released: Released, on_mastodon: Account) -> None:
    target = released("Hallo.", on_mastodon)
    AccountSecret.objects.filter(account=on_mastodon).update(sealed=b"nothing")
    deliver(target.pk)
    assert (again(target).state, again(target).because) == ("waiting", "broken")


def with_connector(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:
    """Paper's place is taken by a connector that misbehaves."""
    usual = {
        "prepare": lambda session, draft: Prepared(),
        "send": lambda session, attempt: Outcome(Verdict.DONE, "1"),
        "find": lambda session, attempt: Seen("1"),
    }
    manifest = Manifest("paper", "Paper", "", Delivery.READABLE, Limits(), publishes=True, public=False)
    odd = channels.Connector("paper", manifest, publish=SimpleNamespace(**{**usual, **parts}))
    monkeypatch.setitem(channels.connectors(), "paper", odd)


def broken(*_given: Any) -> Any:
    raise RuntimeError("a mistake of ours")


def test_a_connector_that_breaks_while_preparing_is_tried_again(
    noon: datetime, released: Released, stage: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = released("Hallo.", stage)
    with_connector(monkeypatch, prepare=broken)
    deliver(target.pk)
    assert (again(target).state, again(target).because) == ("waiting", "broken")
    assert again(target).note_values == {"what": "RuntimeError"}


def test_a_connector_that_breaks_while_sending_is_unknown(
    noon: datetime, released: Released, stage: Account, monkeypatch: pytest.MonkeyPatch, pass_time: Callable[..., Any]
) -> None:
    target = released("Hallo.", stage)
    with_connector(monkeypatch, send=broken)
    deliver(target.pk)
    assert again(target).state == "unknown"
    pass_time(target)
    assert (again(target).state, again(target).remote_id) == ("published", "1")


def test_a_connector_that_breaks_while_looking_asks_a_person_after_a_day(
    noon: datetime, released: Released, stage: Account, monkeypatch: pytest.MonkeyPatch, pass_time: Callable[..., Any]
) -> None:
    target = released("Hallo.", stage)
    with_connector(monkeypatch, send=broken, find=broken)
    deliver(target.pk)
    pass_time(target, 26 * 3600)
    assert (again(target).state, again(target).because, again(target).attempts_made) == ("needs_person", "unsure", 1)


def test_a_job_that_comes_too_early_or_for_nothing_does_nothing(
    noon: datetime, released: Released, stage: Account
) -> None:
    target = released("Later.", stage, due_local=datetime(2026, 11, 25, 9))
    deliver(target.pk)
    deliver(999_999)
    with clock.fixed(noon + timedelta(days=1)):
        deliver(target.pk)
        deliver(target.pk)
    assert (again(target).state, again(target).attempts_made) == ("published", 1)
