"""Nobody is published who did not agree."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from koor.flow.hub import actions, queries
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.models import Item, Portrayed
from koor.flow.hub.tests.conftest import ASK, NO, YES
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry

Show = Callable[..., Item]


def fresh(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def test_a_picture_is_offered_when_everybody_in_it_agrees(bram: Person, marloes: Person, show: Show) -> None:
    fine, nobody = show(bram, Jelle=YES), show(bram, "An empty cabinet")
    asked, refused = show(bram, Jelle=YES, Neighbour=ASK), show(bram, Jelle=NO)
    assert [queries.publishable(marloes, fresh(one))[0] for one in (fine, nobody, asked, refused)] == [
        True,
        True,
        False,
        False,
    ]
    assert queries.publishable(marloes, fresh(asked))[1] == ["We do not know yet whether Neighbour agrees."]
    assert queries.publishable(marloes, fresh(refused))[1] == ["Jelle does not agree."]
    assert set(queries.publishable_items(marloes)) == {fine, nobody}


def test_a_yes_can_come_later(bram: Person, marloes: Person, show: Show) -> None:
    item = show(bram, Neighbour=ASK)
    row = item.portrayed.get()
    actions.record_consent(by=bram, portrayed=row, agrees=YES)
    assert queries.publishable(bram, fresh(item)) == (True, [])
    actions.record_consent(by=marloes, portrayed=row, agrees=NO)
    assert queries.publishable(bram, fresh(item))[0] is False


def test_the_colleague_in_the_picture_has_the_last_word(
    bram: Person, henk: Person, marloes: Person, show: Show
) -> None:
    item = show(bram, Henk=YES, people={"Henk": henk})
    row = item.portrayed.get()
    no = actions.record_consent(by=henk, portrayed=row, agrees=NO)
    for other in (bram, marloes):
        with pytest.raises(Forbidden):
            actions.record_consent(by=other, portrayed=no, agrees=YES)
    assert actions.record_consent(by=henk, portrayed=no, agrees=YES).agrees == YES


def test_a_picture_with_somebody_who_refuses_is_for_maker_and_curator(
    bram: Person, henk: Person, marloes: Person, show: Show
) -> None:
    item = show(bram, Neighbour=NO)
    assert queries.item(bram, item.pk) == queries.item(marloes, item.pk) == item
    with pytest.raises(NotFound):
        queries.item(henk, item.pk)


def test_an_outsider_says_nothing_for_others(bram: Person, henk: Person, show: Show) -> None:
    row = show(bram, Neighbour=ASK).portrayed.get()
    with pytest.raises(Forbidden):
        actions.record_consent(by=henk, portrayed=row, agrees=YES)
    bram.is_active = False
    with pytest.raises(Forbidden):
        actions.record_consent(by=bram, portrayed=row, agrees=YES)


def test_who_was_forgotten_is_added_once(bram: Person, henk: Person, show: Show) -> None:
    item = show(bram)
    first = actions.add_portrayed(by=bram, item=item, name=" Henk  Oonk ", agrees=ASK, person=henk)
    again = actions.add_portrayed(by=bram, item=item, name="henk oonk", agrees=YES)
    assert (first.pk, again.agrees, item.portrayed.count()) == (again.pk, ASK, 1)  # a colleague answers alone
    actions.remove_portrayed(by=bram, portrayed=first)
    actions.add_portrayed(by=bram, item=item, name="A neighbour", agrees=ASK)
    assert actions.add_portrayed(by=bram, item=item, name="a neighbour", agrees=YES).agrees == YES
    with pytest.raises(Refused):
        actions.add_portrayed(by=bram, item=item, name=" ")
    with pytest.raises(Forbidden):
        actions.add_portrayed(by=henk, item=item, name="Somebody")
    for number in range(11):
        actions.add_portrayed(by=bram, item=item, name=f"Number {number}")
    with pytest.raises(Refused):
        actions.add_portrayed(by=bram, item=item, name="One too many")


def test_a_mistake_is_taken_away_but_never_an_answer(bram: Person, henk: Person, show: Show) -> None:
    item = show(bram, Henk=ASK, Nobody=ASK, people={"Henk": henk})
    own, mistake = item.portrayed.order_by("pk")
    actions.record_consent(by=henk, portrayed=own, agrees=NO)
    own.refresh_from_db()
    actions.remove_portrayed(by=bram, portrayed=mistake)
    with pytest.raises(Refused):
        actions.remove_portrayed(by=bram, portrayed=own)
    assert list(Portrayed.objects.all()) == [own]


def test_who_is_asked_sees_it(bram: Person, henk: Person, show: Show) -> None:
    item = show(bram, Henk=ASK, people={"Henk": henk})
    row = item.portrayed.get()
    assert list(queries.to_be_asked(henk)) == [row]
    assert list(queries.to_be_asked(bram)) == []
    assert queries.portrayal(henk, row.pk) == row
    actions.record_consent(by=henk, portrayed=row, agrees=YES)
    assert list(queries.to_be_asked(henk)) == []
    assert list(queries.portrayals_of(henk)) == [row]


def test_koor_itself_may_note_and_nonsense_is_refused(bram: Person, show: Show) -> None:
    item = show(bram, Neighbour=ASK)
    row = item.portrayed.get()
    assert actions.record_consent(by=SYSTEM, portrayed=row, agrees=NO).recorded_by is None
    actions.edit_item(by=SYSTEM, item=item, title="By Koor")
    with pytest.raises(Refused):
        actions.record_consent(by=bram, portrayed=row, agrees="maybe")
    with pytest.raises(NotFound):
        queries.portrayal(bram, row.pk + 1)


def test_the_same_answer_twice_is_one(bram: Person, show: Show) -> None:
    row = show(bram, Neighbour=ASK).portrayed.get()
    for _ in range(2):
        actions.record_consent(by=bram, portrayed=row, agrees=YES)
    assert AuditEntry.objects.filter(verb="hub.record_consent").count() == 1


def test_its_maker_says_it_of_a_capture_that_is_not_ready(bram: Person, henk: Person, photo: Photo) -> None:
    made = actions.capture(by=bram, photos=[photo], portrayed=[InPicture("Neighbour", ASK)])
    row = made.portrayed.get()
    assert queries.portrayal(bram, row.pk) == row
    assert actions.record_consent(by=bram, portrayed=row, agrees=YES).agrees == YES
    with pytest.raises(NotFound):
        queries.portrayal(henk, row.pk)
