"""Part of a post is up and the rest is changed: a buddy reads that, and what is up stays what it is."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from koor.flow.publishing import access, actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries.invariants import SENT_AFTER, broken
from koor.flow.publishing.tests.conftest import again, row
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Refused
from tests.mastodon_server import MastodonServer

Write = Callable[..., Post]


@pytest.fixture
def jelle(person: Callable[..., Person], henk: Person) -> Person:
    """Has a buddy."""
    return person("Jelle", "helper", autonomy=Autonomy.BUDDY, buddy=henk)


@pytest.fixture
def half(
    noon: datetime, write: Write, jelle: Person, henk: Person, on_mastodon: Account, news: Account
) -> tuple[Post, Target, Target]:
    """Up on Mastodon, refused in the newsroom, and changed since: the post, and both rows."""
    post = write("Mijn eerste.", on_mastodon, news, by=jelle)
    actions.let_go(by=jelle, post=post)
    actions.approve_post(by=henk, post=post)
    up, other = row(post, on_mastodon), row(post, news)
    deliver(up.pk)
    Target.objects.filter(pk=other.pk).update(state="rejected", wake_at=None)
    actions.edit_post(by=jelle, post=post, text="Mijn eerste, anders.")
    return Post.objects.get(pk=post.pk), again(up), again(other)


def test_a_yes_lets_only_go_what_is_not_up(
    half: tuple[Post, Target, Target], mastodon: MastodonServer, noon: datetime, marloes: Person, henk: Person
) -> None:
    mastodon.rules(honours_idempotency_key=False)
    post, up, other = half
    assert (post.stage, up.state) == ("with_buddy", "published")
    actions.pause_accounts([up.account], by=marloes, reason="Brand")
    with clock.fixed(noon + timedelta(hours=13)):
        assert actions.approve_post(by=henk, post=post).stage == "released"
        with pytest.raises(Refused):
            actions.release_held(by=marloes, target=up)
        deliver(up.pk)
    assert (again(up).state, again(other).state) == ("published", "scheduled")
    assert mastodon.copies("Mijn eerste.") == 1
    assert list(broken()) == []


def test_what_is_up_is_never_held(half: tuple[Post, Target, Target]) -> None:
    for state in (logic.PUBLISHED, logic.SENDING, logic.UNKNOWN, logic.RECONCILING):
        with pytest.raises(logic.Impossible):
            logic.held(logic.Row(state), logic.PAUSED)
    _post, up, _other = half
    sent = up.attempts.get(step="send")
    sent.sent_at = up.published_at + timedelta(hours=1)  # type: ignore[operator]
    sent.save()
    assert list(broken()) == [], "the clock was set back while it went"
    sent.pk, sent.number = None, sent.number + 1
    sent.save()
    Target.objects.filter(pk=up.pk).update(state="needs_person")
    assert list(broken()) == [(up.pk, SENT_AFTER)], "whatever the row says of itself"


def test_what_is_up_is_not_put_away(
    half: tuple[Post, Target, Target], jelle: Person, marloes: Person, visit: Callable[..., object]
) -> None:
    post, up, other = half
    with pytest.raises(Refused) as refused:
        actions.take_back(by=jelle, post=post)
    assert refused.value.code == "partly_up"
    page = visit(jelle).get(f"/posts/{post.pk}/").content.decode()  # type: ignore[attr-defined]
    assert ("/take-back/" in page, "/withdraw/" in page) == (False, True)
    assert access.may_correct(marloes, post)
    assert actions.withdraw_post(by=jelle, post=post).stage == "released"
    assert (again(up).state, again(other).state) == ("published", "cancelled")
    assert access.may_correct(marloes, Post.objects.get(pk=post.pk))


def test_what_stands_ready_by_hand_is_read_again(
    noon: datetime, write: Write, jelle: Person, henk: Person, account: Callable[..., Account]
) -> None:
    mine = account("Jelle on LinkedIn", "by_hand", owner=jelle, personal=True)
    post = write("Mijn eerste.", mine, by=jelle, due_local=datetime(2026, 11, 24, 13))
    actions.let_go(by=jelle, post=post)
    actions.approve_post(by=henk, post=post)
    deliver(row(post).pk)
    assert row(post).because == "by_hand"
    with clock.fixed(noon + timedelta(days=2)):
        actions.edit_post(by=jelle, post=post, text="Heel anders.")
        assert (row(post).state, row(post).due_at) == ("scheduled", None)
        actions.approve_post(by=henk, post=post)
        deliver(row(post).pk)
    assert (row(post).state, row(post).because) == ("needs_person", "by_hand")
