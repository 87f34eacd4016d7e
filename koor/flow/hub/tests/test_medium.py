"""Who may see a picture, and how pictures stand in a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.template import Context, Template

from koor.flow.hub import actions, queries
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Capture, Item, Medium
from koor.flow.hub.tests.conftest import jpeg
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

Show = Callable[..., Item]


def test_a_loose_picture_is_for_who_added_it(bram: Person, henk: Person) -> None:
    loose = actions.add_picture(by=bram, photo=Photo("a.jpg", jpeg()))
    assert queries.medium(bram, loose.pk) == loose
    with pytest.raises(NotFound):
        queries.medium(henk, loose.pk)
    with pytest.raises(NotFound):
        queries.medium(bram, loose.pk + 1)


def test_a_picture_of_the_library_is_for_who_may_see_its_item(
    bram: Person, henk: Person, marloes: Person, show: Show
) -> None:
    shown, refused = show(bram).media.get(), show(bram, Henk="no").media.get()
    assert queries.medium(henk, shown.pk) == shown
    assert queries.medium(marloes, refused.pk) == refused
    with pytest.raises(NotFound):
        queries.medium(henk, refused.pk)
    taken_back = show(bram)
    assert taken_back.capture is not None
    actions.withdraw_capture(by=bram, capture=taken_back.capture)
    with pytest.raises(NotFound):
        queries.medium(bram, taken_back.media.get().pk)


def test_a_picture_of_another_item_is_added_by_its_maker(bram: Person, show: Show) -> None:
    item = show(bram)
    actions.add_picture(by=bram, photo=Photo("b.jpg", jpeg(300, 200)), item=item)
    assert item.media.count() == 2


def drawn(template: str, **context: Any) -> str:
    return Template("{% load hub %}" + template).render(Context(context))


def test_a_page_gets_the_size_that_it_needs(bram: Person, show: Show) -> None:
    medium = show(bram, alt="").media.get()
    picture = drawn('{% picture medium "50vw" "photo" said %}', medium=medium, said="A <cabinet>")
    assert picture.count(" 400w") == picture.count(" 2048w") == 2
    assert 'alt="A &lt;cabinet&gt;"' in picture
    assert 'loading="lazy"' in picture
    assert 'loading="lazy"' not in drawn('{% picture medium "50vw" "photo" "" True %}', medium=medium)
    assert "photo-400.jpg" in drawn("{% thumb medium %}", medium=medium)


def test_without_a_picture_nothing_is_drawn(db: None) -> None:
    bare = Medium.objects.create()
    for template in ('{% picture medium "50vw" %}', "{% thumb medium %}"):
        assert drawn(template, medium=None) == ""
        assert drawn(template, medium=bare) == ""


def test_a_reason_of_a_later_koor_is_shown_as_it_stands(bram: Person) -> None:
    assert queries.reason_sentence(Capture(by=bram, state="refused", reason="something new")) == "something new"
    assert queries.reason_sentence(Capture(by=bram)) == ""
