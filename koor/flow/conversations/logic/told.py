"""Told once: what a message tells that is worth keeping, what a question asks for, and whether somebody says that they
told it already. Plain rules on words, in Dutch and English: what they do not see a colleague writes down. No Django."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from koor.kernel.search import fold

LONGEST_TOLD = 300  # characters
SHORT = 12  # words of an answer that only says it again
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
        """The same thing said again, in other spacing or capitals, is one."""
        said = re.sub(r"[\W_]+", "", fold(_to_the_number(self.text) if self.subject == "address" else self.text))
        if self.subject == "phone":
            said = re.sub(r"^(?:0031|31)", "0", said)
        return f"{self.subject}:{said}"[:200]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_STREET = (
    r"(?:straat|weg|laan|plein|dijk|hof|pad|kade|singel|gracht|steeg|ring|park|dreef|esch|brink|enk|kamp|allee|markt|"
    r"plantsoen|wal|steg|erf|hoek|baan|akker|veld|street|road|lane|avenue)"
)
_PHONE = re.compile(r"(?<![\w/-])(?:\+31|0031|0)[\s-]?(?:\(0\))?(?:\d[\s.-]?){8}\d(?![\w-])")
_MAIL = re.compile(r"[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{2,30}){1,4}")
_ADDRESS = re.compile(
    rf"\b(?:[A-Z][\w’'.-]{{1,30}}\s){{0,3}}[\w’'-]{{0,30}}{_STREET}\s{{1,2}}\d{{1,4}}(?:\s?[a-fA-F]\b)?"
    r"(?:,?\s(?:in|te)\s[A-Z][\w’'-]{2,30}|,\s?(?:\d{4}\s?[A-Z]{2}\s)?[A-Z][\w’'-]{2,30})?"
)
_LOWER_ADDRESS = re.compile(rf"\b[\w’'-]{{2,30}}{_STREET}\s{{1,2}}\d{{1,4}}(?:\s?[a-f]\b)?", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\b(?:\s?\d{1,4}\b)?")
_MAKER = (
    r"Remeha|Nefit|Intergas|Vaillant|Daikin|Mitsubishi|Panasonic|Itho(?: Daalderop)?|Atag|Bosch|Viessmann|Zehnder|"
    r"Samsung|Honeywell|Tado|Nest|Growatt|SolarEdge|Enphase|Alpha Innotec|NIBE|Nibe|Stiebel(?: Eltron)?|Ferroli|AWB|"
    r"Grundfos|Alfen|Zaptec|Easee|Brink|Duco|Quooker|Junkers|Buderus|Techneco|Toshiba|Fronius|Huawei|Toon"
)
_DEVICE = re.compile(rf"\b(?i:{_MAKER})(?:[ -](?:[A-Z][\w-]{{1,20}}|[A-Za-z]{{0,6}}\d[\w-]{{0,12}})){{0,3}}")
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
_ALREADY = (
    r"gereset|geprobeerd|bijgevuld|ontlucht|uitgezet|aangezet|vervangen|verwisseld|doorgespoeld|schoongemaakt|"
    r"gecontroleerd|nagekeken|omgezet|opengedraaid|dichtgedraaid|herstart|gewisseld|losgehaald|gemeten|verzet|"
    r"ingesteld|afgesteld|opengezet|dichtgezet|getest|tried|reset|replaced|restarted|checked|cleaned|refilled"
)
_TRIED = re.compile(rf"\b(?:{_ALREADY})\b")
_HAVE = re.compile(r"\b(?:heb|hebben|had|have|already)\b")
_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ["jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
_MONTH = re.compile(
    r"\b(\d{1,2})\s(jan|feb|maa|mrt|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)(?:[a-z]{0,7})\b|\b(\d{1,2})[-/](\d{1,2})\b"
)
_SOON = _any(
    r"\b(?:vandaag|vanmiddag|vanavond|morgen|morgenochtend|morgenmiddag|overmorgen|deze week|volgende week)\b",
    r"\b(?:eind van de week|today|tomorrow|this week|next week|tonight)\b",
    r"\bbinnen (?:een|twee|drie|\d+) (?:uur|dag|dagen|week|weken)\b",
    rf"\b(?:{'|'.join((*_DAYS, *_ENGLISH))})\b",
)
_DO = re.compile(
    r"\b(?:kom|komt|komen|langs|bel|belt|bellen|terug|stuur|stuurt|sturen|mail|mailt|mailen|plaats|plaatsen|plaatst|regel|"
    r"regelen|zorg|zorgen|breng|brengen|brengt|vervang|vervangen|vervangt|kijk|kijken|kijkt|maak|maken|bestel|bestellen|"
    r"meld|zet|zetten|hoort?|hoor je|come|call|send|bring|replace|visit|order|let you know)\b"
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def found_in(text: str, *, ours: bool, day: date) -> list[Found]:
    """What a message tells: of theirs facts and what was tried, of ours what was promised. `day`: when it was said."""
    said = text[:4000]
    told = list(_promises(said, day)) if ours else [*_facts(said), *_tried(said)]
    return list({one.key: one for one in told}.values())[:MOST_FOUND]


def _facts(text: str) -> Iterator[Found]:
    for found in _PHONE.finditer(text):
        yield Found(FACT, "phone", _short(found.group()))
    for found in _MAIL.finditer(text):
        yield Found(FACT, "mail", _short(found.group().rstrip(".")))
    yield from _places(text)
    for subject, pattern in (("device", _DEVICE), ("code", _CODE), ("year", _YEAR), ("number", _NUMBER)):
        for found in pattern.finditer(text):
            yield Found(FACT, subject, _short(found.group()))


def _places(text: str) -> Iterator[Found]:
    at = [found.group() for found in _ADDRESS.finditer(text)] or [one.group() for one in _LOWER_ADDRESS.finditer(text)]
    if not at:
        at = [found.group() for found in _POSTCODE.finditer(text)]
    for place in at:
        yield Found(FACT, "address", _short(place))


def _tried(text: str) -> Iterator[Found]:
    for sentence in _sentences(text):
        folded = fold(sentence)
        if (
            not sentence.endswith("?")
            and _TRIED.search(folded)
            and re.search(r"\b(?:heb|hebben|had|have|already)\b", folded)
        ):
            yield Found(TRIED, "tried", _short(sentence))


def _promises(text: str, day: date) -> Iterator[Found]:
    for sentence in _sentences(text):
        folded = fold(sentence)
        when = _SOON.search(folded) or _MONTH.search(folded)
        if not sentence.endswith("?") and when and _DO.search(folded):
            yield Found(PROMISE, "promise", _short(sentence), due_in(folded, day))


def due_in(folded: str, day: date) -> date | None:
    """The day that a sentence promises, when it names one."""
    if found := _MONTH.search(folded):
        return _on_date(found, day)
    steps = {"vandaag": 0, "vanmiddag": 0, "vanavond": 0, "today": 0, "tonight": 0, "overmorgen": 2}
    for word, ahead in steps.items():
        if re.search(rf"\b{word}\b", folded):
            return day + timedelta(days=ahead)
    for names in (_DAYS, _ENGLISH):
        for number, name in enumerate(names):
            if re.search(rf"\b{name}\b", folded):
                return day + timedelta(days=(number - day.weekday() - 1) % 7 + 1)
    return day + timedelta(days=1) if re.search(r"\bmorgen|\btomorrow\b", folded) else None


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


# --- a question asks for what was told ---

_ASKED: dict[str, re.Pattern[str]] = {
    "address": _any(
        r"\b(?:wat|mag|geef|weten|stuur|doorgeven|heb ik|graag|noem|vul|wil|op|welke?|voor|uw|je)\b.*"
        r"\b(?:adres|huisnummer|postcode)",
        r"\bwaar (?:woon|moet|mogen|kunnen we (?:zijn|komen|langs))",
        r"\bwelke? (?:straat|plaats)",
        r"\b(?:your|what) address|where do you live",
    ),
    "phone": _any(
        r"telefoonnummer|\b(?:mobiele?|06)[ -]?nummer|\bnummer\b.*\b(?:bel|bereik)",
        r"\b(?:bel|bereik)\w*\b.*\bnummer|waarop (?:kan|kunnen|ben|bent)\b.*\b(?:bel|bereik)",
        r"\b(?:phone|mobile) number",
    ),
    "mail": _any(r"e-?mail ?adres|\bmailadres|\be-?mail address"),
    "device": _any(
        r"\b(?:welke?|wat voor|wat is het)\b.*\b(?:ketel|toestel|merk|type|model|warmtepomp|apparaat)\b",
        r"\b(?:welke?|wat voor|wat is het)\b.*\b(?:omvormer|unit|boiler|thermostaat|laadpaal|installatie)\b",
        r"\bmerk en (?:het )?type|\btypenummer|\b(?:which|what) (?:boiler|device|model|make)",
    ),
    "code": _any(
        r"foutcode|storingscode|welke (?:code|melding|storing)|wat staat er (?:op|in)\b.*\b(?:display|scherm)",
        r"error code",
    ),
    "year": _any(
        r"hoe oud|bouwjaar|\b(?:uit|van) welk jaar|wanneer is\b.*\b(?:geplaatst|gekocht)|how old",
    ),
    "number": _any(
        r"(?:klant|order|offerte|factuur|serie|contract|zaak)[ -]?nummer|(?:customer|order|invoice) number",
    ),
    "tried": _any(
        rf"\b(?:heb|hebt|heeft|hebben)\b.*\b(?:{_ALREADY})",
        r"wat (?:heb|hebt|heeft|hebben)\b.*\b(?:gedaan|geprobeerd)|have you (?:already )?(?:tried|reset|checked)",
    ),
    "story": _any(
        r"wat is (?:er )?(?:precies )?(?:het probleem|de klacht|aan de hand|de vraag)|waar gaat het (?:over|om)",
        r"\b(?:uitleggen|vertellen|omschrijven|beschrijven|toelichten)\b",
        r"waarmee (?:kan|kunnen)\b.*\bhelpen|wat (?:zijn|is) de klachten",
        r"what is the (?:problem|matter)|(?:describe|explain) (?:the|your)",
    ),
}
_REQUEST = _any(
    r"\b(?:kunt u|kun je|kan je|wilt u|wil je|zou je|zou u|mag ik|graag|geef|stuur|laat\b.*\bweten|vul\b|noem)\b",
    r"\b(?:could you|please|can you)\b",
)
_AGREES = re.compile(r"\b(?:klopt|nog steeds|toch\?|is het nog|blijft|zie ik|staat hier|heb ik hier|lees ik|correct)\b")


def asked_for(text: str) -> set[str]:
    """Which facts our message asks the other for. Checking what we hold ("klopt dat?") is no question for it."""
    asked: set[str] = set()
    for sentence in _sentences(text[:4000]):
        folded = fold(sentence)
        if not (sentence.rstrip().endswith("?") or _REQUEST.search(folded)) or _AGREES.search(folded):
            continue
        asked |= {subject for subject, pattern in _ASKED.items() if pattern.search(folded)}
    return asked


def told_enough(text: str) -> bool:
    """Whether somebody told what the matter is: more than a greeting or a line."""
    return len(text.split()) >= 8


def asked_again(text: str, held: Collection[str]) -> list[str]:
    """What a message of ours asks for although it is held, in a fixed order."""
    asked = asked_for(text)
    return [subject for subject in _ASKED if subject in asked and subject in held]


# --- they say that they told it already ---

_TELL = (
    r"(?:vertel\w*|verteld|gezegd|zeggen|zeg|gemeld|melden|meld|doorgegeven|doorgeven|gestuurd|sturen|stuur|gemaild|mail|"
    r"mailen|uitgelegd|uitleggen|leg|geschreven|schreef|schrijf|aangegeven|aangaf|genoemd|gevraagd|vraag|vragen|gebeld|bel|"
    r"bellen|ingevuld|beschreven|laten weten|toegelicht|opgegeven)\b"
)
_TIME = r"(?:tweede|derde|vierde|vijfde|zesde|zoveelste|\d+e) keer"
_UP_TO = r"(?:[\w’'-]+,? ){0,5}?"  # a few words between
_HAD = r"(?:heb|hebt|heeft|had|hebben|hadden)"
_SAID = r"(?:zei|zeiden|schreef|schreven|vertelde|vertelden|meldde|meldden|mailde|vroeg|belde|stuurde|gaf)"
_REPEATS = _any(
    rf"\b{_HAD} {_UP_TO}(?:al|toch) {_UP_TO}{_TELL}",
    rf"\b(?:dat|dit|het|die|alles) {_UP_TO}{_HAD} (?:ik|we|wij) {_UP_TO}{_TELL}",
    rf"\b(?:dat|dit) {_SAID} (?:ik|we|wij|ze|hij)\b|\b{_SAID} {_UP_TO}(?:ook al|al eerder|toch al|net al)\b",
    r"\bzoals (?:ik|we|wij) (?:al|eerder|vorige|gisteren)\b|\bzoals (?:besproken|afgesproken) met\b",
    r"\bzoals (?:al |eerder )?(?:gezegd|gemeld|aangegeven|gemaild)",
    r"\bzoals ik (?:zei|schreef|vertelde|meldde)\b|\bals (?:eerder|al) (?:gezegd|gemeld|gemaild)",
    rf"\bvoor de {_TIME} {_UP_TO}{_TELL}|\b{_TELL} {_UP_TO}voor de {_TIME}|\b{_TIME} dat (?:ik|we|wij) {_UP_TO}{_TELL}",
    rf"\bnog (?:een keer|eens|maals)\b[:,]? {_UP_TO}{_TELL}|\bnogmaals[:,]? (?:ik|het gaat|mijn|dan|onze)\b",
    r"\b(?:ik|we|wij) (?:zeg|zeggen|vraag|vragen) het nog (?:een keer|eens)\b",
    rf"\b(?:weer|opnieuw|steeds|alweer|elke keer|telkens) {_UP_TO}(?:verhaal|uitleg\w*|vertellen)\b",
    r"\b(?:iedereen|elke collega|iedere collega) vraagt (?:weer |steeds )?hetzelfde\b|\ben nu (?:dus )?weer\b",
    r"\bhoe vaak moet ik\b|\bin herhaling\b|\bstaat (?:ook )?(?:hierboven|erboven|in mijn (?:vorige|eerdere|eerste))\b",
    r"\bzie (?:hierboven|boven)\b|\btweede poging\b|\b(?:bericht|mail) is (?:blijkbaar |zeker )?niet gelezen\b",
    r"\blees (?:mijn|eens|even) (?:vorige|eerdere|eerste|terug)",
    r"\b(?:weet|weten) (?:jullie|je|u|ze) (?:dat )?(?:toch )?al\b",
    rf"\b(?:aan|tegen) (?:je|uw|jullie|een) collega {_UP_TO}{_TELL}",
    rf"\bal (?:twee|drie|vier|vijf|zes|tien|\d+) keer {_UP_TO}{_TELL}|\b(?:bel|mail|vraag|meld) al {_UP_TO}keer\b",
    r"\b(?:already|before) (?:told|said|explained|sent|gave|mentioned)|\bas i (?:said|wrote|told|mentioned)",
    r"\bfor the (?:second|third|fourth) time|\bhow many times\b|\bonce again i\b",
    r"\b(?:told|explained) (?:you|this|it|your colleague) (?:already|before)",
)


def says_told_before(text: str) -> bool:
    """Whether somebody says that they told this already."""
    return any(_REPEATS.search(fold(sentence)) for sentence in _sentences(text[:4000]))


def held_by(told: Iterable[tuple[str, bool]], day: date) -> set[str]:
    """What the messages of somebody hold, kept or not; as (text, ours)."""
    held: set[str] = set()
    for text, ours in told:
        if ours:
            continue
        held |= {one.subject for one in found_in(text, ours=False, day=day)}
        if told_enough(text):
            held.add("story")
    return held


def tells_again(text: str, before: Iterable[tuple[str, bool]]) -> bool:
    """Whether a short answer to our question only says what they had said before; `before` as (text, ours), oldest
    first."""
    talk = list(before)
    if not talk or not talk[-1][1] or "?" not in talk[-1][0] or len(text.split()) > SHORT:
        return False
    said = _content(text)
    earlier = set().union(*(_content(one) for one, ours in talk if not ours))
    asked = _content(talk[-1][0])  # our own words given back are a yes
    return bool(said) and len(said & earlier - asked) > len(said) / 2


def _content(text: str) -> set[str]:
    """Words that say something: a number, or five letters and more."""
    return {
        word for word in re.findall(r"[\w@.-]*\w", fold(text[:4000])) if len(word) > 4 or any(map(str.isdigit, word))
    }


def had_to_repeat(talk: Iterable[tuple[str, bool]], day: date) -> bool:
    """Whether, in what was said one after the other, somebody had to tell something again; as (text, ours)."""
    before: list[tuple[str, bool]] = []
    for text, ours in talk:
        if ours and asked_again(text, held_by(before, day)):
            return True
        if not ours and (says_told_before(text) or tells_again(text, before)):
            return True
        before.append((text, ours))
    return False


def _sentences(text: str) -> Iterator[str]:
    return (found.group().strip() for found in _SENTENCE.finditer(text))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TOLD else line[: LONGEST_TOLD - 1] + "…"
