"""What only a person can say: posted by hand, it is there, it is not, leave it."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import (
    CannotKnow,
    Delivery,
    Limits,
    Manifest,
    Outcome,
    Prepared,
    Verdict,
)  # fmt: skip
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused

Released = Callable[..., Target]
PassTime = Callable[..., list[tuple[int, str]]]


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch, account: Callable[..., Account], marloes: Person) -> Account:
    """A platform that says nothing and lets nobody look."""
    publish = SimpleNamespace(
        prepare=lambda session, draft: Prepared(),
        send=lambda session, attempt: Outcome(Verdict.UNKNOWN, answer="no answer"),
        find=lambda session, attempt: CannotKnow("nobody can look"),
    )
    manifest = Manifest("blind", "Blind", "", Delivery.BLIND, Limits(), publishes=True)
    monkeypatch.setitem(channels.connectors(), "blind", channels.Connector("blind", manifest, publish=publish))
    return account("Blind", "blind")


@pytest.fixture
def asked(noon: datetime, released: Released, blind: Account, pass_time: PassTime) -> Target:
    """A row of which nobody but a person can tell whether it is up."""
    target = released("Acht lokalen.", blind)
    pass_time(target)
    return again(target)


def test_a_blind_platform_asks_a_person(asked: Target) -> None:
    assert (asked.state, asked.because, asked.wake_at, asked.attempts_made) == ("needs_person", "unsure", None, 1)


def test_it_is_there(asked: Target, bram: Person) -> None:
    linked = actions.link_target(by=bram, target=asked, url="https://blind.example/posts/12345")
    assert (linked.state, linked.url, linked.remote_id, linked.told_by) == (
        "published", "https://blind.example/posts/12345", "12345", bram,
    )  # fmt: skip
    assert actions.link_target(by=bram, target=asked).url == linked.url


def test_while_the_platform_does_not_say_by_which_number_the_address_alone_is_kept(asked: Target, bram: Person) -> None:
    def away(session: object, address: str) -> str:
        raise ConnectionError("no answer")

    channels.connectors()["blind"].publish.number_at = away
    linked = actions.link_target(by=bram, target=asked, url="https://blind.example/posts/12345")
    assert (linked.state, linked.url, linked.remote_id) == ("published", "https://blind.example/posts/12345", "")


def test_it_is_not_so_it_goes_again(asked: Target, bram: Person) -> None:
    again_due = actions.send_again(by=bram, target=asked)
    assert (again_due.state, again_due.wake_at) == ("waiting", again_due.due_at)
    assert actions.send_again(by=bram, target=asked).attempts_made == 1, "twice is once"
    deliver(asked.pk)
    assert again(asked).attempts_made == 2


def test_leave_it(asked: Target, bram: Person) -> None:
    left = actions.leave_target(by=bram, target=asked)
    assert (left.state, left.because) == ("cancelled", "left")
    assert actions.leave_target(by=bram, target=asked).state == "cancelled"
    with pytest.raises(Refused) as refused:
        actions.retry(by=bram, target=again(asked))
    assert refused.value.code == "left", "nobody knows whether it is up: it never goes again"


def test_no_edit_and_no_other_moment_before_a_person_says_so(asked: Target, bram: Person) -> None:
    for verb in (
        lambda: actions.edit_post(by=bram, post=asked.post, text="Anders."),
        lambda: actions.reschedule(by=bram, target=asked, due_local=None),
        lambda: actions.cancel_target(by=bram, target=asked),
    ):
        with pytest.raises(Refused):
            verb()


def test_who_may_say_so(asked: Target, henk: Person, marloes: Person) -> None:
    for verb in (actions.link_target, actions.send_again, actions.leave_target):
        with pytest.raises(Forbidden):
            verb(by=henk, target=asked)
    assert actions.link_target(by=marloes, target=asked).state == "published"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "geen adres", "https://"])
def test_an_address_that_is_none(asked: Target, bram: Person, url: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.link_target(by=bram, target=asked, url=url)
    assert refused.value.code == "bad_link"


# ── By hand ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def ready(noon: datetime, released: Released, by_hand: Account, rob: Person) -> Target:
    """Text and picture stand ready on Rob's phone."""
    target = released("Kom luisteren.", by_hand, by=rob)
    deliver(target.pk)
    return again(target)


def test_at_its_moment_it_is_on_the_owners_list(ready: Target) -> None:
    assert (ready.state, ready.because, ready.attempts_made) == ("needs_person", "by_hand", 0)


def test_done_with_or_without_a_link(ready: Target, rob: Person) -> None:
    done = actions.link_target(by=rob, target=ready, url="https://www.linkedin.com/feed/update/7")
    assert (done.state, done.told_by, done.remote_id) == ("published", rob, "7")


def test_done_without_a_link(ready: Target, rob: Person) -> None:
    assert actions.link_target(by=rob, target=ready).url == ""


def test_not_now_but_tomorrow(ready: Target, rob: Person) -> None:
    later = actions.reschedule(by=rob, target=ready, due_local=datetime(2026, 11, 25, 9))
    assert later.state == "scheduled"


def test_not_at_all(ready: Target, rob: Person) -> None:
    left = actions.leave_target(by=rob, target=ready)
    assert (left.state, left.because) == ("cancelled", "")


def test_it_is_not_sent_by_the_house(ready: Target, rob: Person) -> None:
    with pytest.raises(Refused):
        actions.send_again(by=rob, target=ready)


def test_nothing_to_say_about_what_nobody_asked(
    noon: datetime, released: Released, stage: Account, bram: Person
) -> None:
    target = released("Oefenen.", stage, due_local=datetime(2026, 11, 25, 9))
    with pytest.raises(Refused) as refused:
        actions.link_target(by=bram, target=target)
    assert refused.value.code == "not_asked"
