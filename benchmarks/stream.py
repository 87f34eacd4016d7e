"""The stream of mentions at a million and at five million (`koor bench stream`).

In a house of its own in a folder that is thrown away: filled to the smaller number and measured, filled on to the larger one
(older mentions, at the same 5,000 a day) and measured again. More history must not make the stream slower. Whole requests
inside one process, signed in; the lowest of the rounds, for other work on the machine only ever adds. Beside each page its own
statements asked by the driver alone. Everything is filled by COPY, without the indexes, which are made afterwards."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from benchmarks.house import own_house
from benchmarks.inbox import WORDS

SMALL, LARGE, A_DAY = 1_000_000, 5_000_000, 5_000
ROUNDS = 9
SOURCES, QUERIES, PEOPLE, TEXTS, RARE = 20, 50, 20_000, 2_000, 40
TABLES = ("listening_mention", "listening_match", "listening_proposal", "listening_count")
LANGUAGES = ["nl"] * 160 + ["en"] * 30 + ["de"] * 9 + ["fr"]
LABELS = [""] * 85 + ["noise"] * 8 + ["aha"] * 5 + ["ohoh"] * 2
PROPOSED = 200_000  # the newest, of which the learner said something

MENTIONS = (
    "COPY listening_mention (id, source_id, external_id, kind, author, handle, text, url, language, in_reply_to, said_at,"
    " stored_at, ours, label, labelled_at, search) FROM STDIN"
)
MATCHES = "COPY listening_match (query_id, mention_id, said_at) FROM STDIN"
PROPOSALS = "COPY listening_proposal (mention_id, label, sure, reasons, alike, made_at) FROM STDIN"
POINTERS = "select conrelid::regclass::text, conname from pg_constraint where contype = 'f' and confrelid::regclass::text = any(%s)"


def measured(small: int, large: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.utils import translation

    from koor.shell.demo import load

    call_command("migrate", verbosity=0, interactive=False)
    load.load()
    translation.activate("nl")
    filler = Filler(large)
    found: dict[str, Any] = {"sizes": [small, large], "pages": {}, "fill_s": []}
    for first, size in ((0, small), (small, large)):
        begin = time.perf_counter()
        filler.fill(first, size)
        found["fill_s"].append(round(time.perf_counter() - begin))
        for page, told in filler.pages().items():
            found["pages"].setdefault(page, []).append(told)
    found["worst_ratio"] = round(max(told[1]["ms"] / told[0]["ms"] for told in found["pages"].values()), 2)
    found["worst_times_sql"] = round(max(told[1]["ms"] / told[1]["sql_ms"] for told in found["pages"].values()), 1)
    found["most_queries"] = max(one["queries"] for told in found["pages"].values() for one in told)
    return found


class Filler:
    """Mentions of a house that hears 5,000 a day, the newest first: number 0 was said a minute ago."""

    def __init__(self, large: int) -> None:
        from django.db import connection

        from koor.flow.listening.models import Query, Source
        from koor.kernel import clock

        self.now = clock.now().replace(microsecond=0) - timedelta(minutes=1)
        self.base = 10_000_000 + large
        made = {"made_at": self.now, "last_success_at": self.now}
        names = [Source(name=f"Bron {n}", kind="file", **made) for n in range(SOURCES)]
        self.sources = [one.pk for one in Source.objects.bulk_create(names)]
        dated = {"made_at": self.now, "changed_at": self.now}
        asked = [Query(name=f"Vraag {n}", expression=f'{WORDS[n % 15]} "nummer {n}"', **dated) for n in range(QUERIES)]
        self.queries = [one.pk for one in Query.objects.bulk_create(asked)]
        self.texts = [_text(n) for n in range(TEXTS + 1)]
        with connection.cursor() as cursor:
            cursor.execute("alter table listening_mention alter column search drop expression")
            cursor.execute("select array_agg(to_tsvector('simple', t)::text) from unnest(%s::text[]) t", [self.texts])
            self.vectors = [one.replace("\\", "\\\\") for one in cursor.fetchone()[0]]
            cursor.execute(POINTERS, [list(TABLES)])
            for table, name in cursor.fetchall():  # millions of rows need not be looked up one by one
                cursor.execute(f'alter table {table} drop constraint "{name}"')

    def fill(self, first: int, size: int) -> None:
        """On from `first` mentions to `size` of them."""
        from django.db import connection

        with connection.cursor() as cursor:
            indexes = _without_indexes(cursor)
            for table in TABLES:
                cursor.execute(f"alter table {table} disable trigger user")
            for statement, lines in (
                (MENTIONS, map(self.mention, range(first, size))),
                (MATCHES, (line for n in range(first, size) for line in self.matches(n))),
                (PROPOSALS, map(self.proposal, range(first, min(size, PROPOSED)))),
            ):
                _copy(cursor, statement, lines)
            cursor.execute("set maintenance_work_mem = '512MB'")
            for made in indexes:
                cursor.execute(made)
            self.count(cursor)
            cursor.execute("select tablename from pg_tables where tablename = any(%s)", [list(TABLES)])
            cursor.execute(f"vacuum analyze {', '.join(row[0] for row in cursor.fetchall())}")

    def said_at(self, n: int) -> datetime:
        return self.now - timedelta(seconds=n * 86_400 // A_DAY)

    def mention(self, n: int) -> str:
        mixed = n * 2_654_435_761 % 4_294_967_296  # so that nothing goes in step
        text = TEXTS if n % (LARGE // RARE) == 77 else mixed % TEXTS
        at, who = self.said_at(n).isoformat(), (mixed >> 8) % PEOPLE if n % 50 else 0
        label = LABELS[(mixed >> 4) % 100]
        source = self.sources[(mixed >> 6) % SOURCES]
        ours = "t" if n % 1_000 == 500 else "f"
        parts = [self.base - n, source, f"x{n}", "mention", f"Stem {who}", f"stem{who}@x.example", self.texts[text], ""]
        parts += [LANGUAGES[(mixed >> 5) % 200], "", at, at, ours, label, at if label else r"\N", self.vectors[text]]
        return "\t".join(map(str, parts))

    def matches(self, n: int) -> Iterator[str]:
        """One query meets one of ten, the others each one of a hundred."""
        if n % 10 == 0:
            yield f"{self.queries[0]}\t{self.base - n}\t{self.said_at(n).isoformat()}"
        if (other := n * 40_503 % 100) < QUERIES and other:
            yield f"{self.queries[other]}\t{self.base - n}\t{self.said_at(n).isoformat()}"

    def proposal(self, n: int) -> str:
        return f'{self.base - n}\tohoh\t0.71\t["koud", "storing"]\t[]\t{self.said_at(n).isoformat()}'

    def count(self, cursor: Any) -> None:
        """What the database counts as mentions come in, with the days of long ago together as the night leaves them."""
        from koor.flow.listening.actions import counting

        day = counting._PART.replace("5 minutes", "1 day")
        folded = f"CASE WHEN m.said_at < %s THEN {day} ELSE {counting._PART} END"
        whole = counting._RECOUNT.replace(counting._PART, folded)
        before = datetime.combine((self.now - counting.BY_THE_HOUR).date(), datetime.min.time(), UTC)
        cursor.execute(whole, [before] * whole.count("%s"))

    def pages(self) -> dict[str, dict[str, Any]]:
        """Each page by name: the milliseconds and how often it asks the database."""
        from django.test import Client

        from koor.ground.people.models import Person

        curator = Client()
        curator.force_login(Person.objects.get(name__startswith="Marloes "))
        return {name: _timed(_get(curator, address)) for name, address in self.addresses().items()}

    def addresses(self) -> dict[str, str]:
        big, small = self.queries[:2]
        back = f"{int(self.said_at(12_345).timestamp() * 1_000_000)}-{self.base - 12_345}"
        asked = {
            "everything": "",
            "label: oh-oh": "label=ohoh",
            "label: to look at": "label=open",
            "a query, 10 in 100": f"query={big}",
            "a query, 1 in 100": f"query={small}",
            "a query, oh-oh": f"query={big}&label=ohoh",
            "a source": f"source={self.sources[3]}",
            "a source, noise": f"source={self.sources[3]}&label=noise",
            "language, most": "language=nl",
            "language, few": "language=fr",
            "a person, 1 in 50": "who=stem0@x.example",
            "a person": "who=stem77@x.example",
            "a word, in many": f"q={WORDS[0]}",
            "a word, 1 in 2,000": "q=nummer1234",
            "a word, rare": "q=zeldzaam",
            "a query and a word": f"query={small}&q={WORDS[3]}",
            "further back": f"before={back}",
        }
        return {name: f"/listen/?{query}" for name, query in asked.items()} | {
            "sources": "/listen/sources/",
            "queries": "/listen/queries/",
        }


def _text(n: int) -> str:
    """Twelve words; number `TEXTS` says one that nothing else says."""
    said = [WORDS[(n * step + step) % len(WORDS)] for step in range(1, 11)]
    return " ".join([*said, "zeldzaam" if n == TEXTS else f"nummer{n}"])


def _copy(cursor: Any, statement: str, lines: Iterable[str]) -> None:
    lines = iter(lines)
    with cursor.cursor.copy(statement) as copy:
        while block := list(islice(lines, 5_000)):
            copy.write("\n".join(block) + "\n")


def _without_indexes(cursor: Any) -> list[str]:
    cursor.execute(
        "select indexname, indexdef, tablename, conname from pg_indexes left join pg_constraint on conname = indexname"
        " and contype = 'u' where tablename = any(%s) and indexname not like '%%pkey'",
        [list(TABLES)],
    )
    made = []
    for name, definition, table, unique in cursor.fetchall():
        cursor.execute(f'alter table {table} drop constraint "{name}"' if unique else f'drop index "{name}"')
        made.append(definition)
    return made


def _fastest(ask: Callable[[], Any]) -> float:
    """The lowest of the rounds, in milliseconds; the first warms up."""
    spent = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begin) * 1000)
    return min(spent[1:])


def _timed(ask: Callable[[], Any]) -> dict[str, Any]:
    """A page, and its own statements asked by the driver alone."""
    from benchmarks import raw

    def once() -> None:
        assert ask().status_code == 200

    spent = _fastest(once)
    with raw.noted() as statements:
        once()
    reads = [one for one in statements if raw.is_read(one[0])]
    each = [(_fastest(partial(raw.replayed, [one])), one[0]) for one in reads]
    slow, sql = max(each, key=lambda one: one[0])
    return {
        "ms": round(spent, 1),
        "sql_ms": round(sum(one for one, _sql in each), 1),
        "queries": len(statements),
        "slowest": {"ms": round(slow, 1), "sql": " ".join(sql.split())[:600]},
    }


def _get(visitor: Any, path: str) -> Callable[[], Any]:
    return lambda: visitor.get(path, headers={"accept-language": "nl"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--large", type=int, default=LARGE)
    args = parser.parse_args()
    with own_house():
        found = measured(args.small, args.large)
    from koor.shell.command_line.bench_stream import words

    print(json.dumps(found) if args.json else words(found))


if __name__ == "__main__":
    main()
