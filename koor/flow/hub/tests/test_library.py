"""The library: found as one types, filtered, and each sees what is theirs to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from koor.flow.hub import actions, queries
from koor.flow.hub.models import Item
from koor.flow.hub.tests.conftest import ASK, NO, YES
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person

Show = Callable[..., Item]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("warmtepomp", True),
        ("WARMTE", True),
        ("pomp", False),
        ("cafe", True),
        ("Café zolder", True),
        ("zolders", False),
        ("warmtepomp dak", False),
        ("slagheurne", True),
        ("#leerling", True),
        ("#ander", False),
        ("!!!", False),
        ("a' | b & (c", False),
        ("", True),
        ("x" * 5000, False),
    ],
)
def test_found_as_one_types(bram: Person, flat: Project, show: Show, words: str, found: bool) -> None:
    item = show(bram, "Warmtepomp op de zolder van het café", project=flat)
    actions.edit_item(by=bram, item=item, tags=["leerling"])
    assert list(queries.items(bram, words=words)) == ([item] if found else [])


def test_filters(bram: Person, henk: Person, marloes: Person, flat: Project, show: Show) -> None:
    one = show(bram, project=flat, Jelle=YES)
    two, three = show(henk, Jelle=ASK), show(henk, Jelle=NO)
    text = actions.add_text_item(by=bram, text="An idea")
    actions.keep_item(by=marloes, item=two)
    actions.edit_item(by=henk, item=three, tags=["zolder"], evergreen=True)

    def ids(**asked: Any) -> set[int]:
        return set(queries.items(marloes, **asked).values_list("pk", flat=True))

    assert ids(project=flat.pk) == {one.pk}
    assert ids(maker=henk.pk) == {two.pk, three.pk}
    assert ids(kind="text") == {text.pk}
    assert ids(state="kept") == {two.pk}
    assert ids(consent="yes") == {one.pk, text.pk}
    assert ids(consent="ask") == {two.pk}
    assert ids(consent="no") == {three.pk}
    assert ids(tag="zolder") == ids(evergreen=True) == {three.pk}
    assert ids(kind="photo", maker=henk.pk, state="new") == {three.pk}
    assert list(queries.items(marloes)) == [text, three, two, one]
    assert set(queries.makers(marloes)) == {bram, henk}


def test_the_list_costs_the_same_for_one_and_for_thirty(
    marloes: Person, bram: Person, show: Show, django_assert_num_queries: Any
) -> None:
    show(bram, Jelle=YES)
    with django_assert_num_queries(5):
        list(queries.items(marloes))
    for number in range(29):
        show(bram, f"Number {number}", photos=2, Jelle=YES, Henk=ASK)
    with django_assert_num_queries(4):  # the curator's permissions are known by now
        for item in queries.items(marloes):
            assert [one.file.handle for medium in item.media.all() for one in medium.renditions.all()]
            queries.publishable(marloes, item)
