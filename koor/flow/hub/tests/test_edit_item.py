"""Words, tags, rights and alternative texts of an item."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from koor.flow.hub import actions, queries
from koor.flow.hub.models import Item
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

Show = Callable[..., Item]


def test_maker_and_curator_change_it(bram: Person, marloes: Person, flat: Project, show: Show) -> None:
    item = show(bram)
    medium = item.media.get()
    actions.edit_item(by=bram, item=item, title="A cabinet", project=flat)
    actions.edit_item(
        by=marloes,
        item=item,
        tags=["Meterkast", "#leerling"],
        evergreen=True,
        rights="ours",
        alts={medium.pk: "A cabinet"},
    )
    found = queries.item(bram, item.pk)
    assert (found.title, found.project, found.tags, found.evergreen) == (
        "A cabinet",
        flat,
        ["meterkast", "leerling"],
        True,
    )
    assert found.media.all()[0].alt == "A cabinet"
    assert [entry.detail["changed"] for entry in AuditEntry.objects.filter(verb="hub.edit_item").order_by("pk")] == [
        ["title", "project"],
        ["tags", "evergreen", "rights", "alt"],
    ]


def test_nothing_changed_leaves_no_trace(bram: Person, show: Show) -> None:
    item = show(bram)
    actions.edit_item(by=bram, item=item, title=item.title, alts={item.media.get().pk: "A cabinet with wires"})
    assert not AuditEntry.objects.filter(verb="hub.edit_item").exists()


def test_another_colleague_changes_nothing(bram: Person, henk: Person, show: Show) -> None:
    with pytest.raises(Forbidden):
        actions.edit_item(by=henk, item=show(bram), title="Mine")


def test_pictures_of_another_item_stay_as_they_are(bram: Person, henk: Person, show: Show) -> None:
    other = show(henk).media.get()
    actions.edit_item(by=bram, item=show(bram), alts={other.pk: "changed"})
    other.refresh_from_db()
    assert other.alt == "A cabinet with wires"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "x" * 201}, "title"),
        ({"text": "x" * 1_000_000}, "text"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://exa mple.org"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://[::1"}, "url"),
    ],
)
def test_too_long_or_no_link_is_refused(bram: Person, show: Show, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        actions.edit_item(by=bram, item=show(bram), **changes)
    assert refusal.value.field == field


def test_a_state_is_not_edited(bram: Person, show: Show) -> None:
    with pytest.raises(TypeError):
        actions.edit_item(by=bram, item=show(bram), state="kept")


def test_a_kept_post_gets_only_what_belongs_to_it(marloes: Person, bram: Person) -> None:
    with pytest.raises(TypeError, match="state"):
        actions.keep_post(by=marloes, maker=bram, title="The last tube", state="new")
    assert not Item.objects.exists()
