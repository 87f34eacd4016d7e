"""The inbox at a hundred thousand and at a million conversations (`koor bench inbox`), five messages each.

In a house of its own in a folder that is thrown away: filled to the smaller number and measured, filled on to the larger one
and measured again. What is open stays the same (2,000): more history must not make the inbox slower. Whole requests inside
one process, signed in; the lowest of 25 rounds, for other work on the machine only ever adds. Beside each page its own
statements asked by the driver alone; beside the inbox also one statement of plain SQL that fetches what it shows."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

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
    found: dict[str, Any] = {"sizes": [small, large], "open": OPEN, "pages": {}, "fill_s": [], "plain_sql": []}
    for size in (small, large):
        begin = time.perf_counter()
        filler.fill(size)
        found["fill_s"].append(round(time.perf_counter() - begin))
        for page, told in pages().items():
            found["pages"].setdefault(page, []).append(told)
        found["plain_sql"].append(beside_plain_sql())
    ratios = [told[1]["ms"] / told[0]["ms"] for told in found["pages"].values()]
    found["worst_ratio"] = round(max(ratios), 2)
    sql = [told[1]["sql_ms"] / told[0]["sql_ms"] for told in found["pages"].values()]
    found["worst_sql_ratio"] = round(max(sql), 2)
    found["worst_times_sql"] = round(
        max(one["ms"] / one["sql_ms"] for told in found["pages"].values() for one in told), 1
    )
    found["most_queries"] = max(one["queries"] for told in found["pages"].values() for one in told)
    return found


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


def pages() -> dict[str, dict[str, Any]]:
    """Each page by name: the milliseconds and how often it asks the database."""
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
    found = {f"inbox {query}".strip(): _timed(_get(curator, f"/inbox/{query}")) for query in ("", *groups)}
    found["inbox, one open"] = _timed(_get(curator, f"/inbox/{one}/"))
    found["talk"] = _timed(_get(colleague, "/talk/"))
    found["talk, one open"] = _timed(_get(colleague, f"/talk/{own}/"))
    found["is there news?"] = _timed(lambda: curator.post("/talk/live/", {"of": one, "look": "1"}))
    return found


def beside_plain_sql() -> dict[str, Any]:
    """The data of the inbox, by the house and by one statement."""
    from benchmarks import raw
    from koor.ground.people.models import Person

    pair = raw.inbox(Person.objects.get(name__startswith="Marloes "))
    plain, ours = (round(_fastest(ask), 1) for ask in (pair.raw, pair.by_the_house))
    return {"plain_sql_ms": plain, "by_the_house_ms": ours, "times": round(ours / plain, 1), "same": pair.same()}


def _fastest(ask: Callable[[], Any]) -> float:
    """The lowest of the rounds, in milliseconds; the first warms up."""
    spent = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begin) * 1000)
    return min(spent[1:])


def _get(visitor: Any, path: str) -> Callable[[], Any]:
    return lambda: visitor.get(path, headers={"accept-language": "nl"})


def _timed(ask: Callable[[], Any]) -> dict[str, Any]:
    from benchmarks import raw

    def once() -> None:
        answer = ask()
        assert answer.status_code == 200, answer.status_code

    spent = _fastest(once)
    with raw.noted() as statements:
        once()
    reads = [one for one in statements if one[0].lstrip("( ").upper().startswith(("SELECT", "WITH"))]
    return {
        "ms": round(spent, 1),
        "sql_ms": round(_fastest(lambda: raw.replayed(reads)), 1),
        "queries": len(statements),
        "slowest": _slowest(reads),
    }


def _slowest(reads: list[tuple[str, Any]]) -> dict[str, Any]:
    """The statement that takes longest, so that one sees where to look."""
    from benchmarks import raw

    timed = [(_fastest(partial(raw.replayed, [one])), one[0]) for one in reads]
    spent, sql = max(timed, key=lambda one: one[0], default=(0.0, ""))
    return {"ms": round(spent, 1), "sql": " ".join(sql.split())[:400]}


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
