"""Something of the library on a place of the calendar becomes a post for its moment, or a draft that says why not."""

from datetime import UTC, date, datetime, time

import pytest

from koor.flow.calendar import actions as calendar
from koor.flow.calendar.events import SlotLaidOut
from koor.flow.calendar.models import Slot
from koor.flow.hub.models import Item
from koor.flow.publishing import actions
from koor.flow.publishing.actions.laid_out import make_ready
from koor.flow.publishing.models import Post
from koor.flow.publishing.receivers import make_it_ready
from koor.flow.publishing.tests.conftest import row
from koor.ground.channels.models import Account
from koor.ground.people.models import Person

DAY = date(2026, 12, 22)


@pytest.fixture
def winters(bram: Person, noon: datetime) -> Item:
    return Item.objects.create(
        kind="text", text="Three winters, one pump.", by=bram, made_at=noon, state="kept", evergreen=True
    )


def laid(by: Person, item: Item, account: Account | None, day: date = DAY) -> Slot:
    return calendar.lay_out(by=by, day=day, item=item, account=account)


def test_it_goes_at_the_moment_of_its_place(news: Account, marloes: Person, winters: Item) -> None:
    slot = laid(marloes, winters, news)
    for _time in range(2):
        make_it_ready(SlotLaidOut(slot.pk, marloes.pk))
    post = Post.objects.get()
    assert (post.by, post.item, post.slot, post.stage) == (marloes, winters, slot, "released")
    assert (row(post).text, row(post).due_at) == ("Three winters, one pump.", datetime(2026, 12, 22, 8, tzinfo=UTC))
    slot.refresh_from_db()
    assert slot.filled


def test_at_the_time_of_the_place_where_it_has_one(news: Account, marloes: Person, winters: Item) -> None:
    slot = laid(marloes, winters, news)
    Slot.objects.filter(pk=slot.pk).update(time=time(16, 30))
    make_ready(slot.pk, marloes.pk)
    assert row(Post.objects.get()).due_at == datetime(2026, 12, 22, 15, 30, tzinfo=UTC)


def test_without_a_channel_it_waits_as_a_draft(noon: datetime, news: Account, marloes: Person, winters: Item) -> None:
    slot = laid(marloes, winters, None)
    for _time in range(2):
        make_ready(slot.pk, marloes.pk)
    assert Post.objects.get().stage == "draft"
    slot.refresh_from_db()
    assert (slot.filled, slot.unready) == (False, "nowhere")
    actions.withdraw_post(by=marloes, post=Post.objects.get())
    slot.refresh_from_db()
    assert (slot.unready, slot.item) == ("", None)  # a promise again, with proposals
    slot = laid(marloes, winters, news)
    Slot.objects.filter(pk=slot.pk).update(unready="alt")
    make_ready(slot.pk, marloes.pk)
    slot.refresh_from_db()
    assert (slot.filled, slot.unready) == (True, "")


def test_what_the_platform_does_not_take_waits_as_a_draft(
    on_mastodon: Account, noon: datetime, marloes: Person, winters: Item
) -> None:
    winters.text = "Three winters. " * 60
    winters.save()
    make_ready(laid(marloes, winters, on_mastodon).pk, marloes.pk)
    assert Post.objects.get().stage == "draft"
    assert row(Post.objects.get()).due_at is None


def test_a_moment_that_is_past_is_left_to_the_colleague(news: Account, marloes: Person, winters: Item) -> None:
    slot = laid(marloes, winters, news)
    Slot.objects.filter(pk=slot.pk).update(day=date(2026, 11, 20))
    make_ready(slot.pk, marloes.pk)
    assert not Post.objects.filter(stage="released").exists()


def test_a_place_or_a_colleague_that_is_gone(news: Account, marloes: Person, winters: Item) -> None:
    slot = laid(marloes, winters, news)
    make_ready(0, marloes.pk)
    make_ready(slot.pk, 0)
    Slot.objects.filter(pk=slot.pk).update(filled=True)
    make_ready(slot.pk, marloes.pk)
    assert not Post.objects.exists()
