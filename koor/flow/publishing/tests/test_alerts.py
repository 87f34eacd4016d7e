"""Whoever showed a photo hears that it went out: once, and not of what they posted themselves this minute."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from koor.flow.hub import actions as hub
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Item
from koor.flow.publishing import actions, queries
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.events import PostSentToBuddy, TargetFailed, TargetPublished
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.receivers import (
    ask_who_reads_along,
    tell_its_owner,
    tell_who_planned_there,
    tell_who_showed_it,
    tell_whose_it_is,
)
from koor.ground.channels import actions as channel_actions
from koor.ground.channels import queries as channels
from koor.ground.channels.events import AccountDisconnected, AccountInTrouble
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
    monkeypatch.setitem(channels.connectors(), "paper", seen)


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
    Push.objects.all().delete()
    Person.objects.filter(pk=rob.pk).update(is_active=False)  # a buddy who left: whoever approves is asked, once
    for hours in (2, 3):
        Post.objects.update(buddy=rob, with_buddy_at=noon + timedelta(hours=hours))
        ask_who_reads_along(PostSentToBuddy(post.pk))
    assert [one.device.owner_id for one in Push.objects.all()] == [marloes.pk]


def test_what_failed_rings_its_maker_and_the_owner_of_the_account_once(
    noon: datetime, released: Released, news: Account, bram: Person, marloes: Person
) -> None:
    for person in (bram, marloes):
        device_at(f"{FCM}{person.pk}", person.pk)
    row = released("A cabinet.", news, due_local=datetime(2026, 11, 24, 14))
    with clock.fixed(noon + timedelta(days=1)):
        deliver(row.pk)
        for _ in range(2):
            tell_whose_it_is(TargetFailed(row.pk))
    told = Push.objects.filter(title="Your post did not get on Newsroom").values_list("device__owner_id", flat=True)
    assert sorted(told) == sorted([bram.pk, marloes.pk])
    for state, because, title, text in (
        ("rejected", "refused", "Your post did not get on Newsroom", "The platform refused it."),
        ("needs_person", "consent", "It waits on Newsroom", "Look what keeps it."),
        ("published", "", "", ""),  # put right by a colleague before this was told
    ):
        Push.objects.all().delete()
        Target.objects.filter(pk=row.pk).update(state=state, because=because, wake_at=None, published_at=noon)
        tell_whose_it_is(TargetFailed(row.pk))
        said = {(one.title, one.text) for one in Push.objects.all()}
        assert said == ({(title, text)} if title else set())


def test_an_account_that_needs_its_owner_rings_them(news: Account, marloes: Person) -> None:
    device_at(FCM, marloes.pk)
    tell_its_owner(AccountInTrouble(news.pk))
    assert Push.objects.get().title == "Newsroom needs you"
    Push.objects.all().delete()
    channel_actions.disconnect_account(by=marloes, account=news)
    tell_its_owner(AccountInTrouble(news.pk))
    assert not Push.objects.exists(), "nothing is planned there any more"


def test_what_is_planned_for_an_account_that_goes_is_said(
    noon: datetime, released: Released, news: Account, bram: Person, marloes: Person, visit: Callable[..., Client]
) -> None:
    released("Vrijdag.", news, due_local=datetime(2026, 11, 27, 9))
    assert "One post is planned" not in visit(marloes).get("/").content.decode()
    page = visit(marloes).get(reverse("channels:disconnect", args=[news.pk])).content.decode()
    assert "1 post is planned here." in page
    device_at(FCM, bram.pk)
    channel_actions.disconnect_account(by=marloes, account=news)
    tell_who_planned_there(AccountDisconnected(news.pk))
    assert Push.objects.get().title == "Newsroom is disconnected"
    for person in (bram, marloes):
        assert "One post is planned for an account that is disconnected" in visit(person).get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_new_credentials_wake_what_waits(
    noon: datetime, released: Released, stage: Account, marloes: Person, run_jobs: Callable[[], None]
) -> None:
    row = released("A cabinet.", stage)
    Target.objects.filter(pk=row.pk).update(state="waiting", because="auth", wake_at=noon + timedelta(hours=2))
    channel_actions.disconnect_account(by=marloes, account=stage)
    channel_actions.connect_again(by=marloes, account=stage)
    run_jobs()
    assert Target.objects.get(pk=row.pk).state == "published"
