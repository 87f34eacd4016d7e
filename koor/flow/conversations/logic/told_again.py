"""Told once: what a question of ours asks for, and whether they told it before: in the summary, in an earlier message,
or in the answer, which only says again what they had said. Plain rules on words. No Django."""

import re
from collections.abc import Collection, Iterable
from datetime import date

from koor.flow.conversations.logic.told import ALREADY, any_of, found_in, sentences
from koor.flow.conversations.logic.told_phrases import PASSED, says_told_before
from koor.kernel.search import fold

SHORT = 16  # words of an answer that only says it again
SAME = 0.6  # of what it says, that was said before

_NO_CODE = r"(?:(?!\b(?:storing|code|melding|fout)).)*"  # which fault the boiler shows is not which boiler
_WE_DO = re.compile(r"\b(?:ik|we|wij) (?:kom|komen|zal|zullen|kan|kunnen|leg|wil|willen|ga|gaan|laat|laten)\b")
_ASKED: dict[str, re.Pattern[str]] = {
    "address": any_of(
        r"\b(?:wat|mag|geef|weten|stuur|doorgeven|heb ik|graag|noem|vul|wil|op|welke?|voor|uw|je)\b.*"
        r"\b(?:adres|huisnummer|postcode)",
        r"\bwaar (?:woon|moet|mogen|kunnen we (?:zijn|komen|langs))",
        r"\bwelke? (?:straat|plaats)",
        r"\b(?:your|what) address|where do you live",
    ),
    "phone": any_of(
        r"telefoonnummer|\b(?:mobiele?|06)[ -]?nummer|\bnummer\b.*\b(?:bel|bereik)",
        r"\b(?:bel|bereik)\w*\b.*\bnummer|waarop (?:kan|kunnen|ben|bent)\b.*\b(?:bel|bereik)",
        r"\b(?:phone|mobile) number",
    ),
    "mail": any_of(r"e-?mail ?adres|\bmailadres|\be-?mail address"),
    "device": any_of(
        rf"\b(?:welke?|wat voor|wat is het)\b{_NO_CODE}\b(?:ketel|toestel|merk|type|model|warmtepomp|apparaat)\b",
        rf"\b(?:welke?|wat voor|wat is het)\b{_NO_CODE}\b(?:omvormer|unit|boiler|thermostaat|laadpaal|installatie)\b",
        r"\bmerk en (?:het )?type|\btypenummer|\b(?:which|what) (?:boiler|device|model|make)",
    ),
    "code": any_of(
        r"foutcode|storingscode|welke (?:code|melding|storing)|wat staat er (?:op|in)\b.*\b(?:display|scherm)",
        r"error code",
    ),
    "year": any_of(
        r"hoe oud|bouwjaar|\b(?:uit|van) welk jaar|wanneer is\b.*\b(?:geplaatst|gekocht)|how old",
    ),
    "number": any_of(
        r"(?:klant|order|offerte|factuur|serie|contract|zaak)[ -]?nummer|(?:customer|order|invoice) number",
    ),
    "tried": any_of(
        rf"\b(?:heb|hebt|heeft|hebben)\b.*\b(?:{ALREADY})",
        r"wat (?:heb|hebt|heeft|hebben)\b.*\b(?:gedaan|geprobeerd)|have you (?:already )?(?:tried|reset|checked)",
    ),
    "story": any_of(
        r"wat is (?:er )?(?:precies )?(?:het probleem|de klacht|aan de hand|de vraag)|waar gaat het (?:over|om)",
        r"\b(?:uitleggen|vertellen|omschrijven|beschrijven|toelichten)\b",
        r"waarmee (?:kan|kunnen)\b.*\bhelpen|wat (?:zijn|is) de klachten",
        r"what is the (?:problem|matter)|(?:describe|explain) (?:the|your)",
    ),
}
_REQUEST = any_of(
    r"\b(?:kunt u|kun je|kan je|wilt u|wil je|zou je|zou u|mag ik|graag|geef|stuur|laat\b.*\bweten|vul\b|noem)\b",
    r"\b(?:could you|please|can you)\b",
)
_AGREES = re.compile(r"\b(?:klopt|nog steeds|toch\?|is het nog|blijft|zie ik|staat hier|heb ik hier|lees ik|correct)\b")


def asked_for(text: str) -> set[str]:
    """Which facts our message asks the other for. Checking what we hold ("klopt dat?") is no question for it."""
    asked: set[str] = set()
    for sentence in sentences(text[:4000]):
        folded = fold(sentence)
        if not (sentence.rstrip().endswith("?") or _REQUEST.search(folded)) or _AGREES.search(folded):
            continue
        if _WE_DO.search(folded) and "?" not in sentence:
            continue  # what we offer to do
        asked |= {subject for subject, pattern in _ASKED.items() if pattern.search(folded)}
    return asked


def told_enough(text: str) -> bool:
    """Whether somebody told what the matter is: more than a greeting or a line."""
    return len(text.split()) >= 8


def asked_again(text: str, held: Collection[str]) -> list[str]:
    """What a message of ours asks for although it is held, in a fixed order."""
    asked = asked_for(text)
    return [subject for subject in _ASKED if subject in asked and subject in held]


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


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What else is asked, and how it sounds when it was told
_ALSO = (
    (
        re.compile(
            r"\bsinds wanneer|\bhoe lang (?:is|speelt|duurt|heb|hebt|heeft|bestaat)|\bwanneer (?:is|begon)\b|"
            r"\bsince when"
        ),
        re.compile(r"\b(?:sinds|since) (?!kort\b)\w+|\bal (?:\w+ )?(?:dagen|weken|maanden)\b"),
    ),
    (
        re.compile(r"\bwelke dag(?:en)?\b|\bwanneer (?:schikt|past|komt het uit|bent|ben)|\bwhich days?\b"),
        re.compile(
            r"\b(?:alleen|liefst|graag|altijd|only)\b.*\b(?:maan|dins|woens|donder|vrij|zater|zon)dag|\bonly\b.*day\b"
        ),
    ),
)
_WHETHER = re.compile(
    r"^\W*(?:(?:en|ja|oke|goed|dag),? )?(?:heb|hebt|heeft|hebben|is|zijn|ligt|staat|zit|hangt|komt|loopt|have|is|"
    r"are)\b"
)
_HANDED = re.compile(rf"\b(?:heb|hebben|had|hadden|is|zijn)\b.*\b{PASSED}")


def given_before(text: str, theirs: Iterable[str]) -> str:
    """The sentence of theirs that holds what our question asks, where no subject is asked that we know by name: they
    gave it to somebody, or it is asked whether what they said is so already. Empty: none does."""
    questions = [fold(one) for one in sentences(text[:4000]) if one.endswith("?")]
    asked = [one for one in questions if not _AGREES.search(one)]
    if not asked:
        return ""
    told = [one for said in theirs for one in sentences(said[:4000]) if not one.endswith("?")]
    return next((line for line in told if any(_answers(fold(line), question) for question in asked)), "")


def _answers(line: str, question: str) -> bool:
    if any(asks.search(question) and holds.search(line) for asks, holds in _ALSO):
        return True
    asked, told = _content(question), _content(line)
    if _HANDED.search(line) and any(len(word) > 3 for word in asked & told):
        return True
    already = _WHETHER.search(question) and re.search(r"\b(?:al|already)\b", question)
    return bool(already) and len(asked) > 1 and asked <= told


def tells_again(text: str, before: Iterable[tuple[str, bool]]) -> bool:
    """Whether a short answer to our question only says what they had said before; `before` as (text, ours), oldest
    first."""
    talk = list(before)
    if not talk or not talk[-1][1] or "?" not in talk[-1][0] or len(text.split()) > SHORT:
        return False
    said = _content(text) - _content(talk[-1][0])  # our own words given back are a yes
    earlier = set().union(*(_content(one) for one, ours in talk if not ours))
    return bool(said) and len(said & earlier) >= SAME * len(said)


_EMPTY = _words(
    """
    de het een en of maar dus dan nog ook wel al er hier daar dit dat die deze in op om aan af bij door met naar uit
    van voor over onder tot als te ten ter zo zoals ik je jij u uw jullie jouw mij me mijn we wij ons onze ze zij
    hij hem haar hun zich men is was zijn ben bent waren wordt worden heb hebt heeft hebben had hadden kan kun kunt
    kunnen mag moet wil wilt zal zou gaat ga doe doet doen komt kom staat zit ligt niet geen wat wie waar welke welk
    wanneer hoe waarom ja nee jawel klopt precies goed graag prima dank bedankt alstublieft even gewoon net weer
    weet zei hoor toch echt heel erg vooral alleen eigenlijk natuurlijk misschien helaas dag hallo hoi goedemorgen
    goedemiddag goedenavond mevrouw meneer the a an and or but so of to in on at for with it its is are was be i you
    we they my your our this that yes no not do does did have has please thanks only
    """
)


def _content(text: str) -> set[str]:
    """Words that say something, as they begin: a number, or three letters and more that are not in every sentence."""
    words = re.findall(r"[\w@.-]*\w", fold(text[:4000]))
    return {
        word if any(map(str.isdigit, word)) or "@" in word else word[:6]
        for word in words
        if word not in _EMPTY and (len(word) > 2 or word.isdigit())
    }


def had_to_repeat(talk: Iterable[tuple[str, bool]], day: date) -> bool:
    """Whether, in what was said one after the other, somebody had to tell something again; as (text, ours)."""
    before: list[tuple[str, bool]] = []
    for text, ours in talk:
        if ours and _asks_again(text, before, day):
            return True
        if not ours and (says_told_before(text) or tells_again(text, before)):
            return True
        before.append((text, ours))
    return False


def _asks_again(text: str, before: list[tuple[str, bool]], day: date) -> bool:
    theirs = [one for one, ours in before if not ours]
    return bool(asked_again(text, held_by(before, day)) or given_before(text, theirs))
