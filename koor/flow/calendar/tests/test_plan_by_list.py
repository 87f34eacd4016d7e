"""A plan as CSV: shown first, taken in once, nothing in it runs."""

import time as stopwatch
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from koor.flow.calendar import actions
from koor.flow.calendar.models import Campaign, Slot
from koor.ground.channels.models import Account
from koor.ground.people.models import ImportDraft, Person
from koor.kernel.access import Forbidden, Refused

Visit = Callable[[Person | None], Client]
HEAD = "dag;tijd;wat;soort;wie;waar;campagne\n"


@pytest.fixture
def newsroom(noon: datetime, marloes: Person) -> Account:
    return Account.objects.create(connector="newsroom", name="Newsroom", owner=marloes, made_at=noon)


def read(marloes: Person, text: str) -> ImportDraft:
    return actions.read_plan(by=marloes, name="plan.csv", data=text.encode())


def test_a_row_becomes_a_place(newsroom: Account, marloes: Person, bram: Person) -> None:
    fair = Campaign.objects.create(kind="fair", name="Fair", first_day=date(2026, 12, 1), last_day=date(2026, 12, 2))
    row = "22-12-2026;9.30;Meterkast;Foto van het werk;Bram;newsroom;fair\n"
    actions.take_in_plan(by=marloes, draft=read(marloes, HEAD + row))
    slot = Slot.objects.get()
    assert (slot.day, slot.time, slot.title, slot.content) == (date(2026, 12, 22), time(9, 30), "Meterkast", "work")
    assert (slot.person, slot.account, slot.campaign, slot.filled) == (bram, newsroom, fair, False)


def test_each_row_says_what_is_wrong_with_it(newsroom: Account, marloes: Person, person: Callable[..., Person]) -> None:
    person("Jan Een"), person("Jan Twee", email="jan2@reurslag.example")
    rows = [
        "31-02-2026;;Meterkast;;;;", ";;;;;;x", "2026-12-22;25:00;Meterkast;;;;", "2026-12-22;;;;;;",
        "2026-12-22;;Meterkast;gedicht;;;", "2026-12-22;;Meterkast;;Truus;;", "2026-12-22;;Meterkast;;jan;;",
        "2026-12-22;;Meterkast;;;Hyves;", "2026-12-22;;Meterkast;;;;Nooit", f"2026-12-22;;{'x' * 161};;;;",
    ]  # fmt: skip
    checked = actions.checked_plan(read(marloes, HEAD + "\n".join(rows)), by=marloes)
    assert [row.problems[0].split(":")[0] for row in checked] == [
        "This day can't be read", "This day can't be read", "This time can't be read", "It does not say what comes.",
        "This kind is not known", "No colleague is called so",
        "More than one colleague is called jan. Use the e-mail address.", "No channel is called so",
        "No campaign is called so", "Too long",
    ]  # fmt: skip
    (row,) = actions.checked_plan(read(marloes, HEAD + "2026-12-22;;Meterkast;gedicht;Truus;Hyves;"), by=marloes)
    assert len(row.problems) == 3  # all of it at once


def test_a_row_of_another_form_says_so(newsroom: Account, marloes: Person) -> None:
    draft = read(marloes, "dag;wat\n2026-12-22;Meterkast;x;y\n")
    (row,) = actions.checked_plan(draft, by=marloes)
    assert row.problems == ["There are more cells in this row than in the heading."]
    assert actions.take_in_plan(by=marloes, draft=draft).outcome["left_out"] == 1


def test_the_same_list_plans_nothing_twice(newsroom: Account, marloes: Person) -> None:
    text = HEAD + "2026-12-22;09:00;Meterkast;;;Newsroom;\n2026-12-22;09:00;METERKAST;;;Newsroom;\n"
    draft = read(marloes, text)
    for _click in range(2):
        actions.take_in_plan(by=marloes, draft=draft)
    again = actions.take_in_plan(by=marloes, draft=read(marloes, text))
    assert again.outcome == {"added": 0, "known": 2, "left_out": 0}
    assert Slot.objects.count() == 1


def test_a_formula_is_text_and_runs_nowhere(newsroom: Account, marloes: Person, visit: Visit) -> None:
    formula = '=HYPERLINK("https://evil.example")'
    file = SimpleUploadedFile("plan.csv", (HEAD + f"2026-12-22;;{formula};;;;\n").encode())
    browser = visit(marloes)
    page = browser.post("/calendar/list/bring-in/", {"file": file}, follow=True).content.decode()
    assert "1 new place." in page
    draft = ImportDraft.objects.get()
    browser.post(f"/calendar/list/{draft.pk}/")
    assert Slot.objects.get().title == formula
    out = b"".join(browser.get("/calendar/list/csv/").streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK" in out
    assert actions.take_in_plan(by=marloes, draft=read(marloes, out)).outcome["known"] == 1


def test_who_plans_brings_it_in(newsroom: Account, bram: Person, marloes: Person, visit: Visit) -> None:
    assert visit(bram).get("/calendar/list/bring-in/").status_code == 403
    draft = read(marloes, HEAD + "2026-12-22;;Meterkast;;;;\n")
    assert visit(bram).get(f"/calendar/list/{draft.pk}/").status_code in (403, 404)
    with pytest.raises(Forbidden):
        read(bram, HEAD)
    with pytest.raises(Refused):
        read(marloes, "name;e-mail\nBram;bram@reurslag.example\n")


def test_five_hundred_rows_within_ten_seconds(
    newsroom: Account, marloes: Person, bram: Person, django_assert_max_num_queries: Any
) -> None:
    rows = [
        f"2027-{1 + n % 12:02d}-{1 + n % 28:02d};09:00;Kast {n};;bram@reurslag.example;Newsroom;" for n in range(500)
    ]
    begin = stopwatch.process_time()  # a busy machine takes longer by the clock on the wall
    with django_assert_max_num_queries(30):
        draft = read(marloes, HEAD + "\n".join(rows))
        assert len(actions.checked_plan(draft, by=marloes)) == 500
        actions.take_in_plan(by=marloes, draft=draft)
    assert Slot.objects.count() == 500
    assert stopwatch.process_time() - begin < 10
