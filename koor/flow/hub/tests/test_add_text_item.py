"""Ideas without a photo: a text, a link, a find from outside; and taking them away again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import ProtectedError

from koor.flow.hub import actions, queries
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Item
from koor.flow.hub.tests.conftest import jpeg
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import StoredFile


def test_a_text_and_a_link(bram: Person, henk: Person) -> None:
    text = actions.add_text_item(by=bram, text="Show why a heat pump hums.")
    link = actions.add_text_item(by=henk, title="A good explanation", url="https://example.org/pump")
    assert (text.kind, link.kind, link.by) == ("text", "link", henk)
    assert [idea.item for idea in queries.ideas(bram)] == [link, text]


def test_a_double_click_is_one_idea(bram: Person) -> None:
    for _ in range(2):
        actions.add_text_item(by=bram, text="Once", once="k1")
    assert Item.objects.count() == 1


@pytest.mark.parametrize("fields", [{}, {"text": "  "}, {"url": "ftp://example.org"}, {"text": "x" * 20_001}])
def test_nothing_and_nonsense_are_refused(bram: Person, fields: dict[str, str]) -> None:
    with pytest.raises(Refused):
        actions.add_text_item(by=bram, **fields)


def test_a_find_is_kept_once_with_whose_it_is(marloes: Person, house: object) -> None:
    for by in (SYSTEM, marloes):
        find = actions.keep_find(
            by=by, title="t" * 300, text="About us", url="https://news.example/1", rights="News", once="listening:1"
        )
    assert (find.kind, find.by, len(find.title), find.rights) == ("find", None, 200, "News")
    assert Item.objects.count() == 1


def test_maker_and_curator_remove_it(bram: Person, henk: Person, marloes: Person) -> None:
    one, two = (actions.add_text_item(by=bram, text=text) for text in ("one", "two"))
    with pytest.raises(Forbidden):
        actions.remove_item(by=henk, item=one)
    for _time in range(2):
        actions.remove_item(by=bram, item=one)
    actions.remove_item(by=marloes, item=two)
    assert not queries.items_visible_to(marloes).exists()
    assert not queries.ideas(bram)
    with pytest.raises(NotFound):
        queries.item(bram, one.pk)
    with pytest.raises(NotFound):
        queries.removed_item(henk, one.pk)
    with pytest.raises(Forbidden):
        actions.restore_item(by=henk, item=one)
    assert [list(queries.removed_items(by)) for by in (henk, marloes)] == [[], [two, one]]
    actions.restore_item(by=marloes, item=queries.removed_item(marloes, one.pk))
    assert [idea.item for idea in queries.ideas(bram)] == [one]
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert actions.erase_removed(by=SYSTEM) == 1
    assert list(Item.objects.all()) == [one]
    with pytest.raises(Refused):
        actions.restore_item(by=marloes, item=two)


def test_a_find_that_was_removed_comes_back_when_it_is_kept_again(marloes: Person, house: object) -> None:
    def keep() -> Item:
        return actions.keep_find(by=marloes, title="About us", url="https://news.example/1", once="listening:1")

    find = keep()
    actions.remove_item(by=marloes, item=find)
    assert queries.item(marloes, keep().pk) == find
    actions.remove_item(by=marloes, item=find)
    with clock.fixed(clock.now() + timedelta(days=8)):
        actions.erase_removed(by=SYSTEM)
    assert queries.item(marloes, keep().pk).title == "About us"


def test_a_photo_is_taken_back_not_removed(bram: Person, show: Callable[..., Item]) -> None:
    with pytest.raises(Refused):
        actions.remove_item(by=bram, item=show(bram))


def test_what_stands_in_a_post_stays(bram: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(self: Item) -> None:
        raise ProtectedError("in a post", {self})

    item, removed = (actions.add_text_item(by=bram, text=text) for text in ("one", "two"))
    actions.remove_item(by=bram, item=removed)
    with monkeypatch.context() as in_a_post, clock.fixed(clock.now() + timedelta(days=8)):
        in_a_post.setattr(Item, "delete", held)
        with pytest.raises(Refused, match="stands in a post"):
            actions.remove_item(by=bram, item=item)
        assert actions.erase_removed(by=SYSTEM) == 0  # it came into one while it was removed
        in_a_post.undo()
        assert actions.erase_removed(by=SYSTEM) == 1
    assert list(Item.objects.all()) == [item]


def test_pictures_of_a_text_go_with_it(bram: Person) -> None:
    item = actions.add_text_item(by=bram, text="one")
    actions.add_picture(by=bram, photo=Photo("a.jpg", jpeg()), item=item)
    actions.remove_item(by=bram, item=item)
    assert StoredFile.objects.count() == 6
    with clock.fixed(clock.now() + timedelta(days=8)):
        actions.erase_removed(by=SYSTEM)
    assert StoredFile.objects.count() == 0
