"""With whom it has been quiet, and the rhythm that a colleague chose."""

from datetime import timedelta

import pytest

from koor.flow.relations import actions, queries
from koor.flow.relations.models import Rhythm, Touch
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact
from koor.kernel import clock, panels
from koor.kernel.access import SYSTEM, Forbidden, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(karin):
    """Known for two years."""
    Contact.objects.filter(pk=karin.pk).update(made_at=clock.now() - timedelta(days=730))
    return karin


def spoken(contact, days, kind="call", source=None):
    return actions.record_touch(
        by=SYSTEM,
        contact=contact,
        person=None,
        kind=kind,
        at=clock.now() - timedelta(days=days),
        sentence="x",
        source=source or f"test:{contact.pk}:{days}:{kind}",
    )


def names(person):
    return [row.contact.name for row in queries.as_quiet(list(queries.quiet(person)))]


def test_quiet_after_three_months(old, rob, knows):
    knows(rob)
    assert names(rob) == ["Karin Olthof"]
    spoken(old, 91)
    assert names(rob) == ["Karin Olthof"]
    spoken(old, 89)
    assert names(rob) == []


def test_only_ones_own_people(old, rob, bram, knows):
    knows(rob)
    assert names(bram) == []
    rob.is_active = False
    assert names(rob) == []


def test_somebody_just_met_is_not_quiet(karin, rob, knows):
    knows(rob)
    assert names(rob) == []


@pytest.mark.parametrize("kind", ["capture", "mention", "project_end", "note"])
def test_what_is_no_contact_does_not_count(old, rob, knows, kind):
    knows(rob)
    spoken(old, 1, kind)
    assert names(rob) == ["Karin Olthof"]


def test_a_rhythm_of_ones_own(old, rob, bram, knows):
    knows(rob)
    knows(bram)
    spoken(old, 40)
    actions.set_rhythm(by=rob, contact=old, every_days=30)
    assert (names(rob), names(bram)) == (["Karin Olthof"], [])
    assert (queries.rhythm(rob, old), queries.rhythm(bram, old)) == (30, 90)
    actions.set_rhythm(by=rob, contact=old, every_days=0)
    assert names(rob) == []
    with pytest.raises(Refused):
        actions.set_rhythm(by=rob, contact=old, every_days=7)


def test_not_now(old, rob, knows):
    knows(rob)
    actions.put_off(by=rob, contact=old)
    assert names(rob) == []
    assert Rhythm.objects.get().every_days == 90
    with clock.fixed(clock.now() + timedelta(days=14)):
        assert names(rob) == ["Karin Olthof"]


def test_noting_a_call_ends_the_quiet(old, rob, knows):
    knows(rob)
    actions.put_off(by=rob, contact=old)
    for _ in range(2):
        touch = actions.note_touch(by=rob, contact=old, kind="call", sentence="Gaat goed", once="k")
    assert names(rob) == []
    assert Rhythm.objects.get().later_until is None
    assert Touch.objects.get() == touch


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "capture"}, "kind"),
        ({"kind": "x"}, "kind"),
        ({"kind": "note", "sentence": " "}, "sentence"),
        ({"sentence": "x" * 301}, "sentence"),
    ],
)
def test_what_can_not_be_noted(old, rob, fields, field):
    with pytest.raises(Refused) as refusal:
        actions.note_touch(by=rob, contact=old, **{"kind": "call", "sentence": "", **fields})
    assert refusal.value.field == field
    with pytest.raises(Refused):
        actions.note_touch(by=rob, contact=old, kind="call", sentence="", at=clock.now() + timedelta(days=1))


def test_one_takes_back_what_one_noted(old, rob, bram):
    touch = actions.note_touch(by=rob, contact=old, kind="call", sentence="Verkeerde Karin")
    with pytest.raises(Forbidden):
        actions.forget_touch(by=bram, touch=touch)
    actions.forget_touch(by=rob, touch=touch)
    assert not Touch.objects.exists()
    with pytest.raises(Forbidden):
        actions.forget_touch(by=rob, touch=spoken(old, 3))


def test_the_curator_sees_people_outside_and_no_colleague(old, marloes, rob, knows, visit):
    knows(rob)
    found = list(queries.quiet_in_the_house(marloes))
    assert found == [old]
    assert list(queries.quiet_in_the_house(rob)) == []
    page = visit(marloes).get("/relations/quiet/house/").content.decode()
    assert "Karin Olthof" in page
    assert "Rob" not in page


def test_who_became_another_is_not_listed(old, marloes, rob, knows):
    other = contacts.meet_contact(by=SYSTEM, name="K. Olthof", platform="email", handle="karin@school.example")
    knows(rob, other)
    knows(rob)
    contacts.merge_contacts(by=marloes, kept=old, gone=other)
    assert names(rob) == ["Karin Olthof"]
    assert len(queries.quiet_in_the_house(marloes)) == 1


def test_today_tells_the_quietest(old, rob, knows):
    assert [todo for todo in panels.todos_of(rob) if todo.rank == 65] == []
    knows(rob, how="plan voor de gymzaal")
    spoken(old, 200)
    (todo,) = (todo for todo in panels.todos_of(rob) if todo.rank == 65)
    assert (todo.rank, todo.face) == (65, old)
    assert "Karin Olthof" in todo.title
    assert todo.text.startswith("plan voor de gymzaal. Last spoken:")
