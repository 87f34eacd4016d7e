"""What stands in the public archive and the public list of corrections: only what everybody may read anyway."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Correction, Post, Target
from koor.flow.publishing.queries import everybody
from koor.flow.publishing.tests.conftest import row
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person

Visit = Callable[[Person | None], Client]
WORDS = "Alleen voor wie het weten mag."


@pytest.fixture
def up(
    write: Callable[..., Post], account: Callable[..., Account], noon: datetime, house: House
) -> Callable[..., Post]:
    """A post that is up on an account of this connector, with these options and settings."""

    def make(connector: str, options: dict[str, str], settings: dict[str, str], **more: str) -> Post:
        there = account("Daar", "by_hand")
        post = write(WORDS, there)
        Post.objects.filter(pk=post.pk).update(stage="released", released_at=noon, **more)
        Account.objects.filter(pk=there.pk).update(connector=connector, settings=settings)
        Target.objects.filter(post=post).update(
            state="published", published_at=noon, options=options, remote_id="7", url="https://x.example/7"
        )
        return Post.objects.get(pk=post.pk)

    return make


OPEN: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("mastodon", {}, {}),
    ("mastodon", {"visibility": "public"}, {"visibility": "private"}),
    ("mastodon", {"visibility": ""}, {"visibility": "unlisted"}),
    ("wordpress", {}, {"status": "publish"}),
    ("youtube", {"privacy": "public"}, {}),
    ("by_hand", {}, {"platform": "linkedin"}),
    ("bluesky", {}, {}),
]
SHUT: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("mastodon", {"visibility": "private"}, {}),
    ("mastodon", {"visibility": "direct"}, {"visibility": "public"}),
    ("mastodon", {}, {"visibility": "private"}),
    ("mastodon", {"visibility": "of a later version"}, {}),
    ("wordpress", {"status": "draft"}, {"status": "publish"}),
    ("wordpress", {}, {"status": "draft"}),
    ("youtube", {"privacy": "private"}, {}),
    ("youtube", {"privacy": "unlisted"}, {}),
    ("linkedin", {"visibility": "CONNECTIONS"}, {}),
    ("chat", {}, {}),
    ("by_hand", {}, {"platform": "whatsapp"}),
    ("by_hand", {}, {"platform": "other"}),
    ("paper", {}, {}),
]


@pytest.mark.parametrize(("connector", "options", "settings", "seen"), [(*one, one in OPEN) for one in [*OPEN, *SHUT]])
def test_only_what_everybody_may_read(
    up: Callable[..., Post], visit: Visit, bram: Person, noon: datetime,
    connector: str, options: dict[str, str], settings: dict[str, str], seen: bool,
) -> None:  # fmt: skip
    post = up(connector, options, settings)
    Correction.objects.create(post=post, kind="correct", note="Zo zit het.", public=True, by=bram, at=noon)
    assert everybody.is_open(row(post)) is seen
    assert everybody.standing().filter(post=post).exists() is seen
    for page in ("/newsroom/archive/", "/newsroom/corrections/"):
        said = visit(None).get(page).content.decode()
        assert (WORDS.rstrip(".") in said) is seen
    assert ("Zo zit het" in visit(None).get("/newsroom/corrections/").content.decode()) is seen


def test_one_place_is_open_and_another_is_not(
    up: Callable[..., Post], visit: Visit, news: Account, noon: datetime
) -> None:
    post = up("mastodon", {"visibility": "direct"}, {})
    Target.objects.create(
        post=post, account=news, text="Voor iedereen.", state="published", published_at=noon, slug="voor-iedereen"
    )
    said = visit(None).get("/newsroom/archive/").content.decode()
    assert "Voor iedereen" in said
    assert WORDS.rstrip(".") not in said
    assert "https://x.example/7" not in said


def test_what_is_put_right_for_a_few_is_told_to_nobody_else(
    up: Callable[..., Post], visit: Visit, bram: Person
) -> None:
    post = up("mastodon", {"visibility": "private"}, {})
    said: dict[str, Any] = {"note": "Het zijn er zes.", "text": "Zes.", "places": {}}
    made = actions.correct_post(by=bram, post=post, kind="correct", **said)
    assert made.steps.exists(), "it is put right there all the same"
    assert not made.public
    assert "Het zijn er zes" not in visit(None).get("/newsroom/corrections/").content.decode()


def test_the_headline_is_that_of_the_article_as_it_is_now(
    released: Callable[..., Target], visit: Visit, news: Account, bram: Person, noon: datetime
) -> None:
    target = released("Acht lokalen hebben lucht.", news)
    deliver(target.pk)
    said: dict[str, Any] = {"note": "Het zijn er zes.", "text": "Zes lokalen hebben lucht.", "places": {}}
    actions.correct_post(by=bram, post=target.post, kind="correct", **said)
    for page in ("/newsroom/archive/", "/newsroom/corrections/"):
        shown = visit(None).get(page).content.decode()
        assert "Zes lokalen hebben lucht" in shown
        assert "Acht lokalen" not in shown


@pytest.mark.parametrize("personal", [True, False])
def test_what_somebody_puts_right_in_their_own_name_is_theirs_to_tell(
    up: Callable[..., Post], visit: Visit, bram: Person, noon: datetime, personal: bool
) -> None:
    post = up("mastodon", {}, {})
    Account.objects.filter(targets__post=post).update(personal=personal, owner=bram)
    said: dict[str, Any] = {"note": "Het zijn er zes.", "text": "Zes.", "places": {}}
    made = actions.correct_post(by=bram, post=Post.objects.get(pk=post.pk), kind="correct", **said)
    assert made.public is not personal
    Correction.objects.update(public=True)  # as one of before was kept
    assert ("zijn er zes" in visit(None).get("/newsroom/corrections/").content.decode()) is not personal


def test_said_by_the_house_and_by_a_colleague_only_the_house_is_told_of(
    up: Callable[..., Post], visit: Visit, news: Account, bram: Person, noon: datetime
) -> None:
    post = up("mastodon", {}, {})
    Account.objects.filter(targets__post=post).update(personal=True, owner=bram)
    Target.objects.create(
        post=post, account=news, text="Voor iedereen.", state="published", published_at=noon, slug="voor-iedereen"
    )
    said: dict[str, Any] = {"note": "Het zijn er zes.", "text": "Zes.", "places": {}}
    actions.correct_post(by=bram, post=Post.objects.get(pk=post.pk), kind="correct", **said)
    page = visit(None).get("/newsroom/corrections/").content.decode()
    assert ("zijn er zes" in page, "Mastodon" in page) == (True, False)
