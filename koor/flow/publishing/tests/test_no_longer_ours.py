"""A row that is gone or in other hands by the time that an answer comes: nothing happens twice, nothing falls."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from koor.flow.publishing import access, actions
from koor.flow.publishing.actions import deliver as engine
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.release import follow_slot
from koor.flow.publishing.logic import words
from koor.flow.publishing.models import Attempt, Pace, Post, Target
from koor.flow.publishing.tests.conftest import again, row
from koor.ground.channels import contract
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry

Released = Callable[..., Target]
Write = Callable[..., Post]
UP = contract.Outcome(contract.Verdict.DONE, remote_id="one", url="https://x.example/one")
pytestmark = pytest.mark.django_db


def test_an_answer_for_a_row_that_is_gone_is_kept_nowhere(house: object) -> None:
    lost = ledger.Claim(target=0, number=1, epoch=1)
    ledger.not_prepared(lost, "rejected", None, "No.", {})
    assert ledger.start_sending(lost, {}) is None
    ledger.record(lost, UP)
    ledger.record_look(lost, "seen", remote_id="one")
    engine._step(0)
    assert not Attempt.objects.exists()


def test_a_row_that_is_gone_is_refused_in_words(released: Released, stage: Account, bram: Person) -> None:
    target = released("Hallo", stage, due_local=clock.now().replace(tzinfo=None) + timedelta(days=2))
    Target.objects.filter(pk=target.pk).delete()
    with pytest.raises(Refused, match="gone"):
        actions.cancel_target(by=bram, target=target)


def test_found_under_two_numbers_is_noted_once_and_stays_up(released: Released, news: Account) -> None:
    target = released("Hallo", news)
    engine.deliver(target.pk)
    up = again(target)
    claim = ledger.Claim(target.pk, 1, up.epoch)
    ledger.record(claim, UP)
    after = again(target)
    assert (after.state, after.remote_id) == ("published", up.remote_id)
    assert AuditEntry.objects.get(verb="publishing.found_twice").detail["other"] == "one"


def test_a_platform_that_asks_to_wait_longer_is_given_longer(noon: datetime, released: Released, news: Account) -> None:
    target = released("Hallo", news)
    Pace.objects.create(account=news, until=noon + timedelta(seconds=5))
    ledger._slow_down(target, "rate", 900)
    assert Pace.objects.get().until >= noon + timedelta(seconds=900)
    ledger._slow_down(target, "rate", 60)
    assert Pace.objects.get().until >= noon + timedelta(seconds=900)


def test_what_is_another_rows_is_not_taken_for_this_one(
    released: Released, on_mastodon: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = released("Eén", on_mastodon), released("Twee", on_mastodon)
    Target.objects.filter(pk=first.pk).update(state="published", remote_id="77", published_at=clock.now(), wake_at=None)
    claim = ledger.Claim(second.pk, 1, again(second).epoch)
    Target.objects.filter(pk=second.pk).update(
        state="reconciling", key="k", first_sent_at=clock.now(), last_sent_at=clock.now()
    )
    monkeypatch.setattr(engine, "_found", lambda target, claim: contract.Seen("77", "https://x.example/77"))
    engine._look(claim, again(second))
    after = again(second)
    assert after.state != "published"
    assert not after.remote_id


def test_credentials_that_no_longer_open_are_told_to_the_owner(
    released: Released, on_mastodon: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = contract.Prepared(problem="The server does not let us in.", because=contract.Because.AUTH)
    monkeypatch.setattr("koor.connectors.mastodon.publish.prepare", lambda session, draft: no)
    target = released("Hallo", on_mastodon)
    engine.deliver(target.pk)
    on_mastodon.refresh_from_db()
    assert (again(target).state, on_mastodon.health) == ("waiting", "trouble")


def test_put_away_once_and_what_is_released_not(write: Write, stage: Account, bram: Person) -> None:
    draft = write("Toch maar niet", stage)
    for _click in range(2):
        assert actions.withdraw_post(by=bram, post=draft).stage == "withdrawn"
    with pytest.raises(Refused) as refused:
        actions.let_go(by=bram, post=draft)
    assert refused.value.code == "withdrawn"
    other = write("Wel", stage)
    actions.let_go(by=bram, post=other)
    with pytest.raises(Refused) as refused:
        actions.withdraw_post(by=bram, post=other)
    assert refused.value.code == "released"


def test_an_account_that_is_only_listened_to_takes_no_posts(write: Write, marloes: Person) -> None:
    feed = Account.objects.create(connector="feed", name="Nieuws", owner=marloes, made_at=clock.now())
    with pytest.raises(Refused) as refused:
        write("Hallo", feed, by=marloes)
    assert refused.value.code == "listens"


def test_what_is_planned_can_be_left(released: Released, stage: Account, bram: Person) -> None:
    target = released("Later", stage, due_local=clock.now().replace(tzinfo=None) + timedelta(days=2))
    for _click in range(2):
        assert actions.leave_target(by=bram, target=target).state == "cancelled"


def test_a_slot_that_did_not_move_moves_nothing(noon: datetime, released: Released, news: Account) -> None:
    before = released("Vast", news, due_local=datetime(2026, 11, 26, 9))
    assert before.post.slot is not None
    follow_slot(before.post.slot.pk)
    assert (again(before).due_at, again(before).due_day) == (before.due_at, before.due_day)


def test_koor_itself_may_what_a_colleague_may(write: Write, stage: Account, bram: Person, henk: Person) -> None:
    post = write("Hallo", stage)
    target = row(post)
    assert all(
        [
            access.may_edit(SYSTEM, post),
            access.may_release(SYSTEM, post),
            access.may_approve(SYSTEM, post),
            access.may_settle(SYSTEM, target),
        ]
    )
    assert repr(SYSTEM) == "SYSTEM"
    assert access.may_see(bram, post)
    bram.is_active = False
    assert not access.may_see(bram, post)


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("kort", 10, "kort"),
        ("een hele lange zin", 12, "een hele…"),
        ("aaneengeschrevenwoord", 10, "aaneenges…"),
    ],
)
def test_cut_between_words(text: str, most: int, short: str) -> None:
    assert words.cut(text, most) == short
