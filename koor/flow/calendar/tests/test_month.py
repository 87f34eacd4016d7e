"""The pages of the calendar, as each may see them."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from koor.flow.calendar import actions, queries
from koor.flow.calendar.models import Agreement, Campaign, Slot
from koor.flow.calendar.tasks import roll
from koor.ground.channels.actions import add_account
from koor.ground.channels.models import Account
from koor.ground.people.models import Absence, Person
from koor.kernel.access import SYSTEM, NotFound
from koor.kernel.panels import todos_of

Visit = Callable[[Person | None], Client]
PAGES = [
    "/calendar/", "/calendar/2026/12/", "/calendar/week/", "/calendar/week/2026-12-24/", "/calendar/slots/add/",
    "/calendar/agreements/", "/calendar/agreements/propose/",
]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_strangers_sign_in_first_and_newcomers_see_it(
    address: str, noon: datetime, newcomer: Person, visit: Visit
) -> None:
    assert visit(None).get(address).status_code == 302
    assert visit(newcomer).get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/calendar/1/1/", "/calendar/2026/13/", "/calendar/slots/999/", "/calendar/agreements/9/"]
)
def test_what_is_not_there_is_not_found(address: str, noon: datetime, marloes: Person, visit: Visit) -> None:
    assert visit(marloes).get(address).status_code == 404


def test_campaigns_are_the_planners(noon: datetime, marloes: Person, newcomer: Person, visit: Visit) -> None:
    assert visit(newcomer).get("/calendar/campaigns/add/").status_code == 404
    asked = {"kind": "event", "name": "Open day", "first_day": "2026-12-01", "last_day": "2026-12-02"}
    assert visit(marloes).post("/calendar/campaigns/add/", asked).status_code == 302
    again = visit(marloes).post("/calendar/campaigns/add/", asked).content.decode()
    assert "already a campaign" in again
    assert queries.campaigns(marloes, date(2026, 12, 2), date(2026, 12, 9)) == [Campaign.objects.get()]
    page = visit(newcomer).get(f"/calendar/campaigns/{Campaign.objects.get().pk}/").content.decode()
    assert "Open day" in page
    assert "Open day" in visit(newcomer).get("/calendar/campaigns/").content.decode()


def test_what_waits_as_a_draft_is_called_that_and_not_promised(
    noon: datetime, marloes: Person, bram: Person, visit: Visit
) -> None:
    slot = Slot.objects.create(day=date(2026, 12, 22), title="A roof", person=bram, unready="alt")
    pages = ("/calendar/2026/12/", "/calendar/week/2026-12-22/", "/calendar/list/?from=2026-12-20")
    for address in (*pages, f"/calendar/slots/{slot.pk}/"):
        page = visit(marloes).get(address).content.decode()
        assert "Not ready: say what the picture shows" in page
        assert "promised<" not in re.sub(r'<p class="key.*?</p>', "", page)


def test_a_month_shows_holidays_gaps_and_who_is_away(
    noon: datetime, marloes: Person, bram: Person, henk: Person, visit: Visit
) -> None:
    Slot.objects.create(day=date(2026, 12, 22), title="Three winters", person=henk)
    Slot.objects.create(day=date(2026, 12, 23), title="Nobody has this")
    Slot.objects.create(day=date(2026, 12, 24), title="Greeting", person=bram, filled=True)
    Absence.objects.create(person=henk, first_day=date(2026, 12, 21), last_day=date(2026, 12, 31))
    shown = queries.month(marloes, 2026, 12)
    assert [placed.standing for placed in shown.slots] == ["gap", "gap", "set"]
    assert shown.weeks[3].quiet == [date(2026, 12, 21), date(2026, 12, 22), date(2026, 12, 23)]
    assert shown.weeks[3].is_quiet
    page = visit(marloes).get("/calendar/2026/12/").content.decode()
    assert "Christmas Day" in page
    assert "Henk is away" in page
    assert "3 days without anything; 1 colleague is away" in page


@pytest.mark.parametrize("rows", [1, 30])
def test_a_month_takes_the_same_number_of_queries_whatever_it_holds(
    rows: int, noon: datetime, marloes: Person, person: Callable[..., Person], visit: Visit,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for n in range(rows):
        colleague = person(f"P{n} Colleague")
        Slot.objects.create(day=date(2026, 12, 1) + timedelta(days=n % 28), person=colleague)
        Agreement.objects.create(person=colleague, content="work", first_day=date(2026, 12, 1), made_at=noon)
        Absence.objects.create(person=colleague, first_day=date(2026, 12, 1), last_day=date(2026, 12, 2))
    browser = visit(marloes)
    browser.get("/calendar/2026/12/")
    with django_assert_num_queries(7):
        browser.get("/calendar/2026/12/")


@pytest.mark.parametrize("rows", [1, 30])
def test_agreements_take_the_same_number_of_queries(
    rows: int, noon: datetime, marloes: Person, person: Callable[..., Person], visit: Visit,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for n in range(rows):
        Agreement.objects.create(
            person=person(f"P{n} Colleague"), content="work", first_day=date(2026, 12, 1), made_at=noon,
            proposed_by=marloes,
        )  # fmt: skip
    browser = visit(marloes)
    browser.get("/calendar/agreements/")
    with django_assert_num_queries(8):
        browser.get("/calendar/agreements/")


def test_hundreds_of_agreements_are_counted_found_and_reached_page_by_page(
    noon: datetime, marloes: Person, bram: Person, henk: Person, visit: Visit
) -> None:
    made = [
        Agreement(person=bram, content="work", about=f"Job {n}", first_day=noon.date(), made_at=noon, state="agreed")
        for n in range(600)
    ]
    Agreement.objects.bulk_create(made)
    news = add_account(by=SYSTEM, connector="paper", name="News", owner=marloes)
    for n in range(12):
        actions.propose_agreement(
            by=marloes, person=henk, content="tip", about=f"Tip {n}.", first_day=noon.date(), accounts=[news]
        )
    browser = visit(marloes)
    page = browser.get("/calendar/agreements/").content.decode()
    assert "600 promises stand." in page
    assert "12 wait for an answer." in page
    assert "All that wait for an answer" in page
    last = browser.get("/calendar/agreements/?page=20").content.decode()
    assert "Job 599" in last
    assert 'rel="next"' not in last
    assert "Job 570" in browser.get("/calendar/agreements/?q=bram+570").content.decode()
    assert "No promise is found" in browser.get("/calendar/agreements/?q=nobody").content.decode()
    there = browser.get(f"/calendar/agreements/?channel={news.pk}").content.decode()
    assert ("Job " in there, "Henk" in there) == (False, True)
    waits = browser.get("/calendar/agreements/?show=waiting").content.decode()
    assert ("Job " in waits, waits.count("Tip ")) == (False, 12)


def test_stock_says_when_it_goes_quiet(noon: datetime, marloes: Person) -> None:
    for n in range(3):
        Slot.objects.create(day=date(2026, 11, 24) + timedelta(days=n), filled=True)
    assert queries.stock(marloes) == (3, date(2026, 11, 27))


def test_a_country_without_holidays_here_has_none(noon: datetime, marloes: Person) -> None:
    from koor.ground.people.models import House

    House.objects.update(country="XX")
    assert queries.month(marloes, 2026, 12).weeks[3].days[4].holiday == ""


def test_own_promises_and_questions_are_on_today(noon: datetime, marloes: Person, bram: Person, henk: Person) -> None:
    promise = actions.propose_agreement(
        by=marloes, person=bram, content="work", about="Photo", first_day=date(2026, 11, 24), weekday=4
    )
    assert [todo.rank for todo in todos_of(bram) if todo.rank in (40, 45)] == [45]
    actions.agree(by=bram, agreement=promise)
    assert [todo.text for todo in todos_of(bram) if todo.rank == 40] == ["Your promise for Friday: Photo."]
    assert not [todo for todo in todos_of(henk) if todo.rank in (40, 45)]
    assert {slot.person for slot in queries.open_slots(bram)} == {bram}
    assert queries.open_slots(henk) == []


def test_the_hourly_job_rolls_out(noon: datetime, marloes: Person, bram: Person) -> None:
    Agreement.objects.create(
        person=bram, content="work", first_day=date(2026, 11, 24), state="agreed", made_at=noon, weekday=2
    )
    roll(0)
    roll(0)
    assert Slot.objects.count() == 8


def test_answering_through_the_page(noon: datetime, marloes: Person, bram: Person, visit: Visit) -> None:
    browser = visit(marloes)
    asked = {"person": bram.pk, "content": "work", "rhythm": "weekly", "weekday": "1", "first_day": "2026-11-24"}
    page = browser.post("/calendar/agreements/propose/", asked, follow=True).content.decode()
    assert "It counts once Bram agrees" in page
    promise = Agreement.objects.get()
    assert "Agreed" in visit(bram).get(f"/calendar/agreements/{promise.pk}/").content.decode()
    visit(bram).post(f"/calendar/agreements/{promise.pk}/agree/")
    assert Slot.objects.count() == 9
    visit(bram).post(f"/calendar/agreements/{promise.pk}/end/")
    assert Slot.objects.filter(dropped_at=None).count() == 0
    wrong = browser.post("/calendar/agreements/propose/", {**asked, "last_day": "2026-01-01"})
    assert "before the first" in wrong.content.decode()


def test_missing_rows_are_not_found(noon: datetime, marloes: Person) -> None:
    with pytest.raises(NotFound):
        queries.agreement(marloes, 1)


def test_a_part_of_the_calendar(noon: datetime, marloes: Person, visit: Visit) -> None:
    news = Account.objects.create(connector="newsroom", name="Newsroom", owner=marloes, made_at=noon)
    fair = Campaign.objects.create(kind="fair", name="Fair", first_day=date(2026, 12, 1), last_day=date(2026, 12, 2))
    Slot.objects.create(day=date(2026, 12, 1), title="Cabinet", account=news)
    Slot.objects.create(day=date(2026, 12, 1), title="Stand", campaign=fair)
    promise = Agreement.objects.create(
        person=marloes, content="work", first_day=date(2026, 12, 1), made_at=noon, state="agreed"
    )
    promise.accounts.add(news)
    Slot.objects.create(day=date(2026, 12, 2), title="Promised", agreement=promise, person=marloes)
    browser = visit(marloes)
    for view in ("/calendar/2026/12/", "/calendar/week/2026-12-01/", "/calendar/list/"):
        for asked, seen, hidden in (
            (f"channel={news.pk}", ["Cabinet", "Promised"], ["Stand"]),
            (f"campaign={fair.pk}", ["Stand"], ["Cabinet", "Promised"]),
            ("kind=fair", ["Stand"], ["Cabinet"]),
            ("kind=event", [], ["Stand", "Cabinet"]),
            ("channel=nonsense&kind=x", ["Stand", "Cabinet", "Promised"], []),
        ):
            page = browser.get(f"{view}?{asked}").content.decode()
            cards = page.split("data-slot=")[1:]
            shown = {word for word in ("Cabinet", "Promised", "Stand") if any(word in card for card in cards)}
            assert set(seen) <= shown, (view, asked)
            assert not set(hidden) & shown, (view, asked)


def test_a_very_full_day_shows_the_first_and_how_many_more(noon: datetime, marloes: Person, visit: Visit) -> None:
    Slot.objects.bulk_create(Slot(day=date(2026, 12, 1), title=f"Cabinet {n}", filled=True) for n in range(1500))
    shown = queries.month(marloes, 2026, 12)
    assert (len(shown.weeks[0].days[1].slots), shown.weeks[0].days[1].more) == (12, 1488)
    page = visit(marloes).get("/calendar/2026/12/").content.decode()
    assert "and 1,488 more" in page or "and 1.488 more" in page


def test_a_list_and_a_week_say_whose_it_is_and_where(
    noon: datetime, marloes: Person, bram: Person, visit: Visit
) -> None:
    newsroom = Account.objects.create(connector="newsroom", name="News of us", owner=marloes, made_at=noon)
    Slot.objects.create(day=date(2026, 11, 26), title="Meter cupboard", person=bram, account=newsroom)
    browser = visit(marloes)
    listed, week, month = (browser.get(f"/calendar/{one}").content.decode() for one in ("list/", "week/", ""))
    assert f'<span class="whose">{bram.name} · {newsroom.name}</span>' in listed
    assert f'<span class="whose">{bram.name}</span>' in week
    assert "whose" not in month


def test_the_list_goes_on_into_the_future(noon: datetime, marloes: Person, visit: Visit) -> None:
    Slot.objects.bulk_create(Slot(day=date(2026, 12, 1), title=f"Place {number}") for number in range(61))
    browser = visit(marloes)
    first = browser.get("/calendar/list/").content.decode()
    assert re.findall(r'rel="(\w+)".*?(Later|Earlier|Older|Newer)', first) == [("next", "Later")]
    assert "Earlier</a>" in browser.get("/calendar/list/?page=2").content.decode()


def test_what_is_said_to_be_promised_is(
    noon: datetime, marloes: Person, bram: Person, henk: Person, visit: Visit
) -> None:
    days = [date(2026, 11, 24) + timedelta(days=n) for n in range(4)]
    for day in days:
        Slot.objects.create(day=day, title="Work", person=bram, filled=day == days[0])
    browser = visit(marloes)
    assert "Yes, until Wednesday 25 November. What follows is promised." in _words(browser, "week/")
    Slot.objects.create(day=days[2], title="Free for who wants")
    assert "25 November. 1 place here has nobody yet." in _words(browser, "week/")
    assert "nobody yet" not in _words(browser, "week/2026-11-17/")
    assert "promised." not in _words(browser, "week/2026-11-17/")


def _words(browser: Client, address: str) -> str:
    return " ".join(browser.get(f"/calendar/{address}").content.decode().split())


def test_on_a_phone_a_month_begins_with_this_week(noon: datetime, marloes: Person, visit: Visit) -> None:
    browser = visit(marloes)
    now = browser.get("/calendar/").content.decode()
    assert now.count('<tr class="gone">') == 4  # noon is in the last week but one
    assert 'href="#weeks"' in now
    before = browser.get("/calendar/2026/10/").content.decode()
    assert 'class="month"' in before  # nothing of another month is folded
    assert 'href="#weeks"' not in before
