"""A thread is a chain of parts: each is up once, whatever happens, and never only its beginning without a person who
knows. On the Mastodon server that counts copies."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.actions.read_back import read_back
from koor.flow.publishing.actions.remove import ask_platform
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries.invariants import broken
from koor.flow.publishing.queries.read_back import of_house
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import CannotKnow
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Refused
from tests.mastodon_server import MastodonServer

PARTS = ["Eerst het dak.", "Dan de muren.", "En dan de ketel."]
Released = Callable[..., Target]
PassTime = Callable[..., list[tuple[int, str]]]
Finish = Callable[[Target], Target]
publish = channels.connector("mastodon").publish


@pytest.fixture
def thread(released: Released, on_mastodon: Account) -> Target:
    return of_parts(released, on_mastodon)


def of_parts(released: Released, account: Account) -> Target:
    return released("\n---\n".join(PARTS), account, options={account.pk: {"thread": "yes"}})


@pytest.fixture
def finish(pass_time: PassTime) -> Callable[[Target], Target]:
    """Let time pass until nothing happens any more; the row then. `pass_time` stops at each part."""

    def run(target: Target) -> Target:
        for _part in PARTS * 2:
            pass_time(target, 7200)
        return again(target)

    return run


def copies(mastodon: MastodonServer) -> list[int]:
    return [mastodon.copies(part) for part in PARTS]


def test_each_part_goes_once_and_answers_the_one_before(
    thread: Target, finish: Finish, mastodon: MastodonServer
) -> None:
    after = finish(thread)
    chain = after.handle["chain"]
    assert (after.state, copies(mastodon), len(chain)) == ("published", [1, 1, 1], 3)
    assert after.remote_id == chain[0]
    assert after.url.endswith(chain[0])
    assert [mastodon.world.statuses[one].in_reply_to for one in chain] == ["", chain[0], chain[1]]
    keys = list(after.attempts.values_list("key", flat=True))
    assert keys == [after.key, f"{after.key}.2", f"{after.key}.3"]
    assert not list(broken())


@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize("accepted", [True, False])
def test_an_answer_that_proves_nothing_is_looked_after(
    thread: Target, finish: Finish, mastodon: MastodonServer, before: int, accepted: bool
) -> None:
    for _part in range(before):
        deliver(thread.pk)
    mastodon.fault("500", accepted=accepted)
    deliver(thread.pk)
    assert again(thread).state == "unknown"
    assert (finish(thread).state, copies(mastodon)) == ("published", [1, 1, 1])
    assert not list(broken())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["publishing.before_send", "publishing.after_send", "publishing.during_record"])
def test_killed_at_the_second_part(
    thread: Target, finish: Finish, mastodon: MastodonServer, die: Callable[..., None], fault: str
) -> None:
    deliver(thread.pk)
    die(thread, fault)
    assert (finish(thread).state, copies(mastodon)) == ("published", [1, 1, 1])


def test_half_of_it_is_on_the_list_of_a_person(
    thread: Target, finish: Finish, mastodon: MastodonServer, bram: Person
) -> None:
    deliver(thread.pk)
    mastodon.fault("422", accepted=False)
    deliver(thread.pk)
    half = again(thread)
    assert (half.state, half.because, copies(mastodon)) == ("needs_person", "half", [1, 0, 0])
    actions.send_again(by=half.post.by, target=half)
    assert (finish(thread).state, copies(mastodon)) == ("published", [1, 1, 1])


def test_half_of_it_left_so_can_be_taken_away(thread: Target, mastodon: MastodonServer) -> None:
    deliver(thread.pk)
    deliver(thread.pk)
    mastodon.fault("422", accepted=False)
    deliver(thread.pk)
    half = again(thread)
    actions.leave_target(by=half.post.by, target=half)
    left = again(thread)
    assert (left.state, left.remote_id, copies(mastodon)) == ("published", left.handle["chain"][0], [1, 1, 0])
    assert not list(broken())
    actions.take_down(by=left.post.by, target=left)
    ask_platform(by=left.post.by, target_id=left.pk)
    assert copies(mastodon) == [0, 0, 0]


def test_too_late_for_the_rest(thread: Target, finish: Finish, mastodon: MastodonServer) -> None:
    deliver(thread.pk)
    Target.objects.filter(pk=thread.pk).update(due_at=again(thread).due_at.replace(year=2025))
    deliver(thread.pk)
    late = again(thread)
    assert (late.state, late.because, copies(mastodon)) == ("needs_person", "half", [1, 0, 0])


def test_nothing_is_changed_while_only_the_beginning_is_up(thread: Target) -> None:
    deliver(thread.pk)
    half = again(thread)
    with pytest.raises(Refused):
        actions.edit_post(by=half.post.by, post=half.post, text="Iets anders")
    with pytest.raises(Refused):
        actions.cancel_target(by=half.post.by, target=half)
    assert again(thread).handle["parts"] == PARTS


def test_parts_of_another_thread_are_known(
    thread: Target, released: Released, on_mastodon: Account, finish: Finish, mastodon: MastodonServer
) -> None:
    """The same words in a second thread are not taken for those of the first."""
    finish(thread)
    other = of_parts(released, on_mastodon)
    mastodon.fault("500", accepted=False)
    assert (finish(other).state, copies(mastodon)) == ("published", [2, 2, 2])


def test_the_account_decides_how_once_is_kept(on_mastodon: Account) -> None:
    manifest = channels.connector("mastodon").manifest
    by = dataclasses.replace(manifest, delivery_by=(("kind", "page", manifest.delivery),), delivery="blind")
    assert (by.delivery_for({"kind": "page"}), by.delivery_for({"kind": "person"})) == ("key", "blind")


def night(number: int) -> dict[str, int]:
    with clock.fixed(clock.now() + timedelta(days=number)):
        return read_back()


def test_each_part_is_read_back_at_night(thread: Target, finish: Finish, mastodon: MastodonServer) -> None:
    chain = finish(thread).handle["chain"]
    assert (len(chain), night(1)) == (3, {"once": 1})
    with mastodon.world.lock:
        copy = dataclasses.replace(mastodon.world.statuses[chain[1]], id="999")
        mastodon.world.statuses["999"] = copy
    assert night(2) == {"twice": 1}
    assert (again(thread).read_back.other_id, of_house()["twice"]) == ("999", 1)
    with mastodon.world.lock:
        for number in ("999", chain[1]):
            del mastodon.world.statuses[number]
    assert night(3) == {"unsure": 1}, "a part of it is gone, the rest stands"
    assert again(thread).removed_at is None


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that lets nobody look."""
    monkeypatch.setattr(publish, "find", lambda session, attempt: CannotKnow("nobody can look"))


@pytest.mark.usefixtures("unreadable")
@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_person_says_that_a_part_is_there_and_the_rest_goes(
    thread: Target, finish: Finish, mastodon: MastodonServer, before: int
) -> None:
    for _part in range(before):
        deliver(thread.pk)
    mastodon.fault("500", accepted=True)
    deliver(thread.pk)
    Target.objects.filter(pk=thread.pk).update(state="needs_person", because="unsure", wake_at=None)
    number = next(pk for pk, one in mastodon.world.statuses.items() if PARTS[before] in str(one))
    actions.link_target(by=thread.post.by, target=again(thread), url=f"{mastodon.url}/@us/{number}")
    after = finish(thread)
    assert (after.state, copies(mastodon)) == ("published", [1, 1, 1])
    assert not list(broken())


@pytest.mark.usefixtures("unreadable")
def test_the_platform_says_which_part_stands_at_an_address(
    thread: Target, finish: Finish, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its addresses end in no digits."""
    mastodon.fault("500", accepted=True)
    deliver(thread.pk)
    Target.objects.filter(pk=thread.pk).update(state="needs_person", because="unsure", wake_at=None)
    number = next(iter(mastodon.world.statuses))
    known = {"https://x.example/post/3kabc": number}
    ask = lambda session, address: known.get(address, "")  # noqa: E731
    monkeypatch.setattr(publish, "number_at", ask, raising=False)
    with pytest.raises(Refused):
        actions.link_target(by=thread.post.by, target=again(thread), url="https://x.example/post/3kother")
    actions.link_target(by=thread.post.by, target=again(thread), url="https://x.example/post/3kabc")
    assert (finish(thread).state, copies(mastodon)) == ("published", [1, 1, 1])


@pytest.mark.usefixtures("unreadable")
def test_without_the_address_of_that_part_nothing_is_lost_and_nothing_twice(
    thread: Target, mastodon: MastodonServer
) -> None:
    deliver(thread.pk)
    mastodon.fault("500", accepted=True)
    deliver(thread.pk)
    Target.objects.filter(pk=thread.pk).update(state="needs_person", because="unsure", wake_at=None)
    first = again(thread).handle["chain"][0]
    for url in ("", f"{mastodon.url}/@us/{first}"):
        with pytest.raises(Refused) as refused:
            actions.link_target(by=thread.post.by, target=again(thread), url=url)
        assert refused.value.code == "number"
    assert (again(thread).state, copies(mastodon)) == ("needs_person", [1, 1, 0])
