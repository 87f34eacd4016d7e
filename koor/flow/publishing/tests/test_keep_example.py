"""A finished post kept as an example: once, with its link and its rights, told to its maker, never posted again."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from koor.flow.hub import actions as hub
from koor.flow.hub import queries as library
from koor.flow.hub.choices import ItemKind, ItemState, Rights
from koor.flow.hub.models import Item
from koor.flow.publishing import actions
from koor.flow.publishing.models import Post, Target
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused

Visit = Callable[[Person | None], Client]
WORDS = "Sanne legde vandaag de laatste buis in Eibergen. Daarna was er taart."


@pytest.fixture
def up(released: Callable[..., Target], news: Account, bram: Person, pass_time: Callable[..., None]) -> Post:
    """A post of Bram's in the newsroom, of something that we may use until the end of 2027."""
    item = hub.add_text_item(
        by=bram, title="Buis", tags=["zolder"], rights_kind=Rights.LICENCE, rights="Foto Klein",
        rights_until=date(2027, 12, 31),
    )  # fmt: skip
    target = released(WORDS, news, item=item)
    pass_time(target)
    return Post.objects.get(pk=target.post_id)


def test_it_is_kept_once_with_link_and_rights(up: Post, marloes: Person, bram: Person) -> None:
    made = actions.keep_example(by=marloes, post=up, why="Je ziet het voor je.")
    assert (made.kind, made.state, made.by, made.decided_by) == (ItemKind.POST, ItemState.KEPT, bram, marloes)
    assert (made.text, made.tags, made.decision) == (WORDS, ["zolder"], "Je ziet het voor je.")
    assert (made.rights_kind, made.rights, made.rights_until) == (Rights.LICENCE, "Foto Klein", date(2027, 12, 31))
    assert made.url == up.targets.get().url != ""
    assert made.used_at is not None
    assert actions.keep_example(by=marloes, post=Post.objects.get(pk=up.pk)) == made
    assert library.last_decision(bram) == made


def test_the_curator_keeps_what_is_up(up: Post, rob: Person, marloes: Person, write: Callable[..., Post]) -> None:
    with pytest.raises(Forbidden):
        actions.keep_example(by=rob, post=up)
    with pytest.raises(Refused):
        actions.keep_example(by=marloes, post=write("Nog niet klaar."))
    assert not Item.objects.filter(kind=ItemKind.POST).exists()


def test_it_is_never_offered_to_be_posted(up: Post, marloes: Person, bram: Person, visit: Visit) -> None:
    made = actions.keep_example(by=marloes, post=up)
    assert library.publishable(bram, library.bare_item(bram, made.pk))[0] is False
    assert made not in library.publishable_items(bram)
    browser = visit(bram)
    page = browser.get(f"/library/{made.pk}/").content.decode()
    assert "Make it a post" not in page
    assert f"?example={made.pk}" in page
    assert browser.get("/library/?kind=post").content.decode().count('class="tile"') == 1
    for start in ("example", "item"):
        written = browser.get(f"/posts/new/?{start}={made.pk}").content.decode()
        assert WORDS in written  # beside, to read
        assert "</textarea>" in written
        assert not written.split('name="text"')[1].split("</textarea>")[0].split(">", 1)[1].strip()


def test_its_words_are_not_said_again(up: Post, marloes: Person, bram: Person, news: Account, visit: Visit) -> None:
    made = actions.keep_example(by=marloes, post=up)
    browser = visit(bram)
    sent = {"example": made.pk, "text": WORDS, "accounts": news.pk, "when": "now", "do": "go"}
    again = browser.post("/posts/new/", sent)
    assert again.status_code == 422
    assert Post.objects.count() == 1
    answer = browser.post("/posts/new/", {**sent, "text": "Vandaag begon Joost met de kelder van de school."})
    assert answer.status_code == 302
    post = Post.objects.latest("pk")
    assert (post.after, post.item) == (up, None)


def test_the_page_of_a_post_offers_it_to_the_curator(up: Post, marloes: Person, rob: Person, visit: Visit) -> None:
    browser, page = visit(marloes), f"/posts/{up.pk}/"
    assert "Keep it as an example" in browser.get(page).content.decode()
    answer = browser.post(f"{page}example/", {"why": "Kort en eerlijk."})
    made = Item.objects.get(kind=ItemKind.POST)
    assert answer["location"] == f"/library/{made.pk}/"
    shown = browser.get(page).content.decode()
    assert "Kept as an example" in shown
    assert "Keep it as an example" not in shown
    other = visit(rob)
    assert "Keep it as an example" not in other.get(page).content.decode()
    hub.remove_item(by=marloes, item=made)
    assert "Keep it as an example" in visit(marloes).get(page).content.decode()
