"""The inbox at a hundred thousand and at a million conversations (`koor bench inbox`), five messages each.

In a house of its own in a folder that is thrown away: filled to the smaller number, kept as it is in a database beside it, and
filled on to the larger one. What is open stays the same (2,000): more history must not make the inbox slower. Whole requests
inside one process, signed in, asked of the small and of the large house in turn: the ratio is the median over the rounds of the
one beside the other, so that other work on the machine falls on both. Beside each page its own statements asked by the driver
alone; beside the inbox also one statement of plain SQL that fetches what it shows."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from benchmarks.house import own_house

SMALL, LARGE, ROUNDS = 100_000, 1_000_000, 25
OPEN, SNOOZED, PEOPLE_EACH, MESSAGES = 2_000, 500, 4, 5
MOST_RATIO, MOST_QUERIES = 1.2, 15
TABLES = ("contacts_contact", "conversations_conversation", "conversations_message")

# What differs from the template row, with g as the number of the row; the rest is as that row has it.
CONTACTS = {
    "id": "%(base)s + g",
    "name": "(array['Fatma','Els','Ton','Sanne','Koen','Joost','Karin','Gerben','Ilse','Wout'])[1 + g %% 10] || ' '"
    " || (array['Kaya','Wiggers','Mensink','Bouwman','Wissink','Abbink','Olthof'])[1 + g %% 7] || ' ' || g",
}
CONVERSATIONS = {
    "id": "%(base)s + g",
    "contact_id": "%(base)s + 1 + (g::bigint * 7919) %% %(contacts)s",
    "state": "case when g <= %(first_open)s then 'done' when g %% 5 = 0 then 'snoozed' else 'open' end",
    "snoozed_until": "case when g > %(first_open)s and g %% 5 = 0 then now() + interval '1 day' end",
    "assignee_id": "case when g <= %(first_open)s or g %% 3 > 0 then (%(people)s::bigint[])[1 + g %% %(heads)s] end",
    "waiting_since": "case when g > %(first_open)s and g %% 4 > 0 then now() - ((%(all)s - g) %% 2000) * interval '1 minute' end",
    "asked": "case when g > %(first_open)s and g %% 4 > 0 then 'Boven blijft het koud, ook met de knop open.' else '' end",
    "last_at": "now() - (%(all)s - g) * (interval '1000 days' / %(all)s)",
    "made_at": "now() - (%(all)s - g) * (interval '1000 days' / %(all)s)",
}
SAID = {
    "id": "%(base)s + g",
    "conversation_id": "%(base)s + 1 + (g - 1) / 5",
    "contact_id": "%(base)s + 1 + ((1 + (g - 1) / 5)::bigint * 7919) %% %(contacts)s",
    "direction": "case when g %% 5 in (2, 4) then 'out' else 'in' end",
    "person_id": "case when g %% 5 in (2, 4) then (%(people)s::bigint[])[1 + g %% %(heads)s] end",
    "waited": "case when g %% 5 in (2, 4) then (g %% 97) * interval '1 minute' end",
    "waits_from": "null",
    "at": "now() - (%(all)s - (g - 1) / 5) * (interval '1000 days' / %(all)s)",
    "stored_at": "now() - (%(all)s - (g - 1) / 5) * (interval '1000 days' / %(all)s)",
    "text": "(%(texts)s::text[])[1 + g %% 200]",
    "search": "(%(vectors)s::tsvector[])[1 + g %% 200]",
}
WORDS = [
    "warmtepomp",
    "zolder",
    "leiding",
    "koud",
    "boven",
    "knop",
    "meterkast",
    "groep",
    "storing",
    "offerte",
    "maandag",
    "ketel",
    "filter",
    "geluid",
    "rekening",
]

POINTERS = """
select conrelid::regclass::text, conname from pg_constraint
where contype = 'f' and (conrelid::regclass::text = any(%s) or confrelid::regclass::text = any(%s))
"""


def measured(small: int, large: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.utils import translation

    from koor.shell.demo import load

    call_command("migrate", verbosity=0, interactive=False)
    load.load()
    translation.activate("nl")
    filler = Filler()
    fill_s = [_filled(filler, small)]
    sides = [_copied()]
    fill_s.append(_filled(filler, large))
    sides.append(connections["default"])
    asks = [_of(side, _pages) for side in sides]
    shown = {page: _told(sides, [ask[page] for ask in asks]) for page in asks[0]}
    plain = [_of(side, _beside_plain_sql) for side in sides]
    sides[0].close()
    many = [told[1] for told in shown.values()]
    return {
        "sizes": [small, large],
        "open": OPEN,
        "fill_s": fill_s,
        "pages": shown,
        "plain_sql": plain,
        "worst_ratio": max(one["ratio"] for one in many),
        "worst_sql_ratio": max(one["sql_ratio"] for one in many),
        "worst_times_sql": round(max(one["ms"] / one["sql_ms"] for one in many), 1),
        "most_queries": max(one["queries"] for told in shown.values() for one in told),
    }


def _filled(filler: Filler, size: int) -> int:
    begin = time.perf_counter()
    filler.fill(size)
    return round(time.perf_counter() - begin)


def _copied() -> Any:
    """The house as it is now in a database of its own; the way to it, to be put in the place of the usual one."""
    usual = connections["default"]
    name, there = usual.settings_dict["NAME"], usual.get_connection_params()
    usual.close()
    keys = ("host", "port", "user", "password")
    with psycopg.connect(dbname="postgres", autocommit=True, **{k: there[k] for k in keys if k in there}) as own:
        own.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(f"{name}_small"), sql.Identifier(name))
        )
    side = usual.copy()
    side.settings_dict["NAME"] = f"{name}_small"
    return side


def _of(side: Any, ask: Callable[[], Any]) -> Any:
    """What is answered on this side."""
    connections["default"] = side
    return ask()


class Filler:
    """Rows like the ones that the house itself makes: of a template row only what differs is told."""

    def __init__(self) -> None:
        from django.db import connection

        from koor.flow.conversations import actions
        from koor.ground.contacts import actions as contacts
        from koor.ground.people.models import Person
        from koor.kernel.access import SYSTEM

        people = list(Person.objects.filter(is_active=True).order_by("pk"))
        contact = contacts.add_contact(by=SYSTEM, name="Els Voorbeeld")
        one = actions.tell_by_hand(by=people[0], contact=contact, channel="telephone", direction="in", text="Dag")
        actions.finish(by=people[0], conversation=one)
        message = one.messages.get()
        self.templates = dict(zip(TABLES, (contact.pk, one.pk, message.pk), strict=True))
        self.done, self.base = 0, 10_000_000
        texts = [" ".join(WORDS[(n * step) % len(WORDS)] for step in range(1, 13)) for n in range(1, 201)]
        self.values = {"people": [p.pk for p in people], "heads": len(people), "base": self.base, "texts": texts}
        with connection.cursor() as cursor:
            cursor.execute("alter table conversations_message alter column search drop expression")
            cursor.execute("select array_agg(to_tsvector('simple', t)::text) from unnest(%s::text[]) t", [texts])
            self.values["vectors"] = cursor.fetchone()[0]
            cursor.execute(POINTERS, [list(TABLES), list(TABLES)])
            for table, name in cursor.fetchall():  # millions of rows need not be looked up one by one
                cursor.execute(f'alter table {table} drop constraint "{name}"')

    def fill(self, size: int) -> None:
        """Up to this number; what is open is always the latest."""
        from django.db import connection

        values = self.values | {"all": size, "contacts": size // PEOPLE_EACH, "first_open": size - OPEN - SNOOZED}
        with connection.cursor() as cursor:
            indexes = self._without_indexes(cursor)
            for table in TABLES:
                cursor.execute(f"delete from {table} where id > %s", [self.base])
            rows = (size // PEOPLE_EACH + 1, size, size * MESSAGES)
            for table, differs, number in zip(TABLES, (CONTACTS, CONVERSATIONS, SAID), rows, strict=True):
                self._insert(cursor, table, differs, number, values)
            cursor.execute("set maintenance_work_mem = '512MB'")
            for made in indexes:
                cursor.execute(made)
            cursor.execute(f"vacuum analyze {', '.join(TABLES)}")

    def _without_indexes(self, cursor: Any) -> list[str]:
        cursor.execute(
            "select indexname, indexdef from pg_indexes where tablename = any(%s) and indexname not like '%%pkey'"
            " and not exists (select from pg_constraint where conname = indexname)",
            [list(TABLES)],
        )
        found = cursor.fetchall()
        for name, _made in found:
            cursor.execute(f'drop index "{name}"')
        return [made for _name, made in found]

    def _insert(self, cursor: Any, table: str, differs: dict[str, str], number: int, values: dict[str, Any]) -> None:
        cursor.execute(
            "select column_name from information_schema.columns where table_name = %s and is_generated = 'NEVER'",
            [table],
        )
        columns = [row[0] for row in cursor.fetchall()]
        told = ", ".join(differs.get(column, f't."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        template = self.templates[table]
        cursor.execute(
            f"insert into {table} ({names}) select {told}"
            f" from generate_series(1, {number}) g, (select * from {table} where id = {template}) t",
            values,
        )


def _pages() -> dict[str, Callable[[], Any]]:
    """How each page is asked for, by name."""
    from django.test import Client

    from koor.flow.conversations.models import Conversation
    from koor.ground.people.models import Person

    curator, colleague = Client(), Client()
    curator.force_login(Person.objects.get(name__startswith="Marloes "))
    bram = Person.objects.get(name__startswith="Bram ")
    colleague.force_login(bram)
    waits = Conversation.objects.filter(state="open", waiting_since__isnull=False)
    one, own = waits.order_by("-pk")[0].pk, waits.filter(assignee=bram).order_by("-pk")[0].pk
    groups = ("?group=mine", "?group=theirs", "?group=unsure", "?group=calm", "?state=snoozed", "?state=done")
    found = {f"inbox {query}".strip(): _get(curator, f"/inbox/{query}") for query in ("", *groups)}
    found["inbox, one open"] = _get(curator, f"/inbox/{one}/")
    found["talk"] = _get(colleague, "/talk/")
    found["talk, one open"] = _get(colleague, f"/talk/{own}/")
    found["is there news?"] = lambda: curator.post("/talk/live/", {"of": one, "look": "1"})
    return found


def _get(visitor: Any, path: str) -> Callable[[], Any]:
    return lambda: visitor.get(path, headers={"accept-language": "nl"})


def _beside_plain_sql() -> dict[str, Any]:
    """The data of the inbox, by the house and by one statement, in turn."""
    from benchmarks import raw
    from koor.ground.people.models import Person

    pair = raw.inbox(Person.objects.get(name__startswith="Marloes "))
    plain, ours, times = _in_turn(pair.raw, pair.by_the_house)
    return {"plain_sql_ms": plain, "by_the_house_ms": ours, "times": times, "same": pair.same()}


def _in_turn(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[float, float, float]:
    """The median of each in milliseconds, and of the second beside the first; the first round warms up."""
    spent: list[tuple[float, float]] = []
    for number in range(ROUNDS + 1):
        if number % 2:
            one, other = _once(first), _once(second)
        else:
            other, one = _once(second), _once(first)
        spent.append((one, other))
    ones, others = zip(*spent[1:], strict=True)
    ratio = median(other / one for one, other in spent[1:])
    return round(median(ones), 1), round(median(others), 1), round(ratio, 2)


def _once(ask: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    ask()
    return (time.perf_counter() - begin) * 1000


def _told(sides: Sequence[Any], asks: Sequence[Callable[[], Any]]) -> list[dict[str, Any]]:
    """One page on both sides: milliseconds, those of its statements alone, how many, and which is the slowest."""
    from benchmarks import raw

    noted = []
    for side, ask in zip(sides, asks, strict=True):
        connections["default"] = side
        with raw.noted() as statements:
            answer = ask()
        assert answer.status_code == 200, answer.status_code
        noted.append(statements)
    reads = [[one for one in found if raw.is_read(one[0])] for found in noted]
    few, many, ratio = _in_turn(*(partial(_of, side, ask) for side, ask in zip(sides, asks, strict=True)))
    alone = [partial(_of, side, partial(raw.replayed, found)) for side, found in zip(sides, reads, strict=True)]
    few_sql, many_sql, sql_ratio = _in_turn(*alone)
    connections["default"] = sides[1]
    return [
        {"ms": few, "sql_ms": few_sql, "queries": len(noted[0])},
        {"ms": many, "sql_ms": many_sql, "queries": len(noted[1]), "ratio": ratio, "sql_ratio": sql_ratio}
        | {"slowest": _slowest(reads[1])},
    ]


def _slowest(reads: list[tuple[str, Any]]) -> dict[str, Any]:
    """The statement that takes longest, so that one sees where to look."""
    from benchmarks import raw

    timed = [(min(_once(partial(raw.replayed, [one])) for _n in range(3)), one[0]) for one in reads]
    spent, said = max(timed, key=lambda one: one[0], default=(0.0, ""))
    return {"ms": round(spent, 1), "sql": " ".join(said.split())[:400]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--large", type=int, default=LARGE)
    args = parser.parse_args()
    with own_house():
        found = measured(args.small, args.large)
    from koor.shell.command_line.bench_inbox import words

    print(json.dumps(found) if args.json else words(found))


if __name__ == "__main__":
    main()
