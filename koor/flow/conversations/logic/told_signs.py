"""Told once: who complains of having told it already in a way of their own. Turns of phrase (`told_phrases`) know the
usual ones; here signs are counted that mean little alone: something was said, before, again, the same, they must, they
are vexed, nobody knew it, it went from one to the other, they insist. Each has points, looked for in two sentences that
follow each other; together they must be enough. It is they who told it (I, we): a device that reports a fault again, or
a form to sign again, is nothing told; and beside what was said again or before something must show that it should not
have been needed. In Dutch and English, no model."""

import re

from koor.flow.conversations.logic.told import ASKS_US, sentences
from koor.kernel.search import fold

ENOUGH = 5  # points
SHORT, SHORTER_BY = 60, 1  # characters from which two sentences say enough for all their points; else so many less
LONGEST = 400  # characters of two sentences that are looked at
THRICE = 3


def _words(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(' '.join(parts).split())})\b".replace("_", " "))


_AGAIN = _words(
    r"weer alweer opnieuw nogmaals wederom andermaal nog_(?:een_keer|eens|maals) steeds telkens dubbel herhaa?l\w*",
    r"(?:elke|iedere)_(?:keer|dag|week|maand|nieuwe) keer_(?:op|na)_keer (?:de|het)_\w+e_(?:keer|maal) zoveelste",
    r"(?:een|twee|drie|vier|vijf|zes|zeven|tien|tig|honderd|\d+)_keer blijf_(?:ik_)?(?:het|dit|dat|maar)",
    r"again once_more (?:every|each)_time twice over_and_over repeat\w*",
)
_WHO = r"(?:ik|we|wij)"
_ON = r"(?:(?!\b(?:hij|zij|he|she|it)\b)[^.?!,;:]){0,60}?\b"  # further in what the same one does
_PAST = (
    r"(?:zei|zeiden|vertelden?|meldden?|mailden?|appten?|belden?|schreef|schreven|vroeg|vroegen|gaf|gaven|stuurden?|"
    r"noemden?|legden?)"
)
_NOW = (
    r"(?:vertel|zeg|leg|meld|geef|stuur|mail|app|schrijf|noem|herhaal|spel|vraag(?!_(?:me|mij|alvast|na)))"
    r"(?:len|gen|en)?"
)
_DONE = (
    r"(?:verteld|gezegd|uitgelegd|toegelicht|gemeld|doorge(?:geven|sproken|nomen)|(?:op|door|ver|in|toe)?ge?stuurd|"
    r"gemaild|geappt|gebeld|ge?schreven|beantwoord|ingevuld|gevraagd|verzocht|genoemd|aange(?:geven|leverd|kaart)|"
    r"overhandigd|inge(?:leverd|diend|tikt)|bijgevoegd|besproken|gesproken|nagelopen|voorge(?:rekend|lezen)|opgelezen|"
    r"opge(?:somd|geven|schreven)|gespeld|getypt|geupload|gedeeld|laten_weten|getekend|uitgetekend|genoteerd|herhaald)"
)
_TELL = (
    r"(?:vertellen|zeggen|uitleggen|toelichten|doorgeven|opsommen|herhalen|spellen|dicteren|voorlezen|voorstellen|"
    r"opschrijven|beschrijven|intikken|typen|uploaden|verhaal|uitleg)"
)
_MAY = r"(?:moet|moeten|moest|moesten|mag|mogen|mocht|mochten|kan|kunnen)"
_TO_TELL = rf"(?:{_MAY}_{_WHO}|{_WHO}_{_MAY})\b{_ON}{_TELL}"
_SAID = _words(
    rf"{_WHO}\b{_ON}(?:{_PAST}|{_DONE}) (?:{_PAST}|{_NOW})_{_WHO} {_WHO}_{_NOW}",
    rf"{_DONE}_(?:heb|hebben|had|hadden)_{_WHO} {_TO_TELL}",
    r"(?:mijn|onze|ons|het_hele|hele)_(?:\w+_)?(?:verhaal|uitleg|gegevens|vraag|verzoek|dossier|herinnering)",
    r"(?:i|we)_(?:(?:have|had|ve|already|just|even|did)_)*"
    r"(?:told|tell|said|say|explain\w*|sent|asked|wrote|gave|mention\w*)",
    r"(?:i|we)_(?:have|need|had)_to_(?:tell|say|explain|repeat)",
)
_BEFORE = _words(
    r"al reeds eerder vorige? afgelopen gisteren\w* eergisteren vanmorgen vanochtend vanmiddag laatst destijds zojuist",
    r"daarnet daarstraks net geleden toen (?:maan|dins|woens|donder|vrij|zater|zon)dag already",
    r"before yesterday earlier",
    r"(?:in|van|op)_(?:\d+_)?(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)",
)
_SAME = _words(
    r"(?:precies_)?(?:de|het)?zelfde_(?:\w+_)?(?:vra(?:ag|gen)|verhaal|uitleg|gegevens|antwoord|gesprek|tekening|lijst)",
    r"hetzelfde_(?:verhaal|vertel\w*|zeg\w*|vragen|vraagt|uit) precies_(?:dezelfde|hetzelfde|dit)",
    r"same_(?:\w+_)?(?:story|questions?|thing|answers?) (?:dit|dat)_allemaal dit_(?:alles|gesprek|verhaal)",
    r"(?:die|deze)_vraag",
)
_MUST = _words(
    rf"{_TO_TELL} (?:hoe_vaak|hoeveel_keer)_(?:\w+_)?{_MAY}_{_WHO} kan_ik_nog_meer",
    r"waarom_(?:vraagt|vragen|meldt|melden)_(?:u|je|jij|jullie|ze|iedereen) why_(?:do|must|should)_(?:i|we)",
    r"(?:do_(?:i|we)_(?:have|need)_to|must_(?:i|we))_(?:\w+_)?(?:tell|say|explain|repeat)",
)
_VEXED = _words(
    r"pff+ zucht nou_moe moe_van word_(?:hier_|er_|daar_)?(?:zo_)?(?:gek|moe|moedeloos) kom_op serieus echt_waar",
    r"lekker_dan fijn_hoor leuk_hoor geen_zin_(?:om|in)_.{0,30}(?:te_vertellen|uit_te_leggen|verhaal) tot_vervelens",
    r"zat genoeg_van ongelofelijk jeetje nou_ja tja seriously sigh",
)
_PRESSED = _words(r"toch gewoon dan_maar al?stublieft alsjeblieft")
_DEAF = _words(
    r"(?<!nam_)(?<!neemt_)(?:niemand|nobody)(?!_(?:nam|neemt|op|opnam|thuis|answer\w*|picked)) dovemansoren",
    r"tegen_(?:een|de)_muur langs_elkaar nergens_terug geheugen onthoud\w* kwijtgeraakt",
    r"niet_(?:gelezen|geluisterd|aangekomen|onthouden|opgeschreven|genoteerd) zoekgeraakt lees\w*_.{0,60}terug",
    r"staat_(?:er_|daar_)?(?:toch|gewoon|al|allemaal|hierboven)",
)
_UNAWARE = _words(
    r"(?:wist|wisten|weet|weten)_(?:er_|daar_)?(?:van_)?(?:niks|niets) nooit_(?:ontvangen|gekregen|aangekomen)",
    r"(?:kent|kennen|kende|weet|weten|wist)_.{0,20}\b(?:mij|me|ons|dossier|geschiedenis)_niet ontbre\w+",
)
_CHAIN = _words(
    r"(?:eerst|gisteren|eergisteren|vorige_(?:week|keer|maand)|(?:maan|dins|woens|donder|vrij)dag|toen|vanmorgen|net)\b"
    r".{1,120}\b(?:vandaag|nu|daarna|toen)_(?:u|jij|je|jullie|weer|ook|een|de|en|van)",
    r"(?:u|jij|jullie)_nu_ook de_(?:ene|een)\b.{1,80}\bde_ander niemand\b.{1,80}\bniemand",
)
_FIGURE = _words(
    r"(?:voel|lijk\w*|ben|word|klink|als|net)\b.{0,25}\b(?:papegaai|grammofoon\w*|plaat|bandje|cassette\w*|echo|robot)",
    r"grijsgedraaid\w* zelfde_liedje riedel\w* groundhog deja_vu refrein broken_record van_het_kastje",
)
_KIND = _words(
    r"dank\w* bedankt prettig\w* fijn(?!_hoor) mooi top prima complimenten tevreden blij leuk(?!_hoor) hulde super",
    r"thanks thank great heel_duidelijk goede_vraag",
)
_POINTS = (
    (_AGAIN, 2),
    (_SAID, 2),
    (_CHAIN, 2),
    (_UNAWARE, 2),
    (_FIGURE, 2),
    (_BEFORE, 1),
    (_SAME, 1),
    (_MUST, 1),
    (_VEXED, 1),
    (_PRESSED, 1),
    (_DEAF, 1),
    (_KIND, -2),
)
_NEEDLESS = {_MUST, _VEXED, _DEAF, _UNAWARE, _FIGURE, _SAME}  # it should not have been needed


def shows_it_was_told(text: str) -> bool:
    """Whether two sentences of a message together show that its writer told this before."""
    said = [fold(one) for one in sentences(text[:4000])]
    said = [one for one in said if not ASKS_US.search(one)]
    return any(_points(" ".join(said[at : at + 2])[:LONGEST]) >= ENOUGH for at in range(max(len(said) - 1, 1)))


def _points(line: str) -> int:
    met = {sign for sign, _points in _POINTS if sign.search(line)}
    if not (_SAID in met or _FIGURE in met or {_CHAIN, _UNAWARE} <= met):
        return 0
    if not met & _NEEDLESS and not insists(line):
        return 0
    points = sum(worth for sign, worth in _POINTS if sign in met)
    points += ({_SAID, _AGAIN} <= met) + 2 * insists(line)
    return points - SHORTER_BY * (len(line) < SHORT and _FIGURE not in met)


def insists(line: str) -> bool:
    """Whether somebody says the same three words twice, or one word at the end thrice."""
    parts = [part.split() for part in re.split(r"[,.;:!?]", line)]
    begun = [tuple(part[:3]) for part in map(_bare, parts) if len(part) >= THRICE]
    ends = [part[-1] for part in parts if part and len(part[-1]) > 4]
    return len(set(begun)) < len(begun) or any(ends.count(word) >= THRICE for word in ends)


def _bare(part: list[str]) -> list[str]:
    return part[1:] if part[:1] and part[0] in {"en", "nog", "ja", "nee"} else part
