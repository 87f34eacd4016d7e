"""Mentions stored in three ways in one run (`koor bench storing`): as Koor does it with many (by COPY), as it does with few
(one statement with arrays), and by Django's `bulk_create`. The same rows, into the same table with its indexes, full text and
counts, each once, and their numbers are known afterwards; each way has a source of its own, and the batches take turns, so
that a busy machine is busy for all. Then the whole way of a batch, from what a connector gives to what can be searched."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from benchmarks.house import own_house
from benchmarks.inbox import WORDS


def entries(first: int, number: int) -> list[Any]:
    """What a connector gives."""
    from koor.ground.channels.contract import Incoming
    from koor.kernel import clock

    now = clock.now()
    return [
        Incoming(
            external_id=f"s{n}",
            kind="mention",
            author=f"Stem {n % 997}",
            handle=f"stem{n % 997}@x.example",
            text=" ".join(WORDS[(n * step + n) % 15] for step in range(1, 14)) + f" nummer{n} {n * 7919 % 100_003}",
            created_at=now - timedelta(seconds=n % 86_400),
            language="nl",
            raw={"id": n},
        )
        for n in range(first, first + number)
    ]


def by_koor(source: Any, batch: Sequence[Any]) -> None:
    from koor.flow.listening.actions import storing
    from koor.kernel import clock

    said = {one.external_id: one for one in reversed(batch)}
    nowhere: dict[str, Any] = dict.fromkeys(said)  # the raw events are stored before
    storing._store_mentions(source, said, set(), nowhere, clock.now())


def by_statement(source: Any, batch: Sequence[Any]) -> None:
    from koor.flow.listening.actions import storing

    few, storing.FEW = storing.FEW, len(batch)
    try:
        by_koor(source, batch)
    finally:
        storing.FEW = few


def by_django(source: Any, batch: Sequence[Any]) -> None:
    from koor.flow.listening.models import Mention
    from koor.kernel import clock

    now = clock.now()
    Mention.objects.bulk_create(
        [
            Mention(source=source, external_id=one.external_id, kind=one.kind, author=one.author, handle=one.handle,
                    text=one.text, url=one.url, language=one.language, in_reply_to=one.in_reply_to,
                    said_at=one.created_at, stored_at=now)
            for one in batch
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    new = Mention.objects.filter(source=source, external_id__in=[one.external_id for one in batch], stored_at=now)
    dict(new.values_list("external_id", "pk"))  # which `ignore_conflicts` does not tell


def measured(number: int, batch: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import transaction

    from koor.flow.listening import actions
    from koor.flow.listening.actions import storing
    from koor.flow.listening.models import Mention, Source
    from koor.ground.people.models import House
    from koor.kernel import clock
    from koor.kernel.access import SYSTEM

    call_command("migrate", verbosity=0, interactive=False)
    import uuid

    House.objects.create(
        pk=1, name="Reurslag", place="Borculo", language="nl", identity=uuid.uuid4(), made_at=clock.now()
    )
    ways: dict[str, Callable[[Any, Sequence[Any]], None]] = {
        "COPY, as Koor does": by_koor,
        "one statement": by_statement,
        "bulk_create": by_django,
    }
    made = {way: Source.objects.create(name=way, kind="file", made_at=clock.now()) for way in [*ways, "the whole way"]}
    spent = dict.fromkeys(made, 0.0)
    for n in range(50):
        actions.add_query(by=SYSTEM, name=f"Vraag {n}", expression=f'{WORDS[n % 15]} AND "nummer{n} {n}"')
    for first in range(0, number, batch):
        given = entries(first, batch)
        for way, store in ways.items():
            begin = time.perf_counter()
            with transaction.atomic():
                store(made[way], given)
            spent[way] += time.perf_counter() - begin
        begin = time.perf_counter()
        with transaction.atomic():
            storing.store_batch(made["the whole way"], given, "jsonl")
        spent["the whole way"] += time.perf_counter() - begin
    rows = {
        way: set(Mention.objects.filter(source=one).values_list("external_id", "text", "author", "said_at", "search"))
        for way, one in made.items()
    }
    same = len({frozenset(found) for found in rows.values()}) == 1 and len(rows["bulk_create"]) == number
    return {"number": number, "batch": batch, "a_second": {way: round(number / s) for way, s in spent.items()},
            "same": same, "seconds_a_batch": round(spent["the whole way"] / (number / batch), 3)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=500)
    args = parser.parse_args()
    with own_house():
        found = measured(args.number, args.batch)
    from koor.shell.command_line.bench_storing import words

    print(json.dumps(found) if args.json else words(found))


if __name__ == "__main__":
    main()
