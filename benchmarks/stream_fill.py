"""A house with millions of mentions, filled by COPY in steps: it goes on where it was, also after it was ended.

Where it is stands in a table of its own, written in the transaction of each step. The indexes are made afterwards."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from benchmarks.inbox import WORDS

LARGE, A_DAY, STEP = 5_000_000, 5_000, 200_000
SOURCES, QUERIES, PEOPLE, TEXTS, RARE, TOPICS = 20, 50, 20_000, 2_000, 40, 6
TABLES = ("listening_mention", "listening_match", "listening_proposal", "listening_about", "listening_count")
LANGUAGES = ["nl"] * 160 + ["en"] * 30 + ["de"] * 9 + ["fr"]
LABELS = [""] * 85 + ["noise"] * 8 + ["aha"] * 5 + ["ohoh"] * 2
PROPOSED = 200_000  # the newest, of which the learner said something

MENTIONS = (
    "COPY listening_mention (id, source_id, external_id, kind, author, handle, text, url, language, in_reply_to, said_at,"
    " stored_at, ours, label, labelled_at, search) FROM STDIN"
)
MATCHES = "COPY listening_match (query_id, mention_id, said_at) FROM STDIN"
ABOUT = "COPY listening_about (mention_id, topic, said_at) FROM STDIN"
PROPOSALS = "COPY listening_proposal (mention_id, label, sure, reasons, alike, made_at) FROM STDIN"
POINTERS = "select conrelid::regclass::text, conname from pg_constraint where contype = 'f' and confrelid::regclass::text = any(%s)"


class Filler:
    """Mentions of a house that hears 5,000 a day, the newest first: number 0 was said a minute before it was begun."""

    def __init__(self) -> None:
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute("create table if not exists bench_state (state jsonb not null)")
            cursor.execute("select state from bench_state")
            row = cursor.fetchone()
            self.state: dict[str, Any] = json.loads(row[0]) if row else self._begun(cursor)
        self.now = datetime.fromisoformat(self.state["now"])
        self.base, self.sources, self.queries = (self.state[name] for name in ("base", "sources", "queries"))
        self.texts, self.vectors = [_text(n) for n in range(TEXTS + 1)], self.state["vectors"]

    def _begun(self, cursor: Any) -> dict[str, Any]:
        """The demo organisation with the sources and the queries; of the big tables no index and no key that points."""
        from django.db import transaction

        from koor.flow.listening.models import Query, Source
        from koor.kernel import clock
        from koor.shell.demo import load

        load.load()
        now = clock.now().replace(microsecond=0) - timedelta(minutes=1)
        made, dated = {"made_at": now, "last_success_at": now}, {"made_at": now, "changed_at": now}
        names = [Source(name=f"Bron {n}", kind="file", **made) for n in range(SOURCES)]
        asked = [Query(name=f"Vraag {n}", expression=f'{WORDS[n % 15]} "nummer {n}"', **dated) for n in range(QUERIES)]
        texts = [_text(n) for n in range(TEXTS + 1)]
        with transaction.atomic():
            state: dict[str, Any] = {"now": now.isoformat(), "base": 100_000_000, "copied": 0, "counted": 0, "spent": 0}
            state["sources"] = [one.pk for one in Source.objects.bulk_create(names)]
            state["queries"] = [one.pk for one in Query.objects.bulk_create(asked)]
            cursor.execute("alter table listening_mention alter column search drop expression")
            cursor.execute("select array_agg(to_tsvector('simple', t)::text) from unnest(%s::text[]) t", [texts])
            state["vectors"] = [one.replace("\\", "\\\\") for one in cursor.fetchone()[0]]
            cursor.execute(POINTERS, [list(TABLES)])
            for table, name in cursor.fetchall():  # millions of rows need not be looked up one by one
                cursor.execute(f'alter table {table} drop constraint "{name}"')
            for table in TABLES:
                cursor.execute(f"alter table {table} disable trigger user")
            state["indexes"] = _without_indexes(cursor)
            cursor.execute("insert into bench_state values (%s)", [json.dumps(state)])
        return state

    def fill(self, size: int, until: float) -> bool:
        """On to `size` mentions, unless it gets later than `until` (of `time.monotonic`). Whether it is filled."""
        from django.db import connection, transaction

        with connection.cursor() as cursor:
            cursor.execute("set maintenance_work_mem = '768MB'")
            cursor.execute("set synchronous_commit = off")
            while (step := self._next(size)) is not None:
                if time.monotonic() > until:
                    return False
                begin = time.monotonic()
                with transaction.atomic():
                    step(cursor)
                    self.state["spent"] += time.monotonic() - begin
                    cursor.execute("update bench_state set state = %s", [json.dumps(self.state)])
            if self.state.get("cleaned") != size:
                cursor.execute("set synchronous_commit = on")
                cursor.execute(
                    "update bench_state set state = state"
                )  # all is on disk now: else no page is seen as clean
                cursor.execute(f"vacuum analyze {', '.join(TABLES)}")
                self.state["cleaned"] = size
                cursor.execute("update bench_state set state = %s", [json.dumps(self.state)])
        return True

    def _next(self, size: int) -> Any:
        copied = self.state["copied"]
        if copied < size:
            return lambda cursor: self._copy(cursor, copied, min(copied + STEP, size))
        if self.state["indexes"]:
            return lambda cursor: cursor.execute(self.state["indexes"].pop(0))
        return self._count if self.state["counted"] != size else None

    def _copy(self, cursor: Any, first: int, size: int) -> None:
        numbers = range(first, size)
        for statement, lines in (
            (MENTIONS, map(self.mention, numbers)),
            (MATCHES, (line for n in numbers for line in self.matches(n))),
            (ABOUT, (f"{self.base - n}\t{self.topic(n)}\t{self.said_at(n).isoformat()}" for n in numbers)),
            (PROPOSALS, map(self.proposal, range(first, min(size, PROPOSED)))),
        ):
            _copy(cursor, statement, lines)
        self.state["copied"] = size

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

    def topic(self, n: int) -> str:
        """Every twentieth is about one of six; of the others none fits."""
        return f"thema {n // 20 % TOPICS}" if n % 20 == 0 else ""

    def proposal(self, n: int) -> str:
        return f'{self.base - n}\tohoh\t0.71\t["koud", "storing"]\t[]\t{self.said_at(n).isoformat()}'

    def _count(self, cursor: Any) -> None:
        """What the database counts as mentions come in, with the days of long ago together as the night leaves them."""
        from koor.flow.listening.actions import counting

        day = counting._PART.replace("5 minutes", "1 day")
        folded = f"CASE WHEN m.said_at < %s THEN {day} ELSE {counting._PART} END"
        whole = counting._RECOUNT.replace(counting._PART, folded)
        before = datetime.combine((self.now - counting.BY_THE_HOUR).date(), datetime.min.time(), UTC)
        cursor.execute(whole, [before] * whole.count("%s"))
        self.state["counted"] = self.state["copied"]


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
