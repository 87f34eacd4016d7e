"""Choosing from the library and its collections while one writes a post."""

from collections.abc import Callable

import pytest
from django.test import Client

from koor.flow.hub import actions as hub
from koor.flow.hub.choices import Agrees
from koor.flow.hub.models import Item, Medium, Portrayed
from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import lists
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Refused

Visit = Callable[[Person | None], Client]


@pytest.fixture
def show(bram: Person) -> Callable[..., Item]:
    """A photo in the library: `show("De zolder")`."""

    def make(title: str, **fields: object) -> Item:
        item = Item.objects.create(kind="photo", by=bram, title=title, made_at=clock.now(), **fields)
        Medium.objects.create(item=item, alt=f"Foto van {title}", width=400, height=300)
        return item

    return make


def test_the_library_is_opened_searched_and_put_with_the_post(
    bram: Person, news: Account, show: Callable[..., Item], visit: Visit
) -> None:
    attic, cellar = show("De zolder"), show("De kelder")
    browser = visit(bram)
    assert 'name="pick_in"' not in browser.get("/posts/new/").content.decode()
    typed = {"text": "Een gedachte.", "accounts": news.pk, "when": "now"}
    page = browser.post("/posts/new/", {**typed, "do": "pick"}).content.decode()
    assert "Een gedachte." in page
    assert f'name="take" value="{attic.pk}"' in page
    page = browser.post("/posts/new/", {**typed, "do": "pick", "pick_words": "kelders", "pick_in": ""}).content.decode()
    assert f'name="take" value="{cellar.pk}"' in page
    assert f'name="take" value="{attic.pk}"' not in page
    medium = cellar.media.get()
    page = browser.post("/posts/new/", {**typed, "do": "look", "take": cellar.pk}).content.decode()
    assert f'name="medium" value="{medium.pk}"' in page
    assert f'name="item" value="{cellar.pk}"' in page
    browser.post("/posts/new/", {**typed, "do": "keep", "take": [cellar.pk, attic.pk]})
    post = Post.objects.get()
    assert [one.medium.item for one in post.media.all()] == [cellar, attic]
    assert [one.alt for one in post.media.all()] == ["Foto van De kelder", "Foto van De zolder"]
    assert post.item == cellar
    assert list(lists.used_in(bram, attic.pk)) == [post]


def test_from_a_collection(bram: Person, marloes: Person, show: Callable[..., Item], visit: Visit) -> None:
    attic, cellar, roof = show("De zolder"), show("De kelder"), show("Het dak")
    by_hand = hub.make_collection(by=marloes, name="Eibergen", items=[attic.pk, cellar.pk], shared=True)
    kept = hub.make_collection(by=marloes, name="Kelders", search={"words": "kelder"}, shared=True)
    own = hub.make_collection(by=marloes, name="Van mij", items=[roof.pk])
    browser = visit(bram)
    assert f"?pick_in={by_hand.pk}" in browser.get(f"/library/collections/{by_hand.pk}/").content.decode()

    def found(query: str) -> list[int]:
        page = browser.get(f"/posts/new/?{query}").content.decode()
        return [one.pk for one in (attic, cellar, roof) if f'name="take" value="{one.pk}"' in page]

    assert found(f"pick_in={by_hand.pk}") == [attic.pk, cellar.pk]
    assert found(f"pick_in={by_hand.pk}&pick_words=zolder") == [attic.pk]
    assert found(f"pick_in={kept.pk}") == [cellar.pk]
    assert found(f"pick_in={kept.pk}&pick_words=dak") == []
    assert found("pick_in=") == [attic.pk, cellar.pk, roof.pk]
    assert "Van mij" not in browser.get(f"/posts/new/?pick_in={own.pk}").content.decode()
    piece = browser.get(f"/posts/pick/?pick_in={kept.pk}", headers={"hx-request": "true"}).content.decode()
    assert f'value="{cellar.pk}"' in piece
    assert "<html" not in piece
    assert browser.get("/posts/pick/?pick_words=dak")["location"] == "/posts/new/?pick_words=dak"


def test_words_and_a_link_come_along(bram: Person, news: Account, visit: Visit) -> None:
    link = hub.add_text_item(by=bram, title="Subsidie", text="Er is weer subsidie.", url="https://example.org/s")
    browser = visit(bram)
    sent = {"text": "Goed nieuws.", "accounts": news.pk, "when": "now", "take": link.pk, "do": "look"}
    page = browser.post("/posts/new/", sent).content.decode()
    assert "Goed nieuws.\n\nEr is weer subsidie.</textarea>" in page
    assert 'value="https://example.org/s"' in page


def test_a_picture_of_another_item_needs_its_own_yes(
    bram: Person, news: Account, show: Callable[..., Item], write: Callable[..., Post], visit: Visit
) -> None:
    attic, cellar = show("De zolder"), show("De kelder")
    row = Portrayed.objects.create(item=cellar, name="Anna", agrees=Agrees.ASK, recorded_at=clock.now())
    browser = visit(bram)
    page = browser.get("/posts/new/?pick_in=").content.decode()
    assert f'name="take" value="{cellar.pk}"' not in page
    assert "whether Anna agrees" in page
    post = write("Kijk.", news, item=attic, media=[attic.media.get(), cellar.media.get()])
    with pytest.raises(Refused, match="Anna"):
        actions.let_go(by=bram, post=post)
    told = {"agrees": Agrees.YES, "uses": ["show"], "places": ["house", "social"]}
    Portrayed.objects.filter(pk=row.pk).update(**told)
    actions.let_go(by=bram, post=post)
    target = Target.objects.get()
    Portrayed.objects.filter(pk=row.pk).update(agrees=Agrees.NO)
    with clock.fixed(target.wake_at or clock.now()):
        deliver(target.pk)
    target.refresh_from_db()
    assert (target.state, target.because) == ("needs_person", "consent")


def test_thousand_items_cost_no_more_queries(
    bram: Person, show: Callable[..., Item], visit: Visit, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(30):
        show(f"Foto {number}")
    browser = visit(bram)
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        page = browser.get("/posts/new/?pick_in=").content.decode()
    assert page.count('name="take"') == 12
    second = browser.post("/posts/new/", {"text": "", "when": "now", "do": "pick:2", "pick_in": ""}).content.decode()
    assert second.count('name="take"') == 12
    assert "Foto 10" in second
