"""Accounts are quiet while something burns: nothing goes, nothing is lost, and it goes again one by one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver, follow_the_clocks
from koor.flow.publishing.actions.release import follow_slot
from koor.flow.publishing.models import Pause, Target
from koor.flow.publishing.queries import lists, standing
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry, ToldFact

TONIGHT = datetime(2026, 11, 24, 20)


@pytest.fixture
def planned(noon: datetime, released: Callable[..., Target], stage: Account) -> Target:
    """Something cheerful that is to go tonight."""
    return released("Taart op kantoor.", stage, due_local=TONIGHT)


def test_what_was_to_go_is_held_with_its_moment(
    planned: Target, stage: Account, marloes: Person, noon: datetime
) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    held = again(planned)
    assert (held.state, held.because, held.wake_at, held.due_at) == ("needs_person", "paused", None, planned.due_at)
    with clock.fixed(noon + timedelta(days=2)):
        deliver(planned.pk)
    assert again(planned).state == "needs_person"


def test_who_may_and_with_a_reason(planned: Target, stage: Account, bram: Person, pieter: Person) -> None:
    with pytest.raises(Forbidden):
        actions.pause_accounts([stage], by=bram, reason="Zomaar")
    with pytest.raises(Refused) as refused:
        actions.pause_accounts([stage], by=pieter, reason=" ")
    assert refused.value.field == "why"
    with pytest.raises(Forbidden):
        actions.end_pause([stage], by=bram)
    assert not Pause.objects.exists()


def test_twice_is_once(planned: Target, stage: Account, marloes: Person) -> None:
    for _time in range(2):
        actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    assert Pause.objects.count() == 1
    assert AuditEntry.objects.filter(verb="publishing.pause_account").count() == 1


def test_what_is_let_go_meanwhile_is_held_too(
    noon: datetime, released: Callable[..., Target], stage: Account, account: Callable[..., Account], marloes: Person
) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    assert released("Nieuw en vrolijk.", stage).because == "paused"
    assert released("Elders.", account("Another")).state == "scheduled"


def test_what_was_let_go_in_the_same_second_is_held_when_it_is_claimed(
    planned: Target, stage: Account, marloes: Person
) -> None:
    Pause.objects.create(account=stage, why="Lek", by=marloes, at=clock.now())
    with clock.fixed(planned.due_at or clock.now()):
        deliver(planned.pk)
    assert again(planned).because == "paused"


def test_answers_go_on(noon: datetime, stage: Account, marloes: Person, bram: Person) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    answer = actions.reply(by=bram, account=stage, text="We kijken ernaar.", in_reply_to="12")
    deliver(answer.pk)
    assert again(answer).state == "published"


def test_what_is_said_on_purpose_goes(noon: datetime, stage: Account, marloes: Person) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    post = actions.speak(by=marloes, text="Wij weten ervan.", accounts=[stage], once="s1")
    assert actions.speak(by=marloes, text="Wij weten ervan.", accounts=[stage], once="s1") == post
    target = post.targets.get()
    deliver(target.pk)
    assert again(target).state == "published"


def test_after_the_pause_each_waits_until_it_is_let_go(planned: Target, stage: Account, marloes: Person) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    actions.end_pause([stage], by=marloes)
    assert again(planned).because == "paused"
    actions.release_held(by=marloes, target=planned)
    assert (again(planned).state, again(planned).wake_at) == ("scheduled", planned.due_at)
    assert actions.release_held(by=marloes, target=again(planned)).state == "scheduled"


def test_one_goes_while_the_others_stay_held_and_late_means_now(
    planned: Target, released: Callable[..., Target], stage: Account, marloes: Person, noon: datetime
) -> None:
    other = released("Nog iets.", stage, due_local=TONIGHT)
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    with clock.fixed(noon + timedelta(days=3)):
        actions.release_held(by=marloes, target=planned)
        deliver(planned.pk)
        assert again(planned).state == "published"
        assert again(other).because == "paused"


def test_by_hand_waits_too_and_comes_back(
    noon: datetime, released: Callable[..., Target], by_hand: Account, rob: Person, marloes: Person
) -> None:
    target = released("Op LinkedIn.", by_hand, by=rob)
    deliver(target.pk)
    assert list(lists.asked_of(rob)) == [target]
    actions.pause_accounts([by_hand], by=marloes, reason="Er is een lek.")
    assert (again(target).because, list(lists.asked_of(rob))) == ("paused", [])
    actions.release_held(by=marloes, target=target)
    deliver(target.pk)
    assert again(target).because == "by_hand"


def test_what_is_up_or_on_its_way_stays_as_it_is(
    released: Callable[..., Target], stage: Account, marloes: Person
) -> None:
    up = released("Al gezegd.", stage)
    deliver(up.pk)
    sending = released("Onderweg.", stage)
    Target.objects.filter(pk=sending.pk).update(state="claimed")
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    assert (again(up).state, again(sending).state) == ("published", "claimed")


def test_what_is_held_can_be_moved_or_left_out(planned: Target, stage: Account, marloes: Person) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    actions.reschedule(by=marloes, target=planned, due_local=TONIGHT + timedelta(days=7))
    assert again(planned).because == "paused"
    with pytest.raises(Refused):
        actions.send_again(by=marloes, target=again(planned))
    assert actions.cancel_target(by=marloes, target=again(planned)).state == "cancelled"


def test_it_is_said_in_words_and_asks_for_no_attention(planned: Target, stage: Account, marloes: Person) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    held = again(planned)
    seen = standing.standing_of(marloes, held)
    assert seen.title == "Held"
    assert seen.sentence.startswith("This account is paused: Er is een lek.")
    assert {"release", "move", "cancel"} <= seen.acts
    assert standing.whole_of(held.post).word == "Held"
    assert (lists.counts(marloes).held, lists.counts(marloes).attention) == (1, 0)


def test_the_pages_show_it(planned: Target, stage: Account, marloes: Person, visit: Callable[..., Client]) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    client = visit(marloes)
    for page in ("/posts/", "/calendar/", "/posts/held/"):
        assert "Er is een lek." in client.get(page).content.decode(), page
    assert client.post(f"/posts/held/{stage.pk}/open/").status_code == 302
    assert "still held" in client.get("/").content.decode()
    client.post(f"/posts/rows/{planned.pk}/release/", {"place": "held"})
    assert again(planned).state == "scheduled"
    assert "Nothing is held." in client.get("/posts/held/").content.decode()


def test_a_slot_that_moves_takes_along_what_is_held(
    noon: datetime, released: Callable[..., Target], news: Account, marloes: Person
) -> None:
    planned = released("Taart op kantoor.", news, by=marloes, due_local=TONIGHT)
    actions.pause_accounts([news], by=marloes, reason="Er is een lek.")
    slot = again(planned).post.slot
    assert slot is not None
    slot.day += timedelta(days=1)
    slot.save()
    follow_slot(slot.pk)
    assert (again(planned).due_day, again(planned).because) == (slot.day, "paused")


def test_nobody_is_told_that_it_failed(planned: Target, stage: Account, marloes: Person) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    assert not ToldFact.objects.filter(kind__endswith="TargetFailed").exists()


def test_what_was_let_go_before_is_held_by_another_pause(planned: Target, stage: Account, marloes: Person) -> None:
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    actions.end_pause([stage], by=marloes)
    actions.release_held(by=marloes, target=planned)
    actions.pause_accounts([stage], by=marloes, reason="Er is nog een lek.")
    assert again(planned).because == "paused"


def test_the_channels_say_so_too(noon: datetime, stage: Account, marloes: Person, visit: Callable[..., Client]) -> None:
    """An account on which everything is held works, and still nothing goes out there."""
    Account.objects.update(health="well", checked_at=noon)
    browser, one = visit(marloes), f"/accounts/{stage.pk}/"
    assert "See what is held" not in browser.get("/accounts/").content.decode()
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    for page in ("/accounts/", one):
        said = browser.get(page).content.decode()
        assert "Er is een lek." in said
        assert "See what is held" in said
    row = browser.get("/accounts/").content.decode().partition(one)[2].partition("</li>")[0]
    assert "paused" in row
    assert "works" not in row
    actions.end_pause([stage], by=marloes)
    assert "Er is een lek." not in browser.get(one).content.decode()


def test_what_is_let_go_late_keeps_the_moment_that_it_got(
    noon: datetime, released: Callable[..., Target], stage: Account, marloes: Person
) -> None:
    rows = [released(f"Nummer {n}, heel iets anders dan {n + 7}.", stage, due_local=TONIGHT) for n in range(3)]
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    with clock.fixed(noon + timedelta(days=2)):
        actions.release_many(by=marloes, targets=[again(one) for one in rows])
        moments = [again(one).due_at for one in rows]
        assert follow_the_clocks() == 0
        assert [again(one).due_at for one in rows] == moments


def test_what_a_colleague_let_go_meanwhile_and_is_up_does_not_keep_the_others(
    noon: datetime, released: Callable[..., Target], stage: Account, marloes: Person
) -> None:
    rows = [released(f"Nummer {n}, heel iets anders dan {n + 7}.", stage, due_local=TONIGHT) for n in range(2)]
    actions.pause_accounts([stage], by=marloes, reason="Er is een lek.")
    actions.end_pause([stage], by=marloes)
    actions.release_held(by=marloes, target=again(rows[0]))
    with clock.fixed(noon + timedelta(hours=12)):
        deliver(rows[0].pk)
        assert again(rows[0]).state == "published"
        told = actions.release_many(by=marloes, targets=[again(one) for one in rows])
    assert told == {"go": 1, "wait": 0, "not_held": 1}
