"""The coming weeks: stock, holes, why, and one click for each."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from koor.flow.calendar import actions, queries
from koor.flow.calendar.choices import Region
from koor.flow.calendar.logic import forecast, school
from koor.flow.calendar.models import Agreement, Slot, SlotAsk
from koor.flow.hub import actions as hub
from koor.flow.hub.models import Item, Medium
from koor.ground.channels.models import Account
from koor.ground.people.models import Absence, House, Person, Skill
from koor.kernel import clock
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.panels import todos_of

Visit = Callable[[Person | None], Client]
TODAY = date(2026, 11, 24)


@pytest.fixture
def newsroom(noon: datetime, marloes: Person) -> Account:
    return Account.objects.create(connector="newsroom", name="Newsroom", owner=marloes, made_at=noon)


def evergreen(by: Person, text: str, made_at: datetime, **fields: Any) -> Item:
    fields = {"evergreen": True, "state": "kept", "kind": "text"} | fields
    return Item.objects.create(by=by, text=text, made_at=made_at, **fields)


# The brain


def place(id: int, day: date, **more: Any) -> forecast.Place:
    return forecast.Place(id, day, more.pop("filled", False), more.pop("channels", (1,)), **more)


def test_stock_and_holes_per_channel() -> None:
    places = [
        place(1, TODAY, filled=True),
        place(2, TODAY + timedelta(days=2), person=5),
        place(3, TODAY + timedelta(days=4), channels=(1, 2)),
        place(4, TODAY + timedelta(days=5), person=5, away=True),
    ]
    one, two, three = forecast.channels([1, 2, 3], places, TODAY)
    assert (one.stock, one.silent, one.ready, one.promised, one.holes) == (2, TODAY + timedelta(days=2), 1, 1, 2)
    assert (two.stock, two.holes) == (4, 1)
    assert (three.stock, three.silent, three.places) == (0, TODAY, [])


def test_a_day_with_one_thing_ready_is_covered() -> None:
    open_one = [place(2, TODAY), place(3, TODAY + timedelta(days=1))]
    (one,) = forecast.channels([1], [place(1, TODAY, filled=True), *open_one], TODAY)
    assert (one.stock, one.holes) == (1, 2)


def test_nobody_is_proposed_who_is_away_or_has_something_that_week_already() -> None:
    hole = forecast.Hole(date(2026, 12, 22), forecast.NOBODY, place(1, date(2026, 12, 22)))
    supply = forecast.Supply(
        [(7, date(2026, 11, 1), date(2026, 12, 23)), (8, date(2026, 9, 1), date(2026, 12, 22))],
        [], [1, 2, 3], {1: [(date(2026, 12, 21), date(2026, 12, 24))]},
        {(2, date(2026, 12, 21))},
    )  # fmt: skip
    ways = forecast.proposals([hole], supply)[0]
    assert [(way.kind, way.id) for way in ways] == [("evergreen", 8), ("colleague", 3)]


def test_two_holes_are_not_filled_with_the_same() -> None:
    holes = [forecast.Hole(TODAY + timedelta(days=n), forecast.SILENT) for n in (1, 2, 3)]
    supply = forecast.Supply([(7, None, None), (8, None, None)], [], [], {})
    assert [ways[0].id for ways in forecast.proposals(holes, supply)] == [7, 8, 7]


def test_what_stands_double_may_move() -> None:
    day = date(2026, 12, 17)
    twice = [place(1, day, filled=True), place(2, day, filled=True), place(3, day, filled=True, channels=(2,))]
    assert [one.id for one in forecast.spare(twice, TODAY)] == [2]
    hole = forecast.Hole(date(2026, 12, 18), forecast.NOBODY, place(9, date(2026, 12, 18)))
    supply = forecast.Supply([], [], [], {}, movable=forecast.spare(twice, TODAY))
    assert [(way.kind, way.id) for way in forecast.proposals([hole], supply)[0]] == [("move", 2)]


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 24), date(2026, 12, 14), date(2027, 1, 10)),
        (date(2027, 1, 5), date(2026, 12, 14), date(2027, 1, 10)),
        (date(2027, 1, 11), date(2027, 12, 13), date(2028, 1, 16)),
    ],
)
def test_the_weeks_of_the_christmas_promise(today: date, first: date, last: date) -> None:
    assert forecast.years_end(today) == (first, last)


def test_school_holidays_are_whole_weeks_from_saturday_to_sunday() -> None:
    for year in school.TABLE.values():
        assert list(year) == ["autumn", "christmas", "spring", "may", "summer"]
        for first, last in (days for regions in year.values() for days in regions):
            assert (first.weekday(), last.weekday()) == (5, 6)
            assert (last - first).days + 1 in {9, 16, 44}


def test_school_holidays_by_region() -> None:
    found = school.holidays(date(2026, 10, 1), date(2026, 10, 31), ("north",))
    assert found == [("autumn", "north", date(2026, 10, 10), date(2026, 10, 18))]
    assert school.holidays(date(2026, 12, 25), date(2026, 12, 25))[0][:2] == ("christmas", "")


# The page


def test_every_hole_says_why_and_how(newsroom: Account, marloes: Person, bram: Person, henk: Person) -> None:
    Absence.objects.create(person=henk, first_day=TODAY, last_day=date(2026, 12, 4))
    Slot.objects.create(day=TODAY, person=henk, account=newsroom, title="Roof")
    craft = Skill.objects.create(name="photos", kind="craft")
    craft.people.add(bram, henk)
    evergreen(bram, "Three winters, one pump: what it cost and what it gave", newsroom.made_at)
    seen = queries.outlook(marloes)
    first = next(one for one in seen.holes if one.slot)
    assert first.why == "Henk is away"
    assert [(way.button, way.why) for way in first.ways] == [
        ("Use “Three winters, one pump: what it…”", "Always fits. Not in the calendar before."),
        ("Ask Bram", "Is there that day, and said to be good at photos."),
    ]
    assert {one.why for one in seen.holes if not one.slot} == {"Nothing stands here"}
    assert [one.channel.holes for one in seen.channels] == [1]


def test_the_stock_is_the_same_in_the_calendar_and_looking_ahead(
    newsroom: Account, marloes: Person, bram: Person, visit: Visit
) -> None:
    for n in range(10):
        Slot.objects.create(day=TODAY + timedelta(days=n), account=newsroom, person=bram, filled=n < 3)
    stands = '<b class="figure">3</b><span>days</span>'
    quiet = "it goes quiet from Friday 27 November."
    for address in ("/calendar/", "/calendar/ahead/"):
        page = visit(marloes).get(address).content.decode()
        assert stands in page, address
        assert quiet in page, address
    (one,) = queries.outlook(marloes).channels
    assert (one.channel.stock, one.channel.silent) == queries.stock(marloes)


def test_something_of_the_library_fills_a_hole(newsroom: Account, marloes: Person, bram: Person) -> None:
    item = evergreen(bram, "Three winters", newsroom.made_at)
    slot = Slot.objects.create(day=date(2026, 12, 22), account=newsroom)
    for _click in range(2):
        actions.lay_out(by=marloes, day=slot.day, item=item, slot=slot, once="a click")
    slot.refresh_from_db()
    assert (slot.item, slot.person, slot.title) == (item, marloes, "Three winters")
    with pytest.raises(Forbidden):
        actions.lay_out(by=bram, day=slot.day, item=item, slot=slot)
    Slot.objects.update(filled=True)
    with pytest.raises(Refused):
        actions.lay_out(by=marloes, day=slot.day, item=item, slot=slot)


def test_what_still_rests_is_laid_out_with_a_word_of_warning(newsroom: Account, marloes: Person, visit: Visit) -> None:
    item = evergreen(marloes, "Three winters", newsroom.made_at, used_at=newsroom.made_at)
    said = {"kind": "evergreen", "id": item.pk, "day": "2026-12-22", "page": "ahead"}
    page = visit(marloes).post("/calendar/ahead/fill/", said, follow=True).content.decode()
    assert "comes on Tuesday 22 December. It still rests then; it can go again from 22 February 2027." in page
    assert Slot.objects.get().item == item


def test_on_an_empty_day_the_place_is_made_now(newsroom: Account, marloes: Person, bram: Person) -> None:
    item = evergreen(bram, "Three winters", newsroom.made_at)
    for _click in range(2):
        actions.lay_out(by=marloes, day=date(2026, 12, 22), item=item, account=newsroom, once="a click")
    slot = Slot.objects.get()
    assert (slot.day, slot.account, slot.item, slot.person) == (date(2026, 12, 22), newsroom, item, marloes)


def test_who_left_is_not_asked(newsroom: Account, marloes: Person, bram: Person) -> None:
    bram.is_active = False
    bram.save()
    with pytest.raises(Refused) as refused:
        actions.ask_colleague(by=marloes, day=date(2026, 12, 22), person=bram)
    assert refused.value.code == "left"
    assert not Slot.objects.exists()


def test_what_may_not_be_published_fills_nothing(newsroom: Account, marloes: Person, bram: Person) -> None:
    item = evergreen(bram, "Put aside", newsroom.made_at, state="shelved")
    with pytest.raises(Refused):
        actions.lay_out(by=marloes, day=date(2026, 12, 22), item=item)
    bare = evergreen(bram, "A roof", newsroom.made_at, kind="photo")
    picture = Medium.objects.create(item=bare)
    proposed = [way.button for hole in queries.outlook(marloes).holes for way in hole.ways]
    assert not any("roof" in button for button in proposed)
    with pytest.raises(Refused, match="what the picture shows"):
        actions.lay_out(by=marloes, day=date(2026, 12, 22), item=bare, account=newsroom)
    Medium.objects.filter(pk=picture.pk).update(alt="A roof")
    hub.record_consent(
        by=bram, portrayed=hub.add_portrayed(by=bram, item=bare, name="Els"), agrees="yes", places=["social"]
    )
    with pytest.raises(Refused, match="not for this place"):
        actions.lay_out(by=marloes, day=date(2026, 12, 22), item=bare, account=newsroom)
    assert not Slot.objects.exists()


def test_all_holes_count_and_can_be_reached(
    newsroom: Account, marloes: Person, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.flow.calendar.queries.forecast.MOST_HOLES", 3)
    Slot.objects.create(day=date(2026, 12, 22), person=marloes, account=newsroom, unready="alt", title="A roof")
    seen = queries.outlook(marloes)
    assert (seen.all_holes, len(seen.holes), seen.more) == (39, 3, 36)
    promise = queries.christmas(marloes)
    assert {day.standing for week in promise.weeks for day in week if day.date.weekday() == 1} == {"gap"}
    page = visit(marloes).get("/calendar/ahead/", {"from": "2026-12-22"}).content.decode()
    assert "Not ready: say what the picture shows" in page
    assert "?from=2026-12-28" in page
    for number in range(8):  # more on one day than a page has
        Slot.objects.create(day=date(2026, 12, 22), account=newsroom, title=f"Open {number}")
    assert len([one for one in queries.outlook(marloes, since=date(2026, 12, 22)).holes if one.slot]) == 9
    assert "No gaps from that day on" in visit(marloes).get("/calendar/ahead/?from=2027-12-22").content.decode()


def test_a_colleague_is_asked_and_not_assigned(newsroom: Account, marloes: Person, bram: Person, henk: Person) -> None:
    slot = Slot.objects.create(day=date(2026, 12, 22), person=henk)
    Absence.objects.create(person=henk, first_day=slot.day, last_day=slot.day)
    ask = actions.ask_colleague(by=marloes, day=slot.day, person=bram, slot=slot)
    assert actions.ask_colleague(by=marloes, day=slot.day, person=bram, slot=slot) == ask
    slot.refresh_from_db()
    assert slot.person == henk
    assert [todo.rank for todo in todos_of(bram) if todo.rank == 42] == [42]
    with pytest.raises(Forbidden):
        actions.say_yes(by=henk, ask=ask)
    assert actions.say_yes(by=bram, ask=ask).person == bram
    assert not [todo for todo in todos_of(bram) if todo.rank == 42]


def test_not_now_tells_nobody(newsroom: Account, marloes: Person, bram: Person, visit: Visit) -> None:
    slot = Slot.objects.create(day=date(2026, 12, 22))
    ask = actions.ask_colleague(by=marloes, day=slot.day, person=bram, slot=slot)
    assert "Not now" in visit(bram).get(f"/calendar/slots/{slot.pk}/").content.decode()
    assert "Not now" not in visit(marloes).get(f"/calendar/slots/{slot.pk}/").content.decode()
    visit(bram).post(f"/calendar/asked/{ask.pk}/away/")
    assert visit(marloes).post(f"/calendar/asked/{ask.pk}/away/").status_code == 404
    assert not [todo for todo in todos_of(bram) if todo.rank == 42]
    assert bram not in [way.face for one in queries.outlook(marloes).holes for way in one.ways]
    waits = [one.waits for one in queries.outlook(marloes).holes if one.slot == slot]
    with clock.fixed(clock.now() + timedelta(days=2, minutes=1)):  # no sooner for a no than for silence
        waits += [one.waits for one in queries.outlook(marloes).holes if one.slot == slot]
    assert waits == [True, False]


def test_what_stands_double_moves_into_the_hole(newsroom: Account, marloes: Person) -> None:
    first, second = [
        Slot.objects.create(day=date(2026, 12, 17), account=newsroom, filled=True, title=f"Kast {n}") for n in (1, 2)
    ]
    hole = Slot.objects.create(day=date(2026, 12, 18), account=newsroom)
    actions.move_into(by=marloes, day=hole.day, moved=second, slot=hole)
    assert {(slot.pk, slot.day) for slot in Slot.objects.filter(dropped_at=None)} == {
        (first.pk, date(2026, 12, 17)), (second.pk, date(2026, 12, 18)),
    }  # fmt: skip


def test_the_region_of_the_schools(noon: datetime, marloes: Person, bram: Person, visit: Visit) -> None:
    page = visit(marloes).post("/calendar/ahead/region/", {"region": "north"}, follow=True).content.decode()
    assert "Christmas holiday" in page
    ours = House.objects.get()
    autumn = queries.days_off(ours, date(2026, 10, 1), date(2026, 10, 31))
    assert [(off.name, off.first) for off in autumn] == [("Autumn holiday", date(2026, 10, 10))]
    easter = date(2027, 3, 22), date(2027, 3, 31)
    shown = {off.first.day: off.public for off in queries.days_off(ours, *easter)}
    assert (shown[26], shown[29], [day.day for day in queries.free_days(ours, *easter)]) == (False, True, [28, 29])
    with pytest.raises(Forbidden):
        actions.choose_region(by=bram, region=Region.SOUTH)


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("address", ["/calendar/ahead/", "/calendar/christmas/"])
def test_looking_ahead_takes_the_same_number_of_queries(
    address: str, rows: int, newsroom: Account, marloes: Person, person: Callable[..., Person],
    visit: Visit, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for n in range(rows):
        colleague = person(f"P{n} Colleague")
        Slot.objects.create(day=date(2026, 12, 15) + timedelta(days=n % 20), person=colleague, account=newsroom)
        Absence.objects.create(person=colleague, first_day=date(2026, 12, 15), last_day=date(2027, 1, 4))
        promise = Agreement.objects.create(
            person=colleague, content="work", first_day=TODAY, made_at=newsroom.made_at, state="agreed"
        )
        promise.accounts.add(newsroom)
        evergreen(colleague, f"Evergreen {n}", newsroom.made_at)
    browser = visit(marloes)
    browser.get(address)
    with django_assert_max_num_queries(15):
        browser.get(address)


@pytest.mark.django_db(transaction=True)
def test_a_years_end_with_absences_is_filled_with_three_clicks(
    newsroom: Account, marloes: Person, bram: Person, henk: Person, visit: Visit, run_jobs: Callable[[], None]
) -> None:
    house = House.objects.get()
    free = queries.free_days(house, date(2026, 12, 14), date(2027, 1, 10))
    days = [date(2026, 12, 14) + timedelta(days=n) for n in range(28)]
    for day in (day for day in days if day.weekday() < 5 and day not in free):
        away = day in {date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 30)}
        Slot.objects.create(
            day=day, account=newsroom, person=henk if away else marloes, filled=not away, time=time(9), title="Work"
        )
    Absence.objects.create(person=henk, first_day=date(2026, 12, 24), last_day=date(2027, 1, 1))
    for n in range(3):
        evergreen(bram, f"Winter {n}", newsroom.made_at)
    browser = visit(marloes)
    page = browser.get("/calendar/christmas/").content.decode()
    assert "3 gaps are left. For 3 a proposal lies ready." in page
    for _click in range(3):
        hole = queries.christmas(marloes).outlook.holes[0]
        way = hole.ways[0].proposal
        said = {"kind": way.kind, "id": way.id, "day": hole.hole.day, "slot": hole.hole.place and hole.hole.place.id}
        browser.post("/calendar/ahead/fill/", {**said, "page": "christmas"})
    assert "Yes. Every working day has something" in browser.get("/calendar/christmas/").content.decode()
    run_jobs()
    assert not Slot.objects.filter(filled=False).exists()
    assert SlotAsk.objects.count() == 0


def test_who_does_not_plan_sees_holes_and_clicks_nothing(noon: datetime, bram: Person, visit: Visit) -> None:
    page = visit(bram).get("/calendar/ahead/").content.decode()
    assert page.count("I have something") == 1  # and not once for each of forty days that say the same
    assert "Every working day is still free" in page
    assert visit(bram).post("/calendar/ahead/fill/", {}).status_code == 403
    with pytest.raises(NotFound):
        queries.slot(bram, 1)
