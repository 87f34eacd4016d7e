"""What a message costs from the signed door to the inbox (`python -m benchmarks.hearing`): statements and processor time.

In a house of its own: a storm as in `make soak` is delivered, read, and every fact of it heard, all in this process, as fast as it
goes. It prints statements a message and processor a message in the application and in PostgreSQL, for each step, and which
statements are asked most. What other work does on the machine changes little of it."""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import processor
from benchmarks.house import own_house

_PLACES = re.compile(r"\b\d+\b|(%s(, )?)+|'[^']*'")


@dataclass
class Step:
    """One step of the road, as measured."""

    name: str
    statements: Counter[str] = field(default_factory=Counter)
    application: float = 0.0  # seconds of processor
    database: float = 0.0

    def line(self, messages: int) -> str:
        each = 1000 / messages
        number = self.statements.total() / messages
        return f"{self.name:<28}{number:>10.1f}{self.application * each:>12.1f}{self.database * each:>12.1f}"


@contextmanager
def watched(step: Step) -> Iterator[None]:
    """Count what happens inside."""
    from django.db import connection

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        step.statements[_PLACES.sub("?", sql)[:400]] += 1
        return execute(sql, params, many, context)

    spent, theirs = time.process_time(), database_seconds()
    with connection.execute_wrapper(count):
        yield
    step.application += time.process_time() - spent
    step.database += database_seconds() - theirs


def database_seconds() -> float:
    return processor.database(Path(os.environ["KOOR_HOME"]))


def measured(number: int, a_time: int, profile: str) -> list[Step]:
    from django.core.management import call_command
    from django.utils import translation

    from benchmarks.soak import door, storm
    from koor.flow.listening import actions as listening
    from koor.flow.listening.models import Source
    from koor.kernel.access import SYSTEM
    from koor.shell.demo import load

    call_command("migrate", verbosity=0, interactive=False)
    load.load()
    translation.activate("nl")
    _path, account, _curator, _secret = door()
    copies = sorted(storm(number, 1_000, 0).copies)
    source = Source.objects.get(account=account)
    _jobs_done()
    steps = [Step("taken at the door"), Step("read"), Step("heard: MentionStored"), Step("heard: the rest")]
    profiler = cProfile.Profile() if profile else None
    for place in range(0, len(copies), a_time):
        with watched(steps[0]):
            for copy in copies[place : place + a_time]:
                listening.take_delivery(by=SYSTEM, source=source, body=copy.body)
        with watched(steps[1]):
            listening.read_waiting(source.pk)
        _heard(steps, profiler)
    if profiler:
        pstats.Stats(profiler).sort_stats(profile).print_stats(45)
    return steps


def _heard(steps: list[Step], profiler: cProfile.Profile | None) -> None:
    from koor.kernel.events import pass_on_all
    from koor.kernel.models import ToldFact

    while jobs := _jobs_done():
        for facts in jobs:
            first = ToldFact.objects.filter(pk=facts.split(",")[0]).values_list("kind", flat=True).first() or ""
            with watched(steps[2] if first.endswith("MentionStored") else steps[3]):
                if profiler:
                    profiler.enable()
                pass_on_all(facts=facts)
                if profiler:
                    profiler.disable()


def _jobs_done() -> list[str]:
    """The facts of every job that waits to pass them on; the job is gone."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "with gone as (delete from procrastinate_jobs where status = 'todo' returning id, task_name, args)"
            " select args ->> 'facts' from gone where task_name = 'koor:kernel.pass_on_all' or task_name ="
            " 'kernel.pass_on_all' order by id"
        )
        return [row[0] for row in cursor.fetchall()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--a-time", type=int, default=100, help="deliveries that come in before they are read")
    parser.add_argument("--statements", type=int, default=0, help="show so many statements")
    parser.add_argument("--profile", default="", help="cumtime or tottime")
    args = parser.parse_args()
    with own_house():
        steps = measured(args.messages, args.a_time, args.profile)
    print(f"{args.messages} messages        statements   processor ms: application, database")
    whole = Step("together")
    for step in steps:
        print(step.line(args.messages))
        whole.statements += step.statements
        whole.application += step.application
        whole.database += step.database
    print(whole.line(args.messages))
    for sql, times in whole.statements.most_common(args.statements):
        print(f"{times / args.messages:7.2f}  {sql}")


if __name__ == "__main__":
    main()
