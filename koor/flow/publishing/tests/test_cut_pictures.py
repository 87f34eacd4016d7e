"""A picture goes to each place in the shape that it wants, and what one sees beforehand is what goes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from koor.flow.hub import actions as hub
from koor.flow.hub import queries as library
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Crop, Item, Medium
from koor.flow.publishing import actions
from koor.flow.publishing.actions import content
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.choices import State
from koor.flow.publishing.models import Post
from koor.flow.publishing.tests.conftest import row
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Refused

Visit = Callable[[Person | None], Client]


@pytest.fixture
def attic(rob: Person) -> Item:
    """A photo of 3:4 with what it is about at the top."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((600, 800)).save(out, "JPEG")
    item = Item.objects.create(kind="photo", title="The attic", by=rob, made_at="2026-11-20T10:00:00Z")
    medium = hub.add_picture(by=rob, item=item, photo=Photo("a.jpg", out.getvalue()), alt="An attic with pipes")
    hub.set_focus(by=rob, item=item, medium=medium, focus=(50, 0))
    return item


def post_of(item: Item, by: Person, *accounts: Account, **more: Any) -> Post:
    return actions.create_post(by=by, text="Look at this.", accounts=accounts, item=item, **more)


def size_of(content: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(content)) as found:
        return found.size


def test_each_account_gets_its_own_shape_made_once(rob: Person, by_hand: Account, stage: Account, attic: Item) -> None:
    post = post_of(attic, rob, by_hand, stage)
    linkedin, whole = row(post, by_hand), row(post, stage)
    assert size_of(content.draft_of(linkedin).media[0].content) == (600, 750)
    assert size_of(content.draft_of(whole).media[0].content) == (600, 800)
    assert content.draft_of(whole).media[0].focus == (0.5, 0.0)
    assert [(one.width, one.height) for one in content.draft_of(linkedin).media] == [(600, 750)]
    assert content.digest_of(linkedin) == content.digest_of(linkedin) != content.digest_of(whole)
    assert Crop.objects.count() == 1
    assert content.draft_of(linkedin).media[0].alt == "An attic with pipes"


def test_a_chosen_shape_goes_before(rob: Person, by_hand: Account, attic: Item) -> None:
    post = post_of(attic, rob, by_hand, options={by_hand.pk: {"shape": "whole"}})
    assert size_of(content.draft_of(row(post)).media[0].content) == (600, 800)
    actions.edit_post(by=rob, post=post, options={by_hand.pk: {"shape": "square"}})
    assert size_of(content.draft_of(row(post)).media[0].content) == (600, 600)


def test_what_is_seen_beforehand_is_what_is_saved(
    rob: Person, henk: Person, by_hand: Account, attic: Item, visit: Visit
) -> None:
    page = visit(rob).get(f"/posts/new/?item={attic.pk}&accounts={by_hand.pk}").content.decode()
    assert 'viewBox="0 0 600 750"' in page
    target = row(actions.let_go(by=rob, post=post_of(attic, rob, by_hand)))
    medium = Medium.objects.get(item=attic)
    own = visit(rob).get(f"/posts/rows/{target.pk}/picture/{medium.pk}/")
    kept = hub.cropped(by=SYSTEM, medium=medium, shape="portrait")
    assert kept is not None
    assert kept.file.handle in own.headers["Location"]
    assert visit(rob).get(f"/posts/rows/{target.pk}/picture/{medium.pk + 1}/").status_code == 404
    assert visit(None).get(f"/posts/rows/{target.pk}/picture/{medium.pk}/").status_code == 302


def test_what_is_up_is_shown_as_it_went(
    rob: Person, by_hand: Account, stage: Account, attic: Item, visit: Visit
) -> None:
    post = actions.let_go(by=rob, post=post_of(attic, rob, by_hand, stage))
    medium = Medium.objects.get(item=attic)
    for account in (by_hand, stage):
        deliver(row(post, account).pk)
    actions.link_target(by=rob, target=row(post, by_hand))
    up = row(post, by_hand), row(post, stage)
    assert [one.state for one in up] == [State.PUBLISHED, State.PUBLISHED]
    assert [one.shown_as for one in up] == [{str(medium.pk): ["portrait", 0, 0, 1, 0.9375]}, {str(medium.pk): [""]}]
    hub.set_focus(by=rob, item=attic, medium=medium, focus=(50, 100))
    page = visit(rob).get(f"/posts/{post.pk}/").content.decode()
    assert 'viewBox="0 0 600 750"' in page
    assert (
        'viewBox="0 50 600 750"'
        in visit(rob).get(f"/posts/new/?item={attic.pk}&accounts={by_hand.pk}").content.decode()
    )


def test_what_did_not_go_yet_follows_what_the_picture_is_about(
    rob: Person, by_hand: Account, attic: Item, visit: Visit
) -> None:
    post = post_of(attic, rob, by_hand)
    hub.set_focus(by=rob, item=attic, medium=Medium.objects.get(item=attic), focus=(50, 100))
    assert 'viewBox="0 50 600 750"' in visit(rob).get(f"/posts/{post.pk}/").content.decode()


def test_a_picture_that_can_not_be_cut_goes_whole(
    rob: Person, by_hand: Account, attic: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    from koor.flow.hub.media import cutting
    from koor.flow.hub.media.reasons import MediaTrouble

    def broken(*_said: Any) -> None:
        raise MediaTrouble("no memory")

    monkeypatch.setattr(cutting, "cut", broken)
    target = row(post_of(attic, rob, by_hand))
    assert size_of(content.draft_of(target).media[0].content) == (600, 800)
    assert library.shape_on(by_hand, Medium.objects.get(item=attic)) == "portrait"


def test_what_has_no_file_can_t_be_saved(rob: Person, by_hand: Account, attic: Item, visit: Visit) -> None:
    target = row(actions.let_go(by=rob, post=post_of(attic, rob, by_hand)))
    medium = Medium.objects.get(item=attic)
    medium.renditions.all().delete()
    assert visit(rob).get(f"/posts/rows/{target.pk}/picture/{medium.pk}/").status_code == 404


def test_a_picture_that_says_nothing_to_who_can_t_see_it_waits(rob: Person, news: Account, attic: Item) -> None:
    Medium.objects.filter(item=attic).update(alt="")
    post = post_of(attic, rob, news)
    post.media.update(alt="")
    with pytest.raises(Refused, match="what the picture shows") as refused:
        actions.let_go(by=rob, post=post)
    assert (refused.value.code, refused.value.field) == ("alt", "media")
