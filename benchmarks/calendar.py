"""The figures of the calendar (`koor bench calendar`): a month with 5,000 posts, 10,000 agreements, 500 rows by CSV.

In a house of its own in a folder that is thrown away. Prints a table, or with `--json` the figures."""

from __future__ import annotations

import argparse
import json
import time
from datetime import timedelta
from statistics import median
from typing import Any

from benchmarks.house import own_house

POSTS, AGREEMENTS, ROWS, ROUNDS = 5_000, 10_000, 500, 7
MONTH_MS, MOST_QUERIES, CSV_SECONDS = 300, 15, 10


def measured() -> dict[str, Any]:
    from django.core.management import call_command
    from django.utils import translation

    from koor.shell.demo import load

    call_command("migrate", verbosity=0, interactive=False)
    load.load()
    translation.activate("nl")
    goals = {"posts": POSTS, "ms": MONTH_MS, "queries": MOST_QUERIES, "csv_s": CSV_SECONDS}
    return {"goals": goals, "pages": pages(), "csv": by_csv(), "rolling": rolling()}


def pages() -> list[dict[str, Any]]:
    """Whole requests inside one process, signed in as the curator, with the month full."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from koor.ground.people.models import Person

    fill_month()
    visitor = Client()
    visitor.force_login(Person.objects.get(name__startswith="Marloes"))
    found = []
    for path in ("/calendar/", "/calendar/week/", "/calendar/list/", "/calendar/ahead/", "/calendar/christmas/"):
        spent = []
        for _round in range(ROUNDS):
            begin = time.perf_counter()
            answer = visitor.get(path, headers={"accept-language": "nl"})
            spent.append((time.perf_counter() - begin) * 1000)
        with CaptureQueriesContext(connection) as asked:
            visitor.get(path)
        assert answer.status_code == 200, path
        size = len(answer.content)
        found.append({"page": path, "ms": round(median(spent[1:]), 1), "queries": len(asked), "bytes": size})
    return found


def fill_month() -> None:
    """The month of today gets its posts, spread over its days, colleagues and channels."""
    from koor.flow.calendar.models import Slot
    from koor.ground.channels.models import Account
    from koor.ground.people.models import Person
    from koor.ground.people.queries import today

    first = today().replace(day=1)
    people, accounts = list(Person.objects.filter(is_active=True)), list(Account.objects.all())
    Slot.objects.bulk_create(
        [
            Slot(
                day=first + timedelta(days=n % 28), title=f"Kast {n} in Borculo", person=people[n % len(people)],
                account=accounts[n % len(accounts)], filled=n % 3 > 0,
            )
            for n in range(POSTS)
        ],
        batch_size=1000,
    )  # fmt: skip


def by_csv() -> dict[str, Any]:
    """Read, preview and take in."""
    from koor.flow.calendar import actions
    from koor.ground.people.models import Person
    from koor.ground.people.queries import today

    curator = Person.objects.get(name__startswith="Marloes")
    rows = [f"{today() + timedelta(days=200 + n % 90)};09:00;Rij {n};;{curator.email};" for n in range(ROWS)]
    data = ("dag;tijd;wat;soort;wie;waar\n" + "\n".join(rows)).encode()
    begin = time.perf_counter()
    draft = actions.read_plan(by=curator, name="plan.csv", data=data)
    actions.checked_plan(draft, by=curator)
    preview = time.perf_counter() - begin
    draft = actions.take_in_plan(by=curator, draft=draft)
    return {"rows": ROWS, "preview_s": round(preview, 2), "all_s": round(time.perf_counter() - begin, 2)}


def rolling() -> dict[str, Any]:
    """Eight weeks ahead of ten thousand agreements, and again when nothing is new."""
    from koor.flow.calendar import actions
    from koor.flow.calendar.models import Agreement
    from koor.ground.people.models import Person
    from koor.ground.people.queries import today
    from koor.kernel import clock

    people = list(Person.objects.filter(is_active=True))
    Agreement.objects.bulk_create(
        [
            Agreement(
                person=people[n % len(people)], content="work", about=f"Afspraak {n}", weekday=n % 7, state="agreed",
                first_day=today(), made_at=clock.now(),
            )
            for n in range(AGREEMENTS)
        ],
        batch_size=1000,
    )  # fmt: skip
    begin = time.perf_counter()
    made = actions.roll_all()
    first = time.perf_counter() - begin
    begin = time.perf_counter()
    again = actions.roll_all()
    return {
        "agreements": AGREEMENTS, "slots": made, "first_s": round(first, 1), "again": again,
        "again_s": round(time.perf_counter() - begin, 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with own_house():
        found = measured()
    from koor.shell.command_line.bench_calendar import words

    print(json.dumps(found) if args.json else words(found))


if __name__ == "__main__":
    main()
