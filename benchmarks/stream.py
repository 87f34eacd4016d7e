"""The stream of mentions at a million and at five million (`koor bench stream`).

Two houses that both hear 5,000 a day: more mentions are more years, and must not make the stream slower. They are filled by
COPY in steps (`benchmarks.stream_fill`), thrown away afterwards or kept in a folder. Whole requests inside one process, signed
in; the lowest of the rounds, for other work on the machine only ever adds. Beside each page its own statements asked by the
driver alone. What is held against the goals is time of the processor, of this process and of its connection in the database,
which other work on the machine does not lengthen; beside it how long it took by the clock."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.house import endable, own_house
from benchmarks.inbox import WORDS
from koor.shell.command_line.bench import to_its_end

SMALL, LARGE = 1_000_000, 5_000_000
ROUNDS, TURNS = 9, 2


def measured(small: int, large: int, folder: Path, minutes: float) -> dict[str, Any]:
    """Both houses, filled first as far as they are not, and then measured in turns."""
    until = time.monotonic() + minutes * 60
    found: dict[str, Any] = {"sizes": [small, large], "pages": {}, "fill_s": []}
    for size in (small, large):
        told = _one("--fill", size, folder, until)
        if not told["filled"]:
            return {"unfinished": f"{told['copied']:,} of {size:,}, {told['indexes']} indexes to make"}
        found["fill_s"].append(told["spent"])
    for _turn in range(TURNS):
        for place, size in enumerate((small, large)):
            for page, told in _one("--pages", size, folder, until).items():
                each = found["pages"].setdefault(page, [{}, {}])
                each[place] = min(each[place] or told, told, key=lambda one: float(one["ms"]))
    found["worst_ratio"] = round(max(told[1]["ms"] / told[0]["ms"] for told in found["pages"].values()), 2)
    found["worst_times_sql"] = round(
        max(one["ms"] / one["sql_ms"] for told in found["pages"].values() for one in told), 2
    )
    found["most_queries"] = max(one["queries"] for told in found["pages"].values() for one in told)
    return found


def _one(what: str, size: int, folder: Path, until: float) -> dict[str, Any]:
    """One house in a process of its own."""
    left = max(until - time.monotonic(), 0)
    options = [what, "--small", str(size), "--minutes", str(left / 60), "--keep", str(folder / str(size))]
    code, said = to_its_end([sys.executable, "-m", "benchmarks.stream", *options])
    if code:
        raise SystemExit(code)
    told: dict[str, Any] = json.loads(said)
    return told


def filled(size: int, minutes: float) -> dict[str, Any]:
    from benchmarks.stream_fill import Filler

    until = time.monotonic() + minutes * 60
    filler = Filler()
    done, state = filler.fill(size, until), filler.state
    return {"filled": done, "copied": state["copied"], "indexes": len(state["indexes"]), "spent": round(state["spent"])}


def pages() -> dict[str, dict[str, Any]]:
    """Each page by name: the milliseconds and how often it asks the database."""
    from django.test import Client
    from django.utils import translation

    from benchmarks.stream_fill import Filler
    from koor.ground.people.models import Person

    translation.activate("nl")
    curator = Client()
    curator.force_login(Person.objects.get(name__startswith="Marloes "))
    return {name: _timed(_get(curator, address)) for name, address in addresses(Filler()).items()}


def addresses(filler: Any) -> dict[str, str]:
    big, small = filler.queries[:2]
    back = f"{int(filler.said_at(12_345).timestamp() * 1_000_000)}-{filler.base - 12_345}"
    asked = {
        "everything": "",
        "label: oh-oh": "label=ohoh",
        "label: to look at": "label=open",
        "a query, 10 in 100": f"query={big}",
        "a query, 1 in 100": f"query={small}",
        "a query, oh-oh": f"query={big}&label=ohoh",
        "a source": f"source={filler.sources[3]}",
        "a source, noise": f"source={filler.sources[3]}&label=noise",
        "language, most": "language=nl",
        "language, few": "language=fr",
        "a person, 1 in 50": "who=stem0@x.example",
        "a person": "who=stem77@x.example",
        "a person by name": "who=Stem 77",
        "a topic": "topic=thema 3",
        "a word, in many": f"q={WORDS[0]}",
        "a word, 1 in 2,000": "q=nummer1234",
        "a word, rare": "q=zeldzaam",
        "a query and a word": f"query={small}&q={WORDS[3]}",
        "a source and a word": f"source={filler.sources[3]}&q={WORDS[3]}",
        "further back": f"before={back}",
    }
    return {name: f"/listen/?{query}" for name, query in asked.items()} | {
        "sources": "/listen/sources/",
        "queries": "/listen/queries/",
    }


def _fastest(ask: Callable[[], Any]) -> tuple[float, float]:
    """The lowest of the rounds, in milliseconds of the processor and by the clock; the first warms up."""
    spent = []
    for _round in range(ROUNDS):
        begin, cpu = time.perf_counter(), _processor()
        ask()
        spent.append((_processor() - cpu, (time.perf_counter() - begin) * 1000))
    return min(cpu for cpu, _clock in spent[1:]), min(clock for _cpu, clock in spent[1:])


def _processor() -> float:
    """What this process and its connection in the database have used until now, in milliseconds."""
    from django.db import connection

    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return (time.process_time_ns() + int(told.split()[0])) / 1e6


def _timed(ask: Callable[[], Any]) -> dict[str, Any]:
    """A page, and its own statements asked by the driver alone."""
    from benchmarks import raw

    def once() -> None:
        assert ask().status_code == 200

    spent, clock = _fastest(once)
    with raw.noted() as statements:
        once()
    reads = [one for one in statements if raw.is_read(one[0])]
    alone = _fastest(partial(raw.replayed, reads))[0]
    slow, sql = max(((_fastest(partial(raw.replayed, [one]))[0], one[0]) for one in reads), key=lambda one: one[0])
    return {
        "ms": round(spent, 1),
        "clock_ms": round(clock, 1),
        "sql_ms": round(alone, 1),
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
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--pages", action="store_true")
    args = parser.parse_args()
    if args.fill or args.pages:
        with own_house(args.keep):
            print(json.dumps(filled(args.small, args.minutes) if args.fill else pages()))
        return
    made = nullcontext(args.keep) if args.keep else tempfile.TemporaryDirectory(prefix="koor-bench-")
    with endable(), made as folder:
        found = measured(args.small, args.large, Path(folder).resolve(), args.minutes)
    from koor.shell.command_line.bench_stream import words

    print(json.dumps(found) if args.json else words(found))


if __name__ == "__main__":
    main()
