"""The figures of the main pages, on the demo organisation N times over (`koor bench pages`).

A house of its own in a folder that is thrown away: the real one is never opened. Prints a table, or with `--json` the
figures; keeps nothing. What is counted: every query of a page with its frame, sign-in and numbers beside the navigation;
the time of a whole request inside one process, without the network; script and style as they go over the wire."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from benchmarks.house import own_house

MOST_QUERIES, LIGHT, MOST_RATIO = 15, 60 * 1024, 3.0
SLOTS = 200  # posts in the month of the calendar
ROUNDS = 5
ROUNDS_IN_TURN = 27
LINKED = re.compile(r"""<(?:script|link)[^>]+?(?:src|href)=["']?(/static/[^"'\s>]+\.(?:js|css))""")
IMPORTED = re.compile(r"""(?:import|from)\s*["'](\.{0,2}/[^"']+)["']""")

# url name, who looks, and the row that the page is about (its first one)
PAGES = (
    ("shell:today", "Bram", ""), ("shell:today", "Marloes", ""),
    ("hub:capture", "Bram", ""), ("conversations:talk", "Anneke", ""), ("contacts:people", "Bram", ""), ("people:me", "Bram", ""),
    ("listening:stream", "Marloes", ""), ("listening:queries", "Marloes", ""), ("listening:sources", "Marloes", ""),
    ("conversations:inbox", "Marloes", ""), ("conversations:inbox_one", "Marloes", "conversations.Conversation"),
    ("calendar:month", "Marloes", ""), ("calendar:week", "Marloes", ""),
    ("hub:library", "Marloes", ""), ("hub:item", "Marloes", "hub.Item"), ("hub:ideas", "Marloes", ""),
    ("publishing:posts", "Marloes", ""), ("publishing:compose", "Marloes", ""), ("publishing:post", "Marloes", "publishing.Post"),
    ("people:colleagues", "Marloes", ""), ("contacts:contacts", "Marloes", ""), ("contacts:contact", "Marloes", "contacts.Contact"),
    ("relations:quiet", "Marloes", ""), ("story:page", "Marloes", ""), ("academy:lessons", "Bram", ""),
    ("insight:month", "Marloes", ""), ("insight:picture", "Marloes", ""),
    ("governance:audit", "Marloes", ""), ("shell:search", "Marloes", ""), ("publishing:newsroom", "", ""),
)  # fmt: skip
FIRST_OF = {
    "conversations.Conversation": {"state": "open"},
    "publishing.Post": {"stage": "released", "in_reply_to": ""},
}
FEW = (
    "conversations.Conversation",
    "listening.Mention",
    "publishing.Post",
    "hub.Item",
    "contacts.Project",
    "contacts.Contact",
)


@dataclass
class Figures:
    """What was measured of one page."""

    page: str
    who: str
    one: int = 0  # queries when there is one row of everything
    demo: int = 0  # queries on the demo
    queries: int = 0  # queries on the demo, N times
    milliseconds: float = 0.0
    bytes: int = 0
    misses: str = ""


def say(line: str) -> None:
    sys.stderr.write(f"  {line}\n")


class Bench:
    """One visitor a colleague, and the pages with their addresses."""

    def __init__(self) -> None:
        from django.apps import apps
        from django.test import Client
        from django.urls import NoReverseMatch, reverse

        from koor.ground.people.models import Person

        self.people = {person.name.split()[0]: person for person in Person.objects.filter(is_active=True)}
        self.visitors = {"": Client()}
        for name in {who for _page, who, _row in PAGES if who}:
            self.visitors[name] = Client()
            self.visitors[name].force_login(self.people[name])
        self.pages: list[tuple[Figures, str]] = []
        for page, who, label in PAGES:
            rows = apps.get_model(label)._base_manager.filter(**FIRST_OF.get(label, {})) if label else None
            try:
                address = reverse(page, args=[rows.order_by("pk").values_list("pk", flat=True)[0]] if rows else [])
            except NoReverseMatch:
                continue
            self.pages.append((Figures(page, who), address + ("?q=warmtepomp" if page == "shell:search" else "")))

    def get(self, who: str, address: str) -> Any:
        answer = self.visitors[who].get(address, headers={"accept-language": "nl"}, SERVER_NAME="127.0.0.1")
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code} to {who or 'a stranger'}")
        return answer

    def count(self, into: str) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        for figures, address in self.pages:
            self.get(figures.who, address)  # what a process asks once
            with CaptureQueriesContext(connection) as asked:
                self.get(figures.who, address)
            setattr(figures, into, len(asked))

    def clock(self) -> None:
        for figures, address in self.pages:
            answer = self.get(figures.who, address)
            figures.milliseconds = timed(lambda who=figures.who, at=address: self.get(who, at))
            figures.bytes = over_the_wire(answer.content.decode())

    def count_few(self) -> None:
        """With one row of everything: the rest is deleted, counted without, and put back."""
        from django.apps import apps
        from django.db import transaction

        kept = [address for figures, address in self.pages]
        with transaction.atomic():
            for label in FEW:
                model = apps.get_model(label)
                first = model._base_manager.filter(**FIRST_OF.get(label, {})).order_by("pk")[:1].values("pk")
                doomed = model._base_manager.exclude(pk__in=list(first.values_list("pk", flat=True)))
                if label == "hub.Item":
                    apps.get_model("publishing.PostMedium")._base_manager.all().delete()
                if label == "publishing.Post":
                    apps.get_model("conversations.Message")._base_manager.update(target=None)
                doomed.delete()
            self.count("one")
            transaction.set_rollback(True)
        assert kept == [address for figures, address in self.pages]


def timed(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    """The middle of several times, in milliseconds, after two that warm up. With `time.process_time` only what this
    process works itself, without the database and without what else goes on on the machine."""
    spent = []
    for round_ in range(ROUNDS + 2):
        begin = clock()
        work()
        if round_ > 1:
            spent.append((clock() - begin) * 1000)
    return round(median(spent), 1)


def timed_in_turn(*works: Callable[[], Any]) -> list[float]:
    """As `timed`, of works that are compared: each in its turn, so that a busy moment of the machine meets all."""
    spent: list[list[float]] = [[] for _work in works]
    for _round in range(ROUNDS_IN_TURN):
        for work, times in zip(works, spent, strict=True):
            begin = time.perf_counter()
            work()
            times.append((time.perf_counter() - begin) * 1000)
    return [round(median(times[2:]), 1) for times in spent]


def over_the_wire(page: str) -> int:
    """Bytes of script and style that a first view asks for, with what modules import, each compressed."""
    waiting, seen = LINKED.findall(page), set[str]()
    total = 0
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        content = static_file(path).read_bytes()
        total += len(gzip.compress(content, 6))
        if path.endswith(".js"):
            waiting += [address(path, other) for other in IMPORTED.findall(content.decode())]
    return total


def address(path: str, other: str) -> str:
    return other if other.startswith("/") else os.path.normpath(os.path.join(os.path.dirname(path), other))


def static_file(path: str) -> Path:
    from django.contrib.staticfiles import finders

    found = finders.find(urlsplit(path).path.removeprefix("/static/"))
    if not found:
        raise RuntimeError(f"{path} is no static file of the house")
    return Path(str(found))


def fill_month() -> None:
    """The month of today gets its two hundred posts, spread over its days and colleagues."""
    from koor.flow.calendar.models import Slot
    from koor.ground.channels.models import Account
    from koor.ground.people.models import Person
    from koor.ground.people.queries import today

    first = today().replace(day=1)
    there = Slot.objects.filter(day__year=first.year, day__month=first.month, dropped_at=None).count()
    people, accounts = list(Person.objects.filter(is_active=True)), list(Account.objects.all())
    Slot.objects.bulk_create(
        Slot(
            day=first.replace(day=1 + number % 28),
            title=f"Kast {number} in Borculo",
            person=people[number % len(people)],
            account=accounts[number % len(accounts)],
            filled=number % 3 > 0,
        )
        for number in range(max(0, SLOTS - there))
    )


def beside_raw(bench: Bench) -> Iterator[dict[str, Any]]:
    """The inbox and the month, beside the same data by plain SQL in the same run."""
    from benchmarks import raw
    from koor.ground.people.queries import today

    curator = bench.people["Marloes"]
    pairs = {"conversations:inbox": raw.inbox(curator), "calendar:month": raw.calendar_month(curator, today())}
    for page, pair in pairs.items():
        _figures, at = next(one for one in bench.pages if (one[0].page, one[0].who) == (page, "Marloes"))
        with raw.noted() as statements:
            bench.get("Marloes", at)
        whole, plain, house, all_of_it = timed_in_turn(
            lambda at=at: bench.get("Marloes", at), pair.raw, pair.by_the_house, lambda s=statements: raw.replayed(s)
        )
        yield {
            "page": page,
            "same": pair.same(),
            "statements": len(statements),
            "raw": plain,
            "query": house,
            "all_of_it": all_of_it,
            "whole_page": whole,
            "page_itself": timed(lambda at=at: bench.get("Marloes", at), time.process_time),
            "ratio_query": round(house / plain, 1),
            "ratio_page": round(whole / plain, 1),
            "ratio_all": round(whole / all_of_it, 1),
        }


def judged(figures: Figures) -> Figures:
    found = []
    if max(figures.one, figures.demo, figures.queries) > MOST_QUERIES:
        found.append("queries")
    if figures.queries != figures.demo:
        found.append("grows")
    if figures.bytes > LIGHT:
        found.append("weight")
    figures.misses = ", ".join(found)
    return figures


def measured(times: int) -> dict[str, Any]:
    """Everything, in a house that stands ready and is empty."""
    from django.core.management import call_command
    from django.utils import translation

    from benchmarks.enlarge import enlarge
    from koor.shell.demo import load

    say("a house of its own, with the demo organisation")
    call_command("migrate", verbosity=0, interactive=False)
    load.load()
    fill_month()
    translation.activate("nl")
    bench = Bench()
    bench.count_few()
    bench.count("demo")
    say(f"everything {times} times")
    rows = enlarge(times)
    bench.count("queries")
    bench.clock()
    pages = [asdict(judged(figures)) for figures, _address in bench.pages]
    return {"times": times, "rows": rows, "pages": pages, "beside_raw": list(beside_raw(bench))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with own_house():
        found = measured(args.times)
    from koor.shell.command_line.bench import words

    print(json.dumps(found) if args.json else words(found))


if __name__ == "__main__":
    main()
