"""Told once: what a message tells that is worth keeping. Plain rules on words, in Dutch and English: what they do not
see a colleague writes down. No Django."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import yaml

from koor.kernel.search import apart, fold

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
_TYPE = re.compile(r"(?:[ -](?:[A-Z][\w-]{1,20}|[A-Za-z]{0,6}\d[\w-]{0,12})){0,3}")  # behind the name of a product
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
_NAMED = "|".join((*DAYS, *ENGLISH))
_ORDINAL = "(?:ste|de|e|st|nd|rd|th)"
MONTH = re.compile(  # not "the letter of 3 November"
    rf"(?<!\bvan )(?<!\bof )\b(\d{{1,2}}){_ORDINAL}?\s(?:of\s)?"
    r"(jan|feb|maa|mrt|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)(?:[a-z]{0,7})\b"
)
_NUMERIC = (  # not 24/7, 9-10 o'clock, 2-3 weeks, and no telephone
    r"(?<![\w/-])(?!24/7\b)(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}|\d\d))?"
    r"(?![\w/-]|\s?(?:\d|(?:u|uur|h|hours?|min\w*|dag(?:en)?|days?|keer|times|we(?:ek|ken|eks)|maand(?:en)?|months?|jaar|years?)\b))"
)
_SAID_DATE = re.compile(rf"\b(?:op|on|(?:{_NAMED}){PART})\s\(?{_NUMERIC}")
_DATE = re.compile(_NUMERIC)
_NTH = re.compile(rf"\b({_NAMED}){PART},?(?: (?:de|the))? (\d{{1,2}}){_ORDINAL}\b")  # Thursday the 10th
_AHEAD = {
    "vandaag": 0, "vanochtend": 0, "vanmiddag": 0, "vanavond": 0, "today": 0, "tonight": 0, "overmorgen": 2,
}  # fmt: skip
DAY_AHEAD = "|".join(_AHEAD)
_NUMBERS = {"een": 1, "twee": 2, "drie": 3, "vier": 4, "one": 1, "a": 1, "two": 2, "three": 3, "four": 4}
_WEEKS_ON = re.compile(r"\b(?:over|in) (een|twee|drie|vier|one|a|two|three|four|\d{1,2}) we(?:ek|ken|eks)\b")
_WITHIN = re.compile(
    r"\b(?:binnen|within) (een|twee|drie|one|a|two|three|\d{1,3}) (dag|dagen|day|days|week|weken|weeks)\b"
)
_NEXT_WEEK = re.compile(r"\b(?:volgende week|next week)\b")
_NEAR = 100  # days
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
    r"|\b(?:ik neem|neem ik|(?:we|wij) nemen|nemen (?:we|wij)) (?:\S+ ){0,4}contact\b"
    r"|\b(?:be|get) in touch\b|\bget back to you\b|\bhoren\b.*\bvan (?:me|mij|ons)\b|\bhear\b.*\bfrom (?:me|us)\b"
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
def _products(names: tuple[str, ...]) -> re.Pattern[str]:
    """Names as `_letters` writes a text, the longest first."""
    known = sorted({" +".join(apart(name).split()) for name in names} - {""}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)") if known else re.compile(r"(?!)")


_letter = lru_cache(maxsize=2048)(apart)


def _letters(text: str) -> tuple[str, Sequence[int]]:
    """A text as names are looked for in it, like the voice of the customer does; and where each letter stood."""
    if text.isascii():
        return apart(text), range(len(text) + 1)
    pieces = [_letter(one) for one in text]
    at = [place for place, piece in enumerate(pieces) for _letter_of_it in piece]
    return "".join(pieces), [*at, len(text)]


def _devices(text: str, products: tuple[str, ...]) -> Iterator[str]:
    """What they have, by name and type."""
    letters, at = _letters(text)
    reached = 0
    for found in _products(products).finditer(letters):
        begin, end = at[found.start()], at[found.end() - 1] + 1
        if begin >= reached and (kind := _TYPE.match(text, end)):
            reached = kind.end()
            yield text[begin:reached]


def _facts(text: str, products: tuple[str, ...]) -> Iterator[Found]:
    for found in _PHONE.finditer(text):
        yield Found(FACT, "phone", _short(found.group()))
    for found in _MAIL.finditer(text):
        yield Found(FACT, "mail", _short(found.group().rstrip(".")))
    yield from _places(text)
    for device in _devices(text, products):
        yield Found(FACT, "device", _short(device))
    for subject, pattern in (("code", _CODE), ("year", _YEAR), ("number", _NUMBER)):
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
        when = _SOON.search(folded) or MONTH.search(folded) or _DATE.search(folded)
        if not sentence.endswith("?") and when and DO.search(folded):
            yield Found(PROMISE, "promise", _short(sentence), due_in(folded, day))


def due_in(folded: str, day: date) -> date | None:
    """The day that a sentence promises, when it names one; of a week or a number of days the last."""
    if found := MONTH.search(folded):
        return _on_date(found, day)
    if found := _SAID_DATE.search(folded):
        return _on_numbers(found, day)
    if found := _NTH.search(folded):
        return _on_nth(found, day)
    if named := _on_day(folded, day):
        later = _WEEKS_ON.search(folded)
        return named + timedelta(weeks=int(_NUMBERS.get(later[1], later[1])) if later else 0)
    if soon := _within(folded, day):  # before bare numbers, which may be "2-3 people this week"
        return soon
    found = _DATE.search(folded)
    return _on_numbers(found, day) if found else None


def _on_day(folded: str, day: date) -> date | None:
    """Today, tomorrow, or a day by its name: of this week, else of the next."""
    for word, ahead in _AHEAD.items():
        if re.search(rf"\b{word}\b", folded):
            return day + timedelta(days=ahead)
    monday = day + timedelta(days=7 - day.weekday())
    for names in (DAYS, ENGLISH):
        for number, name in enumerate(names):
            if re.search(rf"\b{name}{PART}\b", folded):
                this_week = number > day.weekday() and not _NEXT_WEEK.search(folded)
                return monday + timedelta(days=number - 7 if this_week else number)
    return day + timedelta(days=1) if re.search(r"\bmorgen|\btomorrow\b", folded) else None


def _within(folded: str, day: date) -> date | None:
    if _NEXT_WEEK.search(folded):
        return day + timedelta(days=11 - day.weekday())
    if found := _WITHIN.search(folded):
        number, unit = found.groups()
        days = int(_NUMBERS.get(number, number)) * (7 if unit.startswith("wee") else 1)
        return day + timedelta(days=days) if days < 100 else None
    friday = day + timedelta(days=max(4 - day.weekday(), 0))
    return friday if re.search(r"\b(?:deze week|eind van de week|this week)\b", folded) else None


def _on_date(found: re.Match[str], day: date) -> date | None:
    number, name = found.groups()
    english = {"mrt": 3, "may": 5, "oct": 10}
    return _the_next(int(number), english.get(name) or _MONTHS.index(name) + 1, day)


def _on_numbers(found: re.Match[str], day: date) -> date | None:
    """3/12, or 3-12-2026: then of that year alone."""
    number, month, year = found.groups()
    one = _the_next(int(number), int(month), day)
    return None if one and year and one.year % 100 != int(year) % 100 else one


def _the_next(number: int, month: int, day: date) -> date | None:
    for year in (day.year, day.year + 1):
        try:
            one = date(year, month, number)
        except ValueError:
            continue  # no such day; in the year after there may be
        if one >= day:
            return one
    return None


def _on_nth(found: re.Match[str], day: date) -> date | None:
    """The first Thursday that is a 10th, when it is near."""
    name, number = found.groups()
    weekday = (DAYS if name in DAYS else ENGLISH).index(name)
    ahead = (day + timedelta(days=days) for days in range(_NEAR))
    return next((one for one in ahead if (one.day, one.weekday()) == (int(number), weekday)), None)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each with the sign that ends it."""
    return (found.group().strip() for found in _SENTENCE.finditer(text))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TOLD else line[: LONGEST_TOLD - 1] + "…"
