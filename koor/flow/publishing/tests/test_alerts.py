"""Whoever showed a photo hears that it went out: once, and not of what they posted themselves this minute."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from koor.flow.hub import actions as hub
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Item
from koor.flow.publishing import actions, queries
from koor.flow.publishing.events import PostSentToBuddy, TargetPublished
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.receivers import ask_who_reads_along, tell_who_showed_it
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.models import Push
from koor.kernel.tests.test_push import FCM, device_at

Released = Callable[..., Target]


@pytest.fixture
def out(noon: datetime, henk: Person, released: Released, stage: Account) -> Callable[..., Target]:
    def make(by: Person, **more: Any) -> Target:
        capture = hub.capture(by=henk, photos=[Photo("a.jpg", b"a")], sentence="A cabinet")
        item = Item.objects.create(kind="photo", capture=capture, by=henk, made_at=clock.now())
        device_at(FCM, henk.pk)
        row = released("A cabinet.", stage, by=by)
        row.post.item = item
        row.post.save()
        Target.objects.filter(pk=row.pk).update(remote_id="77", **more)
        return row

    return make


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = channels.connectors()["paper"]
    seen = replace(paper, manifest=replace(paper.manifest, public=True))
    monkeypatch.setattr(channels, "connectors", lambda: {"paper": seen})


def test_it_went_out_once(out: Callable[..., Target], public: None, marloes: Person, henk: Person) -> None:
    row = out(marloes)
    for _ in range(2):
        tell_who_showed_it(TargetPublished(row.pk))
    told = Push.objects.get()
    assert (told.device.owner_id, told.title, told.text) == (henk.pk, "Your photo went out", "It stands on Stage.")
    assert told.url == f"/capture/{Item.objects.get().capture_id}/"
    maker = queries.shown_by(account_id=row.account_id, remote_id="77")
    assert maker == (henk, row.post_id, told.url)
    assert queries.shown_by(account_id=row.account_id, remote_id="78") is None


def test_not_of_what_stays_inside(out: Callable[..., Target], marloes: Person) -> None:
    tell_who_showed_it(TargetPublished(out(marloes).pk))  # paper
    assert not Push.objects.exists()


def test_not_of_ones_own_post_of_this_minute(out: Callable[..., Target], public: None, henk: Person) -> None:
    row = out(henk)
    tell_who_showed_it(TargetPublished(row.pk))
    assert not Push.objects.exists()
    Target.objects.filter(pk=row.pk).update(due_day="2026-11-30")  # planned: that is news
    tell_who_showed_it(TargetPublished(row.pk))
    assert Push.objects.count() == 1


def test_who_reads_along_is_asked_each_time_that_it_comes_to_them(
    noon: datetime, henk: Person, rob: Person, marloes: Person, stage: Account
) -> None:
    Person.objects.filter(pk=henk.pk).update(buddy=rob, autonomy="buddy")
    henk.refresh_from_db()
    for number, person in enumerate((rob, marloes)):
        device_at(f"{FCM}{number}", person.pk)
    post = actions.create_post(by=henk, text="A cabinet.", accounts=[stage])
    with clock.fixed(noon):
        actions.send_to_buddy(by=henk, post=post)
    for _ in range(2):
        ask_who_reads_along(PostSentToBuddy(post.pk))
    told = Push.objects.get()
    assert (told.device.owner_id, told.title) == (rob.pk, "Henk asks you to read along")
    assert told.url == f"/posts/{post.pk}/"
    actions.take_back(by=henk, post=post)
    ask_who_reads_along(PostSentToBuddy(post.pk))  # it is with its maker again
    assert Push.objects.count() == 1
    Person.objects.filter(pk=henk.pk).update(buddy=None)
    Post.objects.update(buddy=None)
    with clock.fixed(noon + timedelta(hours=1)):
        actions.send_to_buddy(by=henk, post=Post.objects.get(pk=post.pk))
    ask_who_reads_along(PostSentToBuddy(post.pk))
    assert {one.device.owner_id for one in Push.objects.all()} == {rob.pk, marloes.pk}
