"""Told once: what a message tells that is worth keeping. Plain rules on words, in Dutch and English: what they do not
see a colleague writes down. No Django."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import yaml

from koor.kernel.search import fold

LONGEST_TOLD = 300  # characters
MOST_FOUND = 6  # proposals at once

FACT, PROMISE, TRIED = "fact", "promise", "tried"


def _to_the_number(place: str) -> str:
    """A street and its number, whatever place stands behind it."""
    found = re.match(r"\D+\d+\s?[a-fA-F]?\b", place)
    return found.group() if found else place


@dataclass(frozen=True)
class Found:
    """Something that a message tells."""

    kind: str
    subject: str  # phone, mail, address, device, code, year, number, promise, tried
    text: str  # as it is shown
    due: date | None = None  # of a promise

    @property
    def key(self) -> str:
        """The same thing said again, in other spacing or capitals, is one; promised for another day it is another."""
        said = re.sub(r"[\W_]+", "", fold(_to_the_number(self.text) if self.subject == "address" else self.text))
        if self.subject == "phone":
            said = re.sub(r"^(?:0031|31)", "0", said)
        return f"{self.subject}:{said}"[:200] + (f":{self.due}" if self.due else "")


def any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_STREET = (
    r"(?:straat|weg|laan|plein|dijk|hof|pad|kade|singel|gracht|steeg|ring|park|dreef|esch|brink|enk|kamp|allee|markt|"
    r"plantsoen|wal|steg|erf|hoek|baan|akker|veld|street|road|lane|avenue)"
)
_GAP = r"[^\S\n]"  # a house number stands on the line of its street
_PHONE = re.compile(r"(?<![\w/-])(?:\+31|0031|0)[\s-]?(?:\(0\))?(?:\d[\s.-]?){8}\d(?![\w-])")
_MAIL = re.compile(r"[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{2,30}){1,4}")
_ADDRESS = re.compile(
    rf"\b(?:[A-Z][\w’'.-]{{1,30}}{_GAP}){{0,3}}[\w’'-]{{0,30}}{_STREET}{_GAP}{{1,2}}\d{{1,4}}(?:{_GAP}?[a-fA-F]\b)?"
    rf"(?:,?{_GAP}(?:in|te){_GAP}[A-Z][\w’'-]{{2,30}}|,\s?(?:\d{{4}}\s?[A-Z]{{2}}\s)?[A-Z][\w’'-]{{2,30}})?"
)
_LOWER_ADDRESS = re.compile(rf"\b[\w’'-]{{2,30}}{_STREET}{_GAP}{{1,2}}\d{{1,4}}(?:{_GAP}?[a-f]\b)?", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\b(?:\s?\d{1,4}\b)?")
MAKERS: tuple[str, ...] = tuple(yaml.safe_load((Path(__file__).parent / "makers.yaml").read_text()))
_CODE = re.compile(
    r"\b(?:fout|storing|error|foutcode|storingscode|code|melding)(?:s?code)?\s?[:=]?\s?[A-Z]{0,2}[ -]?\d{1,4}\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\b(?:uit|van|sinds|bouwjaar|from|since)\s(?:19[7-9]\d|20[0-4]\d)\b|\b\d{1,2}\sjaar\soud\b", re.IGNORECASE
)
_NUMBER = re.compile(
    r"\b(?:klant|order|offerte|factuur|serie|contract|zaak|customer|invoice|quote)[ -]?(?:nummer|nr\.?|number)?\s?[:#]?"
    r"\s?(?:is\s)?[A-Z]{0,3}[-/]?\d[\d/-]{3,14}\b",
    re.IGNORECASE,
)
ALREADY = (
    r"gereset|geprobeerd|bijgevuld|ontlucht|uitgezet|aangezet|vervangen|verwisseld|doorgespoeld|schoongemaakt|"
    r"gecontroleerd|nagekeken|omgezet|opengedraaid|dichtgedraaid|herstart|gewisseld|losgehaald|gemeten|verzet|"
    r"ingesteld|afgesteld|opengezet|dichtgezet|getest|tried|reset|replaced|restarted|checked|cleaned|refilled"
)
_TRIED = re.compile(rf"\b(?:{ALREADY})\b")
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PART = "(?:ochtend|morgen|middag|avond)?"  # of a day, in one word with it
_MONTHS = ["jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
MONTH = re.compile(  # not "the letter of 3 November"; two numbers are a day only where it says so: 24/7, 9-10 o'clock
    r"(?<!\bvan )(?<!\bof )\b(\d{1,2})\s(jan|feb|maa|mrt|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)(?:[a-z]{0,7})\b|"
    rf"\b(?:op|on|{'|'.join((*DAYS, *ENGLISH))})\s(\d{{1,2}})[-/](\d{{1,2}})\b(?!\s?(?:u|uur|h)\b)"
)
_AHEAD = {
    "vandaag": 0, "vanochtend": 0, "vanmiddag": 0, "vanavond": 0, "today": 0, "tonight": 0, "overmorgen": 2,
}  # fmt: skip
DAY_AHEAD = "|".join(_AHEAD)
_NUMBERS = {"een": 1, "twee": 2, "drie": 3, "one": 1, "a": 1, "two": 2, "three": 3}
_WITHIN = re.compile(
    r"\b(?:binnen|within) (een|twee|drie|one|a|two|three|\d{1,3}) (dag|dagen|day|days|week|weken|weeks)\b"
)
_SOON = any_of(
    rf"\b(?:vandaag|van(?:ochtend|middag|avond)|morgen{PART}|overmorgen|deze week|volgende week)\b",
    r"\b(?:eind van de week|today|tomorrow|this week|next week|tonight)\b",
    r"\b(?:binnen|within) (?:een|twee|drie|one|a|an|two|three|\d+) (?:uur|dag|dagen|week|weken|hours?|days?|weeks?)\b",
    rf"\b(?:{'|'.join((*DAYS, *ENGLISH))}){PART}\b",
)
DO = re.compile(
    r"\b(?:kom|komt|komen|langs|bel|belt|bellen|terug|stuur|stuurt|sturen|mail|mailt|mailen|plaats|plaatsen|plaatst|regel|"
    r"regelen|weten|zorg|zorgen|breng|brengen|brengt|vervang|vervangen|vervangt|kijk|kijken|kijkt|maak|maken|bestel|bestellen|"
    r"meld|zet|zetten|hoort?|hoor je|come|call|send|bring|replace|visit|order|let you know)\b"
)
# Who asks us to say it again, or to pass it on, does not repeat
ASKS_US = re.compile(
    r"^\W*(?:en |maar |dus )?(?:kunt|kun|kan|kunnen|wilt|wil|willen|zou|zouden|mag|could|can|would) (?:u|je|jij|"
    r"jullie|ik|iemand|you)\b"
    r"(?!.*\b(?:toch|al|niet gelezen|terug)\b)"
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def found_in(text: str, *, ours: bool, day: date, products: tuple[str, ...] = MAKERS) -> list[Found]:
    """What a message tells: of theirs facts and what was tried, of ours what was promised. `day`: when it was said;
    `products`: what customers have, by name; what follows such a name is its type."""
    said = text[:4000]
    told = list(_promises(said, day)) if ours else [*_facts(said, products), *_tried(said)]
    return list({one.key: one for one in told}.values())[:MOST_FOUND]


@lru_cache(maxsize=8)
def _device(products: tuple[str, ...]) -> re.Pattern[str]:
    if not products:
        return re.compile(r"(?!)")
    names = "|".join(sorted(map(re.escape, products), key=len, reverse=True))
    return re.compile(rf"\b(?i:{names})(?:[ -](?:[A-Z][\w-]{{1,20}}|[A-Za-z]{{0,6}}\d[\w-]{{0,12}})){{0,3}}")


def _facts(text: str, products: tuple[str, ...]) -> Iterator[Found]:
    for found in _PHONE.finditer(text):
        yield Found(FACT, "phone", _short(found.group()))
    for found in _MAIL.finditer(text):
        yield Found(FACT, "mail", _short(found.group().rstrip(".")))
    yield from _places(text)
    for subject, pattern in (("device", _device(products)), ("code", _CODE), ("year", _YEAR), ("number", _NUMBER)):
        for found in pattern.finditer(text):
            yield Found(FACT, subject, _short(found.group()))


def _places(text: str) -> Iterator[Found]:
    at = [found.group() for found in _ADDRESS.finditer(text)] or [one.group() for one in _LOWER_ADDRESS.finditer(text)]
    if not at:
        at = [found.group() for found in _POSTCODE.finditer(text)]
    for place in at:
        yield Found(FACT, "address", _short(place))


def _tried(text: str) -> Iterator[Found]:
    for sentence in sentences(text):
        folded = fold(sentence)
        if (
            not sentence.endswith("?")
            and _TRIED.search(folded)
            and re.search(r"\b(?:heb|hebben|had|have|already)\b", folded)
        ):
            yield Found(TRIED, "tried", _short(sentence))


def _promises(text: str, day: date) -> Iterator[Found]:
    for sentence in sentences(text):
        folded = fold(sentence)
        when = _SOON.search(folded) or MONTH.search(folded)
        if not sentence.endswith("?") and when and DO.search(folded):
            yield Found(PROMISE, "promise", _short(sentence), due_in(folded, day))


def due_in(folded: str, day: date) -> date | None:
    """The day that a sentence promises, when it names one; of a week or a number of days the last."""
    if found := MONTH.search(folded):
        return _on_date(found, day)
    for word, ahead in _AHEAD.items():
        if re.search(rf"\b{word}\b", folded):
            return day + timedelta(days=ahead)
    next_week = re.search(r"\b(?:volgende week|next week)\b", folded)
    monday = day + timedelta(days=7 - day.weekday())
    for names in (DAYS, ENGLISH):
        for number, name in enumerate(names):
            if re.search(rf"\b{name}{PART}\b", folded):
                return monday + timedelta(
                    days=number if next_week else (number - 7 if number > day.weekday() else number)
                )
    if re.search(r"\bmorgen|\btomorrow\b", folded):
        return day + timedelta(days=1)
    return monday + timedelta(days=4) if next_week else _within(folded, day)


def _within(folded: str, day: date) -> date | None:
    if found := _WITHIN.search(folded):
        number, unit = found.groups()
        days = int(_NUMBERS.get(number, number)) * (7 if unit.startswith("wee") else 1)
        return day + timedelta(days=days) if days < 100 else None
    friday = day + timedelta(days=max(4 - day.weekday(), 0))
    return friday if re.search(r"\b(?:deze week|eind van de week|this week)\b", folded) else None


def _on_date(found: re.Match[str], day: date) -> date | None:
    number, name, numeral, month = found.groups()
    english = {"mrt": 3, "may": 5, "oct": 10}
    at = int(month) if month else english.get(name) or _MONTHS.index(name) + 1
    for year in (day.year, day.year + 1):
        try:
            one = date(year, at, int(number or numeral))
        except ValueError:
            continue  # no such day; in the year after there may be
        if one >= day:
            return one
    return None


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each with the sign that ends it."""
    return (found.group().strip() for found in _SENTENCE.finditer(text))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TOLD else line[: LONGEST_TOLD - 1] + "…"
