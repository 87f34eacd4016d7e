"""Holidays from a file or an address: what is read, what is refused and in which words."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_httpserver import HTTPServer

from koor.flow.calendar import actions, queries
from koor.flow.calendar.logic import ics
from koor.flow.calendar.models import Holiday, HolidayList
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

Visit = Callable[[Person | None], Client]
FIRST, LAST = date(2026, 11, 1), date(2027, 12, 31)


def ical(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//School//NL"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.strip().splitlines(), "END:VEVENT"]
    return ("\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n").encode()


WEEK = "SUMMARY:Kerstvakantie\nDTSTART;VALUE=DATE:20261219\nDTEND;VALUE=DATE:20270104"


def read(*events: str) -> list[tuple[str, date, date]]:
    found = ics.read(ical(*events), "Europe/Amsterdam", FIRST, LAST)
    return [(one.name, one.first, one.last) for one in found]


def test_a_length_says_the_end_as_well() -> None:
    assert read("SUMMARY:Off\nDTSTART;VALUE=DATE:20261127\nDURATION:P3D") == [
        ("Off", date(2026, 11, 27), date(2026, 11, 29))
    ]


def test_of_two_rules_the_first_counts_and_a_broken_one_gives_nothing() -> None:
    rules = "RRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=DAILY;COUNT=9"
    assert len(read(f"SUMMARY:Closed\nDTSTART;VALUE=DATE:20261127\n{rules}")) == 2
    assert read("SUMMARY:Closed\nDTSTART;VALUE=DATE:20261127\nRRULE:INTERVAL=2") == []


def test_more_days_than_a_list_of_holidays_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics, "MOST_FOUND", 100)
    with pytest.raises(ics.Unreadable, match=ics.MANY):
        read("SUMMARY:Daily\nDTSTART;VALUE=DATE:20261101\nRRULE:FREQ=DAILY")


def test_the_last_day_of_an_event_is_the_day_before_its_end() -> None:
    assert read(WEEK) == [("Kerstvakantie", date(2026, 12, 19), date(2027, 1, 3))]
    assert read("SUMMARY:Study day\nDTSTART;VALUE=DATE:20261127") == [
        ("Study day", date(2026, 11, 27), date(2026, 11, 27))
    ]
    assert read("SUMMARY:Off\nDTSTART:20261231T230000Z\nDTEND:20270101T230000Z") == [
        ("Off", date(2027, 1, 1), date(2027, 1, 1))
    ]


def test_what_is_repeated_is_bounded() -> None:
    friday = "SUMMARY:Closed\nDTSTART;VALUE=DATE:20261127\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20261204"
    assert [day for _name, day, _last in read(friday)] == [date(2026, 11, 27), date(2026, 12, 11)]
    assert len(read("SUMMARY:Daily\nDTSTART;VALUE=DATE:20261101\nRRULE:FREQ=DAILY")) == ics.MOST_TIMES
    assert read("SUMMARY:Bomb\nDTSTART:20261101T000000Z\nRRULE:FREQ=SECONDLY") == []
    assert len(read("SUMMARY:Old\nDTSTART;VALUE=DATE:19700101\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5")) == 2


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:No start",
        "DTSTART;VALUE=DATE:20261127",
        "SUMMARY:Back\nDTSTART;VALUE=DATE:20261127\nDTEND;VALUE=DATE:20260101T",
        "SUMMARY:Years\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20300101",
        "SUMMARY:Not\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20261127",
        "SUMMARY:Past\nDTSTART;VALUE=DATE:20200101",
    ],
)
def test_an_event_that_is_no_holiday_is_left_out(event: str) -> None:
    assert read(event, WEEK)[-1][0] == "Kerstvakantie"
    assert len(read(event, WEEK)) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<!DOCTYPE html><html><body>Agenda</body></html>", "html"),
        (b"\xef\xbb\xbf  <html>", "html"),
        (b"", "empty"),
        (b"BEGIN:VCARD\r\nEND:VCARD", "broken"),
        (b"\x00\x01" * 40, "broken"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY", "broken"),
        (b"BEGIN:VCALENDAR\r\n" + b"X" * ics.MOST_BYTES, "large"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * (ics.MOST_EVENTS + 1), "many"),
    ],
)
def test_what_is_no_list_is_refused_in_words(data: bytes, code: str, noon: datetime, marloes: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.add_holidays(by=marloes, name="School", data=data)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert not HolidayList.objects.exists()


def test_a_file_stands_in_the_calendar_once(noon: datetime, marloes: Person, bram: Person, visit: Visit) -> None:
    browser = visit(marloes)
    for _click in range(2):
        file = SimpleUploadedFile("school.ics", ical(WEEK, WEEK), "text/calendar")
        page = browser.post("/calendar/holidays/", {"name": "De Esch", "file": file, "once": "k"}, follow=True)
    assert "“De Esch” stands in the calendar." in page.content.decode()
    assert Holiday.objects.count() == 1
    off = queries.days_off(House.objects.get(), date(2026, 12, 20), date(2026, 12, 20))
    assert "Kerstvakantie" in [one.name for one in off]
    html = SimpleUploadedFile("school.ics", b"<html></html>", "text/calendar")
    wrong = browser.post("/calendar/holidays/", {"name": "Other", "file": html}).content.decode()
    assert "This is a web page, not a calendar." in wrong
    assert visit(bram).get("/calendar/holidays/").status_code == 403
    with pytest.raises(Forbidden):
        actions.add_holidays(by=bram, name="Own", data=ical(WEEK))
    made = HolidayList.objects.get()
    page = browser.post(f"/calendar/holidays/{made.pk}/remove/", follow=True).content.decode()
    week = date(2026, 12, 19), date(2026, 12, 27)
    back = f"/calendar/holidays/{made.pk}/restore/"
    assert page.count(back) == 2  # beside the message, and in the list of what was taken away
    assert "Kerstvakantie" not in [one.name for one in queries.days_off(House.objects.get(), *week)]
    assert visit(bram).post(back).status_code == 403
    assert "It is back." in browser.post(back, follow=True).content.decode()
    assert "Kerstvakantie" in [one.name for one in queries.days_off(House.objects.get(), *week)]
    browser.post(f"/calendar/holidays/{made.pk}/remove/")
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert actions.erase_removed_holidays(by=SYSTEM) == 1
    assert AuditEntry.objects.filter(verb="calendar.erase_holidays").count() == 1
    assert not Holiday.objects.exists()


def test_an_address_is_read_again_every_day(
    noon: datetime, marloes: Person, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, visit: Visit
) -> None:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_ordered_request("/school.ics").respond_with_data(ical(WEEK))
    httpserver.expect_ordered_request("/school.ics").respond_with_data("<html>Moved</html>")
    httpserver.expect_ordered_request("/school.ics").respond_with_data("", status=404)
    actions.add_holidays(by=marloes, name="School", url=httpserver.url_for("/school.ics"))
    assert actions.read_all_again() == 0
    for day, said in ((1, "This is a web page"), (3, "answers with 404")):
        with clock.fixed(noon + timedelta(days=day, hours=1)):
            assert actions.read_all_again() == 0
        assert said in HolidayList.objects.get().trouble
        assert Holiday.objects.count() == 1
    assert "What was there stays." in visit(marloes).get("/calendar/holidays/").content.decode()


def test_the_own_network_is_not_read(noon: datetime, marloes: Person, httpserver: HTTPServer) -> None:
    with pytest.raises(Refused) as refused:
        actions.add_holidays(by=marloes, name="School", url=httpserver.url_for("/school.ics"))
    assert refused.value.code == "not_called"
    assert httpserver.log == []


def test_what_stands_there_now_takes_the_place_of_what_stood_there(
    noon: datetime, marloes: Person, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_ordered_request("/school.ics").respond_with_data(ical(WEEK))
    httpserver.expect_ordered_request("/school.ics").respond_with_data(
        ical("SUMMARY:Meivakantie\nDTSTART;VALUE=DATE:20270424\nDTEND;VALUE=DATE:20270510")
    )
    kept = actions.add_holidays(by=marloes, name="School", url=httpserver.url_for("/school.ics"))
    HolidayList.objects.update(trouble="No answer yesterday.")
    assert actions.read_again(by=marloes, holidays=kept)
    assert [one.name for one in Holiday.objects.all()] == ["Meivakantie"]
    assert HolidayList.objects.get().trouble == ""


def test_an_address_with_far_too_much_is_refused_in_words(
    noon: datetime, marloes: Person, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{httpserver.host}:{httpserver.port}")
    httpserver.expect_request("/school.ics").respond_with_data(b"BEGIN:VCALENDAR" + b" " * ics.MOST_BYTES)
    with pytest.raises(Refused) as refused:
        actions.add_holidays(by=marloes, name="School", url=httpserver.url_for("/school.ics"))
    assert refused.value.code == "large"


def test_a_list_comes_from_somewhere_and_there_are_no_more_than_fit(
    noon: datetime, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused) as refused:
        actions.add_holidays(by=marloes, name="School")
    assert refused.value.code == "nothing"
    monkeypatch.setattr("koor.flow.calendar.actions.holidays.MOST_LISTS", 1)
    for _double_click in range(2):
        actions.add_holidays(by=marloes, name="School", data=ical(WEEK), once="k")
    with pytest.raises(Refused) as refused:
        actions.add_holidays(by=marloes, name="Another", data=ical(WEEK))
    assert refused.value.code == "many"


def test_a_region_that_there_is_not(noon: datetime, marloes: Person) -> None:
    with pytest.raises(ValueError, match="atlantis"):
        actions.choose_region(by=marloes, region="atlantis")


def test_an_address_that_gives_no_answer_is_said_at_its_field(
    noon: datetime, marloes: Person, monkeypatch: pytest.MonkeyPatch, visit: Visit
) -> None:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", "127.0.0.1:9")  # nobody listens there
    sent = {"name": "School", "url": "http://127.0.0.1:9/school.ics"}
    with pytest.raises(Refused, match="gives no answer") as refused:
        actions.add_holidays(by=marloes, **sent)
    assert (refused.value.code, refused.value.field) == ("no_answer", "url")
    answer = visit(marloes).post("/calendar/holidays/", sent)
    assert answer.status_code == 422
    assert "This address gives no answer." in answer.content.decode()
    assert not HolidayList.objects.exists()
