"""A year of conversations of an installation company, made up, for `koor route evaluate`.

    python -m benchmarks.route_year --seed 1 --lines kept > /tmp/year.jsonl
    koor route evaluate /tmp/year.jsonl

What somebody needs is drawn first (by season), then who may answer it, and only then words for it: the router sees the words
and what the house knows, never what was drawn. `--lines` takes the half of the phrases on which the router was mended
(`mended`), the half that was kept apart (`kept`) or `all`."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.route_words import AFTER, BEFORE, BY_THE_WAY, NAMED, NEEDS

SUBJECTS = {  # what a discipline does; each colleague declares some of it in own words
    "Warmte": ("heat", ("warmtepompen", "vloerverwarming", "cv-ketels", "verwarming", "heat pumps")),
    "Lucht": ("air", ("ventilatie", "wtw", "luchtkwaliteit", "filters")),
    "Elektra": ("power", ("meterkasten", "laadpalen", "elektra", "groepenkasten")),
    "Zon": ("sun", ("zonnepanelen", "omvormers", "thuisbatterijen")),
    "Water": ("water", ("sanitair", "badkamers", "riolering", "afvoeren", "kranen")),
    "Storingsdienst": ("breakdown", ("storingen", "spoed")),
    "Planning": ("planning", ("planning", "afspraken")),
    "Administratie": ("money", ("facturen", "betalingen")),
    "Verkoop": ("buying", ("offertes", "advies")),
    "Opleiding": ("people", ("stages", "vacatures", "opleiding")),
}
SIZES = {
    "Warmte": 9,
    "Lucht": 5,
    "Elektra": 6,
    "Zon": 4,
    "Water": 4,
    "Storingsdienst": 4,
    "Planning": 3,
    "Administratie": 2,
}
FIRST = [
    "Aad",
    "Bea",
    "Cor",
    "Dina",
    "Evert",
    "Femke",
    "Gerrit",
    "Hetty",
    "Ilse",
    "Joost",
    "Kees",
    "Lieke",
    "Marco",
    "Nel",
    "Otto",
    "Petra",
    "Quinten",
    "Riet",
    "Sjoerd",
    "Tineke",
    "Umit",
    "Vera",
    "Wout",
    "Xander",
    "Yvon",
    "Zeki",
    "Arend",
    "Berta",
    "Chris",
    "Dorien",
    "Egbert",
    "Fleur",
    "Geert",
    "Hilde",
    "Ivo",
    "Jet",
    "Klaas",
    "Loes",
    "Mees",
    "Nynke",
    "Okan",
    "Paula",
    "Ruben",
    "Saar",
]
LAST = [
    "Aalders",
    "Bos",
    "Cents",
    "Dijk",
    "Eering",
    "Franken",
    "Groot",
    "Heuvel",
    "Ilbrink",
    "Jansen",
    "Klomp",
    "Leusink",
    "Maas",
    "Nijhof",
    "Oonk",
    "Prins",
]
WEIGHTS = {
    "breakdown": 14, "heat": 16, "air": 9, "power": 9, "sun": 8, "water": 9, "planning": 12, "money": 8, "buying": 11,
    "people": 4, "fire": 1, "grey": 5,
}  # fmt: skip
WINTER = {"breakdown": 2.0, "heat": 1.6, "sun": 0.5}
SUMMER = {"sun": 1.8, "heat": 0.5, "breakdown": 0.6}
ACCOUNTS = (("mastodon", "service", 5), ("whatsapp", "service", 5), ("instagram", "work", 2), ("linkedin", "sales", 1))


class Year:
    """One house, its customers and what they write."""

    def __init__(self, seed: int, lines: str, number: int) -> None:
        self.draw, self.lines, self.number = random.Random(seed), lines, number
        self.people = self._people()
        self.by_need = {
            need: [p for p in self.people if p["needs"] == need] for need in {p["needs"] for p in self.people}
        }
        self.customers = [self._customer(n) for n in range(number // 4)]
        self.absences = {one["name"]: self._absence(one) for one in self.people}

    def _people(self) -> list[dict[str, Any]]:
        names = [f"{first} {self.draw.choice(LAST)}" for first in FIRST]
        found = []
        for discipline, (need, skills) in SUBJECTS.items():
            for number in range(SIZES.get(discipline, 3)):
                knows = [skills[number % len(skills)], *self.draw.sample(skills, 2 if len(skills) > 2 else 1)]
                speaks = ["nl", "en"] if self.draw.random() < 0.7 else ["nl"]
                found.append({"name": names.pop(0), "discipline": discipline, "needs": need,
                              "knows": sorted(set(knows)), "speaks": speaks})  # fmt: skip
        found.append({"name": names.pop(0), "discipline": "Communicatie", "needs": "fire", "knows": ["pers"],
                      "speaks": ["nl", "en"], "roles": ["pr"]})  # fmt: skip
        return found

    def _absence(self, one: dict[str, Any]) -> list[tuple[datetime, datetime, str | None]]:
        """Three weeks a year; mostly a colleague of the same discipline stands in."""
        others = [p["name"] for p in self.people if p["needs"] == one["needs"] and p is not one]
        begins = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=self.draw.randrange(355)) for _ in range(3)]
        return [
            (day, day + timedelta(days=7), self.draw.choice(others) if others and self.draw.random() < 0.8 else None)
            for day in begins
        ]

    def _customer(self, number: int) -> dict[str, Any]:
        """Somebody who was a customer already: with a direct line, an acquaintance, or only an earlier answer."""
        needs = [need for need in self.by_need if need != "fire"]
        need = self.draw.choice(needs)
        own = self.draw.choice(self.by_need[need])["name"]
        tie = self.draw.choices(("line", "knows", "before", "none"), (25, 25, 25, 25))[0]
        return {"id": f"c{number}", "tie": tie, "own": own, "need": need, "lang": self._language()}

    def _language(self) -> str:
        return "en" if self.draw.random() < 0.2 else "nl"

    def written(self) -> Iterator[dict[str, Any]]:
        yield {"house": {"language": "nl", "colleagues": [{k: v for k, v in p.items() if k != "needs"} for p in self.people],
                         "responsible": {"sales": {"discipline": "Verkoop"}, "jobs": {"discipline": "Opleiding"}}}}  # fmt: skip
        step = timedelta(days=365) / self.number
        for number in range(self.number):
            yield self._line(number, datetime(2025, 1, 1, 7, tzinfo=UTC) + step * number)

    def _line(self, number: int, at: datetime) -> dict[str, Any]:
        old = self.draw.choice(self.customers) if self.draw.random() < 0.6 else None
        need = self._need(at)
        if old and old["tie"] == "before" and self.draw.random() < 0.7:
            need = old["need"]  # they go on about it
        lang = old["lang"] if old else self._language()
        channel, purpose, _weight = self.draw.choices(ACCOUNTS, [w for *_, w in ACCOUNTS])[0]
        away = {p["name"]: stand for p in self.people for a, b, stand in self.absences[p["name"]] if a <= at < b}
        named = (
            self.draw.choice(self.by_need[need])["name"] if need in self.by_need and self.draw.random() < 0.03 else ""
        )
        line = {"id": number, "at": at.isoformat(), "channel": channel, "purpose": purpose, "language": "",
                "text": self._text(need, lang, named), "away": away,
                "expect": self._right(need, old, named, away), "subject": need, "new": old is None}  # fmt: skip
        if need == "fire":
            line["label"] = "ohoh"
        if old and old["tie"] != "none":
            line[{"line": "direct_line"}.get(old["tie"], old["tie"])] = (
                old["own"] if old["tie"] == "line" else [old["own"]]
            )
        return line

    def _need(self, at: datetime) -> str:
        season = WINTER if at.month in (11, 12, 1, 2) else SUMMER if at.month in (5, 6, 7, 8) else {}
        return self.draw.choices(list(WEIGHTS), [w * season.get(need, 1) for need, w in WEIGHTS.items()])[0]

    def _text(self, need: str, lang: str, named: str) -> str:
        phrases = NEEDS[need][lang]
        halves = {"mended": phrases[::2], "kept": phrases[1::2]}
        text = self.draw.choice(halves.get(self.lines, phrases))
        if self.draw.random() < 0.6:
            text += "?" if need not in ("fire", "grey") else "!"
        if need not in ("fire", "grey") and self.draw.random() < 0.15:
            text = self.draw.choice(BY_THE_WAY[lang]) + text
        start = self.draw.choice(NAMED[lang] if named else BEFORE[lang]).format(first=named.split(" ")[0])
        end = self.draw.choice(AFTER[lang]).format(name=self.draw.choice(LAST))
        return self._typed(start + text + end)

    def _typed(self, text: str) -> str:
        """One letter in a hundred and fifty falls out or changes place."""
        signs = list(text)
        for at in range(1, len(signs) - 1):
            if signs[at].isalpha() and self.draw.random() < 1 / 150:
                signs[at] = "" if self.draw.random() < 0.5 else signs[at + 1]
        return "".join(signs)

    def _right(self, need: str, old: dict[str, Any] | None, named: str, away: dict[str, Any]) -> list[str]:
        """Who may answer: whom they chose or know; else whoever does what they need. Nobody: the curator."""
        if named and (named not in away or away[named]):
            return self._there([named], away)
        if old and old["tie"] in ("line", "knows") and (right := self._there([old["own"]], away)):
            return right
        right = self._there([p["name"] for p in self.by_need.get(need, [])], away)
        if old and old["tie"] == "before" and old["need"] == need:
            right = [*right, *self._there([old["own"]], away)]
        return list(dict.fromkeys(right)) or ["curator"]

    def _there(self, names: list[str], away: dict[str, Any]) -> list[str]:
        """Of these who is there; for who is not, who stands in and is there."""
        found = []
        for name in names:
            if name not in away:
                found.append(name)
            elif away[name] and away[name] not in away:
                found.append(away[name])
        return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", choices=["mended", "kept", "all"], default="all")
    parser.add_argument("--number", type=int, default=6_000, help="conversations in the year")
    parser.add_argument("--json", action="store_true", help="try routing on it at once, and print the figures")
    asked = parser.parse_args()
    if asked.json:
        from koor.flow.conversations.logic import trial

        year = Year(asked.seed, asked.lines, asked.number).written()
        sys.stdout.write(json.dumps(trial.run(json.dumps(line) for line in year)))
        return 0
    for line in Year(asked.seed, asked.lines, asked.number).written():
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
