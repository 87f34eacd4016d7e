"""Planning, taking, dropping and putting back a place in the calendar."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from koor.flow.calendar import actions
from koor.flow.calendar.models import Campaign, Slot
from koor.flow.calendar.receivers import not_laid_out_any_more
from koor.flow.hub import actions as hub
from koor.flow.hub.events import ItemRemoved
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

FRIDAY = date(2026, 11, 27)
Visit = Callable[[Person | None], Client]


def test_the_curator_plans_for_anybody(noon: datetime, marloes: Person, bram: Person) -> None:
    assert actions.plan_slot(by=marloes, day=FRIDAY, title="Column", person=bram).person == bram


def test_a_colleague_plans_for_themselves_only(noon: datetime, bram: Person, henk: Person) -> None:
    assert actions.plan_slot(by=bram, day=FRIDAY, person=bram).person == bram
    with pytest.raises(Forbidden):
        actions.plan_slot(by=bram, day=FRIDAY, person=henk)
    with pytest.raises(Forbidden):
        actions.plan_slot(by=bram, day=FRIDAY)


def test_through_the_page_once(noon: datetime, marloes: Person, visit: Visit) -> None:
    browser = visit(marloes)
    asked = {"title": "Column: craftspeople", "day": "2026-11-27", "content": "column", "once": "k1"}
    for _click in range(2):
        assert browser.post("/calendar/slots/add/", asked).status_code == 302
    slot = Slot.objects.get()
    page = browser.get(f"/calendar/slots/{slot.pk}/").content.decode()
    assert "Column: craftspeople" in page


def test_a_wrong_day_keeps_what_was_typed(noon: datetime, marloes: Person, visit: Visit) -> None:
    page = visit(marloes).post("/calendar/slots/add/", {"title": "Column", "day": "2026-99-99", "content": "column"})
    assert 'value="Column"' in page.content.decode()
    assert not Slot.objects.exists()


def test_a_million_characters_are_refused(noon: datetime, marloes: Person, visit: Visit) -> None:
    page = visit(marloes).post(
        "/calendar/slots/add/", {"title": "x" * 1_000_000, "day": "2026-11-27", "content": "work"}
    )
    assert page.status_code == 200
    assert not Slot.objects.exists()


def test_an_open_slot_is_for_the_first_who_takes_it(noon: datetime, bram: Person, henk: Person) -> None:
    slot = Slot.objects.create(day=FRIDAY)
    assert actions.take_slot(by=henk, slot=slot).person == henk
    assert actions.take_slot(by=henk, slot=slot).version == 1
    with pytest.raises(Refused):
        actions.take_slot(by=bram, slot=slot)


def test_taking_too_late_is_told_kindly(noon: datetime, bram: Person, henk: Person, visit: Visit) -> None:
    slot = Slot.objects.create(day=FRIDAY, person=henk)
    page = visit(bram).post(f"/calendar/slots/{slot.pk}/take/", follow=True)
    assert "just before you" in page.content.decode()


def test_dropping_can_be_undone(noon: datetime, marloes: Person, visit: Visit) -> None:
    slot = Slot.objects.create(day=FRIDAY, title="Column")
    browser = visit(marloes)
    page = browser.post(f"/calendar/slots/{slot.pk}/drop/", follow=True).content.decode()
    assert f"/calendar/slots/{slot.pk}/restore/" in page
    browser.post(f"/calendar/slots/{slot.pk}/restore/")
    assert Slot.objects.get().dropped_at is None


def test_what_stands_ready_is_not_dropped(noon: datetime, marloes: Person) -> None:
    slot = actions.slot_for(by=marloes, day=FRIDAY, at=None, title="Up", account=None, person=None)
    with pytest.raises(Refused):
        actions.drop_slot(by=marloes, slot=slot)
    assert not actions.unfill_slot(by=marloes, slot=slot).filled


def test_editing(noon: datetime, marloes: Person, bram: Person, henk: Person, visit: Visit) -> None:
    slot = Slot.objects.create(day=FRIDAY, person=bram)
    asked = {"title": "Now with a name", "content": "work", "person": henk.pk, "version": "0"}
    assert visit(marloes).post(f"/calendar/slots/{slot.pk}/edit/", asked).status_code == 302
    slot.refresh_from_db()
    assert (slot.title, slot.person) == ("Now with a name", henk)
    again = visit(marloes).post(f"/calendar/slots/{slot.pk}/edit/", asked)
    assert "Somebody else just changed this" in again.content.decode()
    with pytest.raises(Forbidden):
        actions.edit_slot(by=bram, slot=slot, title="Mine")
    with pytest.raises(Forbidden):
        actions.edit_slot(by=henk, slot=slot, person=bram)
    with pytest.raises(TypeError):
        actions.edit_slot(by=marloes, slot=slot, filled=True)


def test_a_campaign_has_one_name_and_days_in_order(noon: datetime, marloes: Person, bram: Person) -> None:
    actions.plan_campaign(by=marloes, name="Open day", first_day=FRIDAY, last_day=FRIDAY)
    with pytest.raises(Refused):
        actions.plan_campaign(by=marloes, name="Open day", first_day=FRIDAY, last_day=FRIDAY)
    with pytest.raises(Refused):
        actions.plan_campaign(by=marloes, name="Backwards", first_day=FRIDAY, last_day=date(2026, 1, 1))
    with pytest.raises(Forbidden):
        actions.plan_campaign(by=bram, name="Mine", first_day=FRIDAY, last_day=FRIDAY)
    assert Campaign.objects.count() == 1


def test_a_campaign_gets_other_days_and_keeps_what_belongs_to_it(
    noon: datetime, marloes: Person, bram: Person, visit: Visit
) -> None:
    days = {"first_day": date(2026, 12, 1), "last_day": date(2026, 12, 5)}
    fair = actions.plan_campaign(by=marloes, name="Fair", kind="fair", **days)
    slot = Slot.objects.create(day=days["first_day"], campaign=fair)
    days["last_day"] = date(2026, 12, 9)
    actions.change_campaign(by=marloes, campaign=fair, name="Trade fair", kind="fair", **days)
    slot.refresh_from_db()
    assert slot.campaign is not None
    assert (slot.campaign.name, slot.campaign.last_day) == ("Trade fair", date(2026, 12, 9))
    with pytest.raises(Forbidden):
        actions.change_campaign(by=bram, campaign=fair, name="Mine", kind="fair", **days)
    address = f"/calendar/campaigns/{fair.pk}/remove/"
    assert visit(bram).post(address).status_code == 403
    assert "its places stay" in visit(marloes).post(address, follow=True).content.decode()
    slot.refresh_from_db()
    assert (slot.campaign, slot.dropped_at, Campaign.objects.count()) == (None, None, 0)


def test_an_open_place_asks_one_thing_first(noon: datetime, marloes: Person, bram: Person, visit: Visit) -> None:
    slot = Slot.objects.create(day=date(2026, 12, 1), title="For who wants")
    page = visit(marloes).get(f"/calendar/slots/{slot.pk}/").content.decode()
    assert page.count("btn first") == 1
    assert page.index("I will do this") < page.index("What stands ready")
    Slot.objects.filter(pk=slot.pk).update(person=marloes)
    page = visit(marloes).get(f"/calendar/slots/{slot.pk}/").content.decode()
    assert page.count("btn first") == 1
    assert "I will do this" not in page


def test_a_place_of_what_was_removed_is_open_again_and_not_when_that_came_back(
    noon: datetime, marloes: Person, bram: Person
) -> None:
    item = hub.add_text_item(by=bram, text="Mos op het dak")
    laid = actions.lay_out(by=marloes, day=FRIDAY, item=item)
    own = Slot.objects.create(day=FRIDAY, title="Column", person=bram, item=item, unready="buddy")
    hub.remove_item(by=bram, item=item)
    hub.restore_item(by=bram, item=item)
    not_laid_out_any_more(ItemRemoved(item.pk))  # only now
    assert list(Slot.objects.filter(item=item)) == [laid, own]
    hub.remove_item(by=bram, item=item)
    not_laid_out_any_more(ItemRemoved(item.pk))
    told = Slot.objects.order_by("pk").values_list("item", "title", "person", "unready")
    assert list(told) == [(None, "", None, ""), (None, "Column", bram.pk, "")]
    assert AuditEntry.objects.filter(verb="calendar.let_go_of_item").count() == 2
