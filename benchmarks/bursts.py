"""How bursts are found: on counts of five brands whose bursts people marked (Numenta's benchmark), and on the beginnings
of real disasters put into quiet streams. The samples stand apart from Koor: `--data FOLDER`.

    koor bench bursts --data FOLDER"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from koor.flow.listening.logic import bursts

GOALS = {"found": 17, "false_a_week": 0.5, "crises": 0.8}
CRISES = 40  # times that each is put into a quiet stream
WEEK = 7 * bursts.DAY
Window = tuple[float, float]


def watched(
    parts: np.ndarray, judge: Callable[[int], str], begin: int = bursts.KNOWN, step: int = 6
) -> list[tuple[int, int]]:
    """In which part somebody hears of a burst, and how many more there were at its end than that took; `judge` says what that person made of it. What is usual is
    worked out anew each half hour, which the house does each time."""
    hours = np.concatenate([np.zeros(bursts.WINDOW - 1), bursts.windows(parts)])
    told: list[tuple[int, int]] = []
    rows: list[dict[str, Any]] = []
    usual = 0.0
    for now in range(begin, len(parts)):
        seen = [_seen(row, now) for row in reversed(rows) if now - row["told"] <= bursts.PAST]
        if now == begin or now % step == 0:
            usual = bursts.usual(parts[max(0, now - bursts.PAST) : now + 1], seen)
        posts = float(hours[now])
        _follow(rows, now, posts, usual)
        need = bursts.needed(usual, now, seen)
        if posts >= bursts.POSTS and bursts.is_told(posts, need, [_seen(row, now) for row in reversed(rows)]):
            told.append((now, int(posts - max(bursts.POSTS, np.floor(need) + 1))))
            _tell(rows, now, posts, judge(now))
    return told


def _follow(rows: list[dict[str, Any]], now: int, posts: float, usual: float) -> None:
    if rows and rows[-1]["ended"] is None:
        rows[-1]["top"] = max(rows[-1]["top"], posts)
        if bursts.is_over(posts, usual):
            rows[-1]["ended"] = now


def _tell(rows: list[dict[str, Any]], now: int, posts: float, answer: str) -> None:
    if rows and rows[-1]["ended"] is None:
        kept = rows[-1]["answer"] if rows[-1]["answer"] == "confirmed" else answer
        rows[-1].update(told=now, posts=posts, answer=kept)
    else:
        rows.append({"told": now, "posts": posts, "top": posts, "began": now, "ended": None, "answer": answer})


def _seen(row: dict[str, Any], now: int) -> bursts.Seen:
    ended = None if row["ended"] is None else now - row["ended"]
    began = now - row["began"]  # judged as soon as it was told: it was waved away at that height
    return bursts.Seen(now - row["told"], row["posts"], row["top"], began, ended, row["answer"], row["posts"])


# ── Brands ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def brands(folder: Path) -> dict[str, tuple[np.ndarray, list[Window]]]:
    """By brand its counts, and the windows that people marked, in parts of five minutes from the first."""
    marked = json.loads((folder / "nab_windows_dev.json").read_text())
    rows: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
    with gzip.open(folder / "nab_brand_volume_dev.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            rows[row["brand"]].append((datetime.fromisoformat(row["timestamp"]), float(row["value"])))
    found = {}
    for brand, counted in rows.items():
        first = counted[0][0]
        windows = [tuple((datetime.fromisoformat(at) - first).total_seconds() / 300 for at in window)
                   for window in marked[brand]["windows"]]  # fmt: skip
        found[brand] = (np.array([number for _at, number in counted]), windows)
    return found


def of_brand(parts: np.ndarray, windows: Sequence[Window]) -> dict[str, Any]:
    def judge(at: int) -> str:
        return "confirmed" if any(begin <= at <= end for begin, end in windows) else "waved"

    told = [at for at, _more in watched(parts, judge)]
    found = sum(any(begin <= at <= end for at in told) for begin, end in windows)
    false = sum(judge(at) == "waved" for at in told)
    return {"windows": len(windows), "found": found, "false": false, "weeks": round(len(parts) / WEEK, 2)}


# ── Disasters ────────────────────────────────────────────────────────────────────────────────────────────────────────


def crises(folder: Path) -> dict[str, list[int]]:
    """By disaster the seconds after it happened at which a sample of one in a hundred posts were written."""
    found: dict[str, list[int]] = defaultdict(list)
    with gzip.open(folder / "crisis_timelines_dev.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            found[row["event"]].append(int(row["seconds_after_onset"]))
    return found


def quiet(kind: str, volume: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Sixteen days of oh-ohs where nothing burns: about twelve a day, evenly (`even`), or as a brand's own days and
    nights go, thinned to that with its marked windows in it (`thinned`)."""
    length, mean = 16 * bursts.DAY, 12 / bursts.DAY
    if kind == "even":
        return rng.poisson(mean, length).astype(float)
    begin = int(rng.integers(0, len(volume) - length))
    chosen = volume[begin : begin + length]
    return rng.binomial(chosen.astype(int), min(mean / max(chosen.mean(), mean), 1)).astype(float)


def minutes_until_told(seconds: Sequence[int], before: np.ndarray, rng: np.random.Generator) -> float | None:
    """Put one disaster into the fifteenth day of a stream, at any moment, and look when somebody hears of it."""
    onset = int(rng.integers(14 * bursts.DAY, 15 * bursts.DAY)) * 300 + int(rng.integers(0, 300))
    parts = before.copy()
    for second in seconds:
        place = (onset + second) // 300
        if 0 <= place < len(parts):
            parts[place] += 1
    told = watched(parts, lambda _at: "confirmed", onset // 300 - bursts.WINDOW)
    after = [(at, more) for at, more in told if at >= onset // 300]
    if not after:
        return None
    part, more = after[0]
    inside = sorted(onset + second for second in seconds if (onset + second) // 300 == part)
    heard = inside[-1 - more] if more < len(inside) else part * 300  # the post with which there were enough
    return (max(heard, onset) - onset) / 60 + 1  # and a minute on its way


def of_crises(folder: Path, volumes: Sequence[np.ndarray]) -> list[dict[str, Any]]:
    rows = []
    for name, seconds in crises(folder).items():
        for kind in ("even", "thinned"):
            rng = np.random.default_rng(7)
            taken = [
                minutes_until_told(seconds, quiet(kind, volumes[n % len(volumes)], rng), rng) for n in range(CRISES)
            ]
            first = min(second for second in seconds if second >= 0) / 60
            heard = sorted(one for one in taken if one is not None)
            rows.append({"crisis": name, "stream": kind, "of": CRISES, "first_post_minutes": round(first),
                         "median_minutes": round(heard[len(heard) // 2]) if heard else None,
                         "within_an_hour": sum(one <= 60 for one in heard),
                         "within_an_hour_of_first_post": sum(one - first <= 60 for one in heard)})  # fmt: skip
    return rows


def run(folder: Path) -> dict[str, Any]:
    begun = time.process_time()
    known = brands(folder)
    by_brand = {name: of_brand(parts, windows) for name, (parts, windows) in known.items()}
    weeks = sum(row["weeks"] for row in by_brand.values())
    found, false = (sum(row[key] for row in by_brand.values()) for key in ("found", "false"))
    disasters = of_crises(folder, [parts for parts, _windows in known.values()])
    keys = ("within_an_hour", "within_an_hour_of_first_post", "of")
    inside, soon, of = (sum(row[key] for row in disasters) for key in keys)
    total = {"windows": sum(row["windows"] for row in by_brand.values()), "found": found,
             "false_a_week": round(false / weeks, 3), "crises": round(inside / of, 3),
             "crises_from_first_post": round(soon / of, 3)}  # fmt: skip
    return {"brands": by_brand, "crises": disasters, "total": total, "goals": GOALS,
            "cpu_seconds": round(time.process_time() - begun, 1)}  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--data", type=Path, required=True)
    print(json.dumps(run(parser.parse_args().data)))
