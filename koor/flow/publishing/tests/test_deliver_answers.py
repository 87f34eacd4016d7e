"""A post goes up once, whatever the platform answers. Numbers: the faults in docs/decisions on delivery.
The platform is a real HTTP server that counts copies; time passes on the row's own moments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.actions import deliver as engine
from koor.flow.publishing.actions.deliver import deliver, sweep
from koor.flow.publishing.models import Pace, Target
from koor.flow.publishing.tests.conftest import again, row
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import Refused
from tests.mastodon_server import MastodonServer

TEXT = "Acht lokalen in Eibergen hebben frisse lucht."
Released = Callable[..., Target]
PassTime = Callable[..., list[tuple[int, str]]]
Die = Callable[..., None]
STATUSES = "POST /api/v1/statuses"


@pytest.fixture
def due(released: Released, on_mastodon: Account) -> Target:
    """A row that is due now."""
    return released(TEXT, on_mastodon)


def test_without_any_fault_it_is_up_once(due: Target, mastodon: MastodonServer) -> None:
    deliver(due.pk)
    after = again(due)
    assert (after.state, after.attempts_made, mastodon.copies(TEXT)) == ("published", 1, 1)
    assert after.url.startswith(mastodon.url)
    assert after.remote_id
    attempt = after.attempts.get()
    assert (attempt.step, attempt.verdict, attempt.key, attempt.epoch) == ("send", "done", after.key, 1)
    assert attempt.sent_at is not None
    assert len(attempt.body_digest) == 64


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connector waits a fraction of a second for an answer."""
    monkeypatch.setattr("koor.connectors.mastodon.client.WRITE_SECONDS", 0.4)


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.usefixtures("impatient")
def test_p04_p05_no_answer_in_time(due: Target, pass_time: PassTime, mastodon: MastodonServer, accepted: bool) -> None:
    mastodon.fault("timeout", accepted=accepted, seconds=1.5)
    deliver(due.pk)
    assert again(due).state == "unknown"
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)
    assert again(due).attempts_made == (1 if accepted else 2)


@pytest.mark.parametrize("answer", ["500", "502", "503", "504"])
@pytest.mark.parametrize("accepted", [True, False])
def test_p06_p07_an_error_of_the_server(
    due: Target, pass_time: PassTime, mastodon: MastodonServer, answer: str, accepted: bool
) -> None:
    mastodon.fault(answer, accepted=accepted)
    deliver(due.pk)
    assert again(due).state == "unknown"
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


@pytest.mark.parametrize("answer", ["reset", "half_close", "truncated", "html", "error_200", "empty"])
@pytest.mark.parametrize("accepted", [True, False])
def test_p08_an_answer_that_proves_nothing(
    due: Target, pass_time: PassTime, mastodon: MastodonServer, answer: str, accepted: bool
) -> None:
    mastodon.fault(answer, accepted=accepted)
    deliver(due.pk)
    assert again(due).state == "unknown"
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_p06_a_server_that_ignores_the_key_is_not_trusted_with_a_second_post(
    due: Target, pass_time: PassTime, mastodon: MastodonServer
) -> None:
    mastodon.rules(honours_idempotency_key=False)
    mastodon.fault("500", accepted=True)
    deliver(due.pk)
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT), mastodon.requests(STATUSES)) == ("published", 1, 1)


@pytest.mark.parametrize(
    ("answer", "least", "most"),
    [("429_seconds", 30, 30), ("429_date", 1, 60), ("429_absent", 60, 60), ("429_absurd", 60, 3 * 3600)],
)
def test_p09_too_many_requests(
    due: Target, pass_time: PassTime, mastodon: MastodonServer, answer: str, least: int, most: int
) -> None:
    mastodon.fault(answer, accepted=False)
    start = clock.now()
    with clock.fixed(start):
        deliver(due.pk)
    after = again(due)
    assert (after.state, after.because) == ("waiting", "rate")
    assert after.wake_at is not None
    assert least - 2 <= (after.wake_at - start).total_seconds() <= most
    assert mastodon.copies(TEXT) == 0
    pass_time(due)
    assert (again(due).state, again(due).attempts_made, mastodon.copies(TEXT)) == ("published", 2, 1)


def test_p09_the_other_rows_of_the_account_wait_too(
    due: Target, released: Released, on_mastodon: Account, mastodon: MastodonServer
) -> None:
    other = released("Iets anders.", on_mastodon)
    mastodon.fault("429_seconds", accepted=False)
    deliver(due.pk)
    deliver(other.pk)
    after = again(other)
    assert (after.state, after.because, after.attempts_made) == ("waiting", "rate", 0)
    assert after.wake_at == Pace.objects.get().until
    assert mastodon.requests(STATUSES) == 1


@pytest.mark.parametrize("answer", ["401", "403"])
def test_p10_credentials_that_no_longer_work(
    due: Target, pass_time: PassTime, mastodon: MastodonServer, answer: str
) -> None:
    mastodon.fault(answer, accepted=False)
    deliver(due.pk)
    after = again(due)
    assert (after.state, after.because) == ("waiting", "auth")
    assert Account.objects.get(pk=due.account_id).health == "trouble"
    assert Account.objects.get(pk=due.account_id).state == "active", "an error never disconnects"
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_nothing_is_tried_again_before_its_moment(due: Target, mastodon: MastodonServer) -> None:
    """A job that comes too early, or twice, does nothing."""
    mastodon.fault("401", accepted=False)
    for _time in range(3):
        deliver(due.pk)
    assert (again(due).state, again(due).attempts_made, mastodon.requests(STATUSES)) == ("waiting", 1, 1)


def test_a_refusal_is_final_and_told(due: Target, mastodon: MastodonServer) -> None:
    mastodon.fault("422", accepted=False)
    deliver(due.pk)
    after = again(due)
    assert (after.state, after.because, after.wake_at) == ("rejected", "rejected", None)
    assert "Validation failed" in after.note


def test_p14_a_clock_that_jumps_back_sends_nothing_twice(
    due: Target, pass_time: PassTime, mastodon: MastodonServer
) -> None:
    mastodon.fault("500", accepted=True)
    deliver(due.pk)
    with clock.fixed(clock.now() - timedelta(hours=2)):
        deliver(due.pk)
    assert again(due).state == "unknown"
    pass_time(due)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_p14_a_clock_that_jumps_forward_sends_nothing_twice(
    due: Target, pass_time: PassTime, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is taken and not shown yet. The clock is set an hour ahead: whoever believes it finds nothing and sends."""
    monkeypatch.setattr(clock, "steady", lambda: ("machine", 100.0))
    mastodon.fault("500", accepted=False)
    deliver(due.pk)
    pass_time(due, 3600)
    after = again(due)
    assert (after.state, after.attempts_made, mastodon.requests("POST /api/v1/statuses")) == ("reconciling", 1, 1)
    monkeypatch.setattr(clock, "steady", lambda: ("machine", 1060.0))
    pass_time(due, 3600, start=after.wake_at)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_p24_no_edit_and_no_cancel_while_it_is_unknown(due: Target, bram: Person, mastodon: MastodonServer) -> None:
    mastodon.fault("500", accepted=True)
    deliver(due.pk)
    for attempt in (
        lambda: actions.edit_post(by=bram, post=due.post, text="Anders."),
        lambda: actions.cancel_target(by=bram, target=due),
        lambda: actions.reschedule(by=bram, target=due, due_local=None),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "unknown"


def test_p24_an_edit_after_a_refusal_is_another_post_with_another_key(
    due: Target, bram: Person, mastodon: MastodonServer
) -> None:
    mastodon.fault("422", accepted=False)
    deliver(due.pk)
    key = again(due).key
    assert actions.retry(by=bram, target=again(due)).key == key  # the same content: a repeat of the same thing
    mastodon.fault("422", accepted=False)
    deliver(due.pk)
    actions.edit_post(by=bram, post=due.post, text="Andere woorden.")
    actions.retry(by=bram, target=again(due))
    deliver(due.pk)
    after = again(due)
    assert (after.state, after.revision, mastodon.copies("Andere woorden.")) == ("published", 2, 1)
    assert after.key != key


def test_p25_a_double_click_is_one_post(bram: Person, on_mastodon: Account, mastodon: MastodonServer) -> None:
    for _click in range(3):
        post = actions.create_post(by=bram, text=TEXT, accounts=[on_mastodon], once="a-key-of-the-page")
        actions.let_go(by=bram, post=post)
    rows = Target.objects.all()
    assert rows.count() == 1
    for _job in range(3):
        deliver(rows[0].pk)
    assert (mastodon.copies(TEXT), mastodon.requests(STATUSES)) == (1, 1)


def test_p26_after_a_week_without_a_worker_nothing_old_is_posted(
    due: Target, pass_time: PassTime, mastodon: MastodonServer
) -> None:
    with clock.fixed(clock.now() + timedelta(days=7)):
        sweep()
        deliver(due.pk)
    assert (again(due).state, mastodon.requests(STATUSES)) == ("missed", 0)


def test_p30_nothing_is_sent_while_publishing_is_held(due: Target, marloes: Person, mastodon: MastodonServer) -> None:
    actions.hold_publishing(by=marloes, why="Brand bij de buren")
    deliver(due.pk)
    assert (again(due).state, mastodon.requests(STATUSES)) == ("scheduled", 0)
    actions.resume_publishing(by=marloes)
    deliver(due.pk)
    assert (again(due).state, mastodon.copies(TEXT)) == ("published", 1)


def test_p30_held_in_the_last_moment(due: Target, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch is thrown while the row is being prepared: the send does not start."""
    prepared = engine._prepared

    def throw(*given: Any) -> Any:
        House.objects.update(publishing_held="nu")
        return prepared(*given)

    monkeypatch.setattr(engine, "_prepared", throw)
    deliver(due.pk)
    assert (again(due).state, again(due).because, mastodon.requests(STATUSES)) == ("waiting", "held", 0)


def test_a_row_per_account_and_a_retry_touches_only_its_own(
    released: Released, on_mastodon: Account, stage: Account, pass_time: PassTime, mastodon: MastodonServer
) -> None:
    first = released(TEXT, on_mastodon, stage)
    second = row(first.post, stage)
    mastodon.fault("422", accepted=False)
    deliver(first.pk)
    deliver(second.pk)
    assert (again(first).state, again(second).state) == ("rejected", "published")
    actions.retry(by=first.post.by, target=again(first))
    deliver(first.pk)
    deliver(second.pk)
    assert (again(first).state, again(second).attempts_made, mastodon.copies(TEXT)) == ("published", 1, 1)


def test_two_posts_with_the_same_words_are_two_posts(
    released: Released, on_mastodon: Account, pass_time: PassTime, mastodon: MastodonServer
) -> None:
    """Both unknown, one of them there: the one that is found is not taken for the other."""
    one, two = released(TEXT, on_mastodon), released(TEXT, on_mastodon)
    mastodon.fault("500", accepted=True)
    mastodon.fault("500", accepted=False)
    deliver(one.pk)
    deliver(two.pk)
    pass_time(one)
    pass_time(two)
    assert {again(one).state, again(two).state} == {"published"}
    assert again(one).remote_id != again(two).remote_id
    assert mastodon.copies(TEXT) == 2
