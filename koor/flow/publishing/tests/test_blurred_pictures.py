"""Faces are blurred in a picture of a post: what waits is made ready anew, what is up elsewhere is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from koor.flow.hub import actions as hub
from koor.flow.hub.events import ConsentRecorded, FacesBlurred
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.media.boxes import Box
from koor.flow.hub.media.tests.faces import crowd, jpeg_of
from koor.flow.hub.models import Medium, Portrayed
from koor.flow.publishing import actions
from koor.flow.publishing.actions import remove
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import lists
from koor.flow.publishing.receivers import make_it_ready_anew, take_away
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from tests.mastodon_server import MastodonServer

Released = Callable[..., Target]
PICTURE = jpeg_of(crowd(((100, 100, 120),), (600, 450)))
PLACES = [Box(0.17, 0.2, 0.2, 0.36)]


@pytest.fixture
def medium(bram: Person) -> Medium:
    """Bram's photo with Els in it, who said yes."""
    given = {"photos": [Photo("a.jpg", PICTURE)], "portrayed": [InPicture("Els", "yes")]}
    capture = hub.capture(by=bram, sentence="At work", client_id=uuid4(), **given)  # type: ignore[arg-type]
    hub.develop_capture(by=SYSTEM, capture_id=capture.pk)
    Medium.objects.filter(capture=capture).update(alt="Els at work")
    return Medium.objects.select_related("item").get(capture=capture)


@pytest.fixture
def els(medium: Medium) -> Portrayed:
    return Portrayed.objects.get(item=medium.item)


@pytest.fixture
def posted(released: Released, medium: Medium) -> Callable[[Account], Target]:
    """A post with the photo, on its way to an account."""

    def made(account: Account) -> Target:
        return released("Look at this.", account, item=medium.item, media=[medium])

    return made


def blur(medium: Medium, by: Person, els: Portrayed, at: datetime) -> None:
    with clock.fixed(at):
        hub.blur_faces(by=by, medium=medium, places=PLACES, unseen=[els])


def test_what_was_made_ready_and_waits_is_made_ready_anew(
    posted: Callable[..., Target], news: Account, medium: Medium, bram: Person, els: Portrayed, noon: datetime,
    before_held: Any,
) -> None:  # fmt: skip
    target = posted(news)
    Target.objects.filter(pk=target.pk).update(prepared_at=noon)
    first = again(target).revision
    blur(medium, bram, els, noon + timedelta(hours=1))
    row = Target.objects.filter(pk=target.pk)
    woken = again(target).wake_at
    with before_held(Target, lambda: row.update(state="published", wake_at=None, published_at=noon)):
        assert remove.follow_blur(medium.pk) == 0  # it went in that moment
    row.update(state="scheduled", wake_at=woken, published_at=None)
    make_it_ready_anew(FacesBlurred(medium.pk))
    assert (again(target).revision, again(target).prepared_at) == (first + 1, None)
    assert remove.follow_blur(medium.pk) == 0


def test_also_what_was_refused_or_is_in_hand_and_never_what_may_be_up(
    posted: Callable[..., Target], account: Callable[..., Account], medium: Medium, noon: datetime
) -> None:
    target = posted(account("Newsroom", "newsroom"))
    tried = {"key": "k", "prepared_at": noon, "first_sent_at": noon, "last_sent_at": noon, "wake_at": noon}
    for number, (state, because, anew) in enumerate(
        (("waiting", "rate", True), ("claimed", "", True), ("unknown", "unclear", False), ("sending", "", False))
    ):
        Target.objects.filter(pk=target.pk).update(state=state, because=because, epoch=number, revision=1, **tried)
        assert remove.follow_blur(medium.pk) == anew
        assert (again(target).revision, again(target).state) == (1 + anew, state)
        assert again(target).epoch == number + (state == "claimed")
    asked = {"state": "needs_person", "because": "unsure", "wake_at": None}
    Target.objects.filter(pk=target.pk).update(**{**tried, **asked})
    assert remove.follow_blur(medium.pk) == 0


def test_what_went_already_is_left_as_it_is(
    posted: Callable[..., Target], news: Account, medium: Medium, bram: Person, els: Portrayed, noon: datetime
) -> None:
    target = posted(news)
    deliver(target.pk)
    before = again(target).revision
    blur(medium, bram, els, noon + timedelta(hours=1))
    assert remove.follow_blur(medium.pk) == 0
    assert (again(target).state, again(target).revision) == ("published", before)


def test_copies_elsewhere_from_before_are_told_until_they_are_gone(
    posted: Callable[..., Target],
    on_mastodon: Account,
    news: Account,
    mastodon: MastodonServer,
    medium: Medium,
    bram: Person,
    els: Portrayed,
    noon: datetime,
    visit: Callable[..., Any],
) -> None:
    there, here = posted(on_mastodon), posted(news)
    deliver(there.pk)
    deliver(here.pk)
    page = reverse("hub:faces", args=[medium.pk])
    assert lists.copies_before(medium.pk) == []
    assert "Still to be seen elsewhere" not in visit(bram).get(page).content.decode()
    blur(medium, bram, els, noon + timedelta(hours=1))
    assert [row.pk for row in lists.copies_before(medium.pk)] == [there.pk]
    shown = visit(bram).get(page).content.decode()
    assert "Still to be seen elsewhere" in shown
    assert reverse("publishing:take_down", args=[there.pk]) in shown
    actions.take_down(by=bram, target=there)
    assert reverse("publishing:take_down", args=[there.pk]) not in visit(bram).get(page).content.decode()
    remove.ask_platform(by=SYSTEM, target_id=there.pk)
    assert again(there).removed_at is not None
    assert lists.copies_before(medium.pk) == []


def test_a_copy_that_went_out_blurred_is_not_among_them(
    posted: Callable[..., Target],
    on_mastodon: Account,
    mastodon: MastodonServer,
    medium: Medium,
    bram: Person,
    els: Portrayed,
    noon: datetime,
) -> None:
    blur(medium, bram, els, noon - timedelta(hours=1))
    deliver(posted(on_mastodon).pk)
    assert lists.copies_before(medium.pk) == []


@pytest.mark.parametrize("before", [True, False])
def test_a_later_no_takes_away_only_copies_that_show_them(
    posted: Callable[..., Target],
    on_mastodon: Account,
    mastodon: MastodonServer,
    medium: Medium,
    bram: Person,
    els: Portrayed,
    noon: datetime,
    before: bool,
) -> None:
    if not before:
        blur(medium, bram, els, noon - timedelta(hours=1))
    target = posted(on_mastodon)
    deliver(target.pk)
    if before:
        blur(medium, bram, els, noon + timedelta(hours=1))
    hub.record_consent(by=bram, portrayed=els, agrees="no")
    els.refresh_from_db()
    assert lists.going_away(els) == ([target] if before else [])  # what they read is what happens
    assert remove.follow_consent(els.pk) == (1 if before else 0)


def test_in_the_newsroom_a_later_no_finds_them_blurred(
    posted: Callable[..., Target], news: Account, medium: Medium, bram: Person, els: Portrayed, noon: datetime
) -> None:
    target = posted(news)
    deliver(target.pk)
    blur(medium, bram, els, noon + timedelta(hours=1))
    hub.record_consent(by=bram, portrayed=els, agrees="no")
    take_away(ConsentRecorded(els.pk))
    assert again(target).removed_at is None
