"""Almost the same words of two colleagues: nothing of the kind leaves the house before a person says that it may."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.logic import words
from koor.flow.publishing.models import BothFine, Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

SAID = "Vandaag de eerste warmtepomp van het jaar geplaatst bij de familie Bos."
AGAIN = "Vandaag de eerste warmtepomp van dit jaar geplaatst bij de familie Bos!"
OTHER = "Kom zaterdag kijken in onze werkplaats, de koffie staat klaar."

Released = Callable[..., Target]


@pytest.fixture
def first(noon: datetime, released: Released, news: Account, rob: Person) -> Target:
    """What Rob said, and it is up."""
    target = released(SAID, news, by=rob)
    deliver(target.pk)
    assert again(target).state == "published"
    return target


def test_it_waits_for_a_person(first: Target, released: Released, news: Account, rob: Person) -> None:
    second = released(AGAIN, news)
    assert (second.state, second.because, second.wake_at) == ("needs_person", "alike", None)
    assert second.note_values["name"] == rob.name
    deliver(second.pk)
    assert again(second).attempts_made == 0


def test_other_words_and_ones_own_words_again_go(first: Target, released: Released, news: Account, rob: Person) -> None:
    assert released(OTHER, news).state == "scheduled"
    assert released(SAID, news, by=rob).state == "scheduled"


def test_what_stays_inside_does_not_count(first: Target, released: Released, stage: Account) -> None:
    assert released(AGAIN, stage).state == "scheduled"


def test_also_what_is_posted_by_hand(first: Target, released: Released, account: Callable[..., Account]) -> None:
    assert released(AGAIN, account("LinkedIn", "by_hand")).because == "alike"


def test_at_planning_the_later_one_waits(noon: datetime, released: Released, news: Account, rob: Person) -> None:
    first = released(SAID, news, by=rob, due_local=datetime(2026, 11, 26, 10))
    second = released(AGAIN, news, due_local=datetime(2026, 11, 25, 10))
    assert (first.state, second.state, second.because) == ("scheduled", "needs_person", "alike")


def test_planned_apart_the_second_waits_at_its_moment(
    noon: datetime, released: Released, news: Account, by_hand: Account, rob: Person
) -> None:
    """Both were let go without seeing each other; the last look is when they are claimed."""
    first = released(SAID, news, by=rob, due_local=datetime(2026, 11, 26, 10))
    second = released(OTHER, news, due_local=datetime(2026, 11, 26, 11))
    Target.objects.filter(pk=second.pk).update(text=AGAIN)
    for target in (first, second):
        with clock.fixed(target.due_at):  # type: ignore[arg-type]
            deliver(target.pk)
    assert again(first).state == "published"
    assert (again(second).state, again(second).because) == ("needs_person", "alike")


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_cannot_go_past_each_other(
    noon: datetime, released: Released, news: Account, rob: Person
) -> None:
    for n in range(4):
        pair = [released(f"{n} {OTHER} {n}", news, by=rob), released(f"Nummer {n}", news)]
        Target.objects.filter(pk__in=[one.pk for one in pair]).update(text=f"{n} keer {SAID}")
        start = Barrier(2)

        def go(pk: int, start: Barrier = start) -> None:
            with clock.fixed(noon):
                start.wait()
                deliver(pk)
            connection.close()

        both = [Thread(target=go, args=(one.pk,)) for one in pair]
        [one.start() for one in both]
        [one.join() for one in both]
        assert sorted(again(one).state for one in pair) == ["needs_person", "published"]


def test_a_person_says_that_both_are_fine(first: Target, released: Released, news: Account, bram: Person) -> None:
    second = released(AGAIN, news)
    actions.confirm_alike(by=bram, target=second, why="  Twee monteurs, één feest ")
    deliver(second.pk)
    assert again(second).state == "published"
    pair = BothFine.objects.get()
    assert (pair.post_id, pair.other_id, pair.by, pair.why) == (
        first.post_id, second.post_id, bram, "Twee monteurs, één feest",
    )  # fmt: skip
    line = AuditEntry.objects.filter(verb="publishing.confirm_alike").get()
    assert (line.actor_id, line.detail["why"], line.detail["others"]) == (bram.pk, pair.why, [first.post_id])


def test_the_pair_is_remembered(
    first: Target, released: Released, news: Account, account: Callable[..., Account], bram: Person
) -> None:
    second = released(AGAIN, news)
    actions.confirm_alike(by=bram, target=second, why="Twee verhalen")
    actions.edit_post(by=bram, post=second.post, accounts=[news, account("Nieuws 2", "newsroom")])
    assert {one.state for one in second.post.targets.all()} == {"scheduled"}


def test_what_waited_past_its_moment_goes_when_it_is_fine(
    first: Target, released: Released, news: Account, bram: Person, noon: datetime
) -> None:
    second = released(AGAIN, news, due_local=datetime(2026, 11, 24, 14))
    with clock.fixed(noon + timedelta(days=3)):
        actions.confirm_alike(by=bram, target=second, why="Mag")
        deliver(second.pk)
    assert again(second).state == "published"


def test_other_words_let_it_go_on_and_the_same_hold_it(
    first: Target, released: Released, news: Account, bram: Person
) -> None:
    second = released(AGAIN, news)
    actions.edit_post(by=bram, post=second.post, text=OTHER)
    assert again(second).state == "scheduled"
    actions.edit_post(by=bram, post=second.post, text=SAID)
    assert again(second).because == "alike"


def test_no_other_door_leads_past_it(first: Target, released: Released, news: Account, bram: Person) -> None:
    second = released(AGAIN, news)
    with pytest.raises(Refused):
        actions.send_again(by=bram, target=second)
    with pytest.raises(Refused):
        actions.link_target(by=bram, target=second)
    assert actions.retry(by=bram, target=second).because == "alike"
    assert actions.reschedule(by=bram, target=second, due_local=datetime(2026, 11, 29, 9)).because == "alike"


def test_who_and_why_are_needed(first: Target, released: Released, news: Account, bram: Person, henk: Person) -> None:
    second = released(AGAIN, news)
    with pytest.raises(Forbidden):
        actions.confirm_alike(by=henk, target=second, why="Mag")
    with pytest.raises(Refused) as refused:
        actions.confirm_alike(by=bram, target=second, why="  ")
    assert refused.value.field == "why"
    with pytest.raises(Refused):
        actions.confirm_alike(by=SYSTEM, target=first, why="Mag")


def test_its_page_says_what_it_is_like_and_lets_one_confirm(
    first: Target, released: Released, news: Account, client: Client, bram: Person, rob: Person
) -> None:
    second = released(AGAIN, news)
    client.force_login(bram)
    page = client.get(f"/posts/{second.post_id}/").content.decode()
    assert rob.name in page
    assert f"/posts/{first.post_id}/" in page
    assert client.post(f"/posts/rows/{second.pk}/both-fine/", {"why": ""}).status_code == 409
    assert client.post(f"/posts/rows/{second.pk}/both-fine/", {"why": "Mag"}).status_code == 302
    assert again(second).state == "scheduled"


def test_no_pair_above_the_threshold_is_left_out_for_speed() -> None:
    """What is quick gives the same answer as the plain comparison, also for texts with a sign changed everywhere."""
    from difflib import SequenceMatcher

    texts = [SAID, AGAIN, OTHER, SAID * 3, "Hoi", "Hoi!", "Fijne kerst", "Fijne kerst allemaal", "a" * 40, "ab" * 20]
    for step in (4, 7, 9, 14, 20):
        texts.append("".join("x" if n % step == 0 else sign for n, sign in enumerate(SAID)))
    for one in texts:
        for two in texts:
            a, b = words.heart(one), words.heart(two)
            plain = max(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in ((a, b), (b, a)))
            assert words.is_copy(one, two) == (a == b or plain > words.ALIKE), (one, two)


def test_long_texts_are_compared_in_a_moment() -> None:
    import time

    long = " ".join(f"{word}{n}" for n in range(400) for word in ("warmtepomp", "zolder", "collega"))
    start = time.process_time()
    assert words.is_copy(long, long.replace("zolder7 ", ""))
    assert not words.is_copy(long, " ".join(reversed(long.split())))
    assert time.process_time() - start < 1
