"""Told once: who complains of having told it already in a way of their own. Turns of phrase (`told_phrases`) know the
usual ones; here signs are counted that mean little alone: something was said, before, again, the same, they must, they
are vexed, nobody knew it, it went from one to the other, they insist. Each has points, looked for in two sentences that
follow each other; together they must be enough. In Dutch and English, no model."""

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
_SAID = _words(
    r"verte(?:l|ld|lt|lde|llen)\w* zeg|zegt|zeggen|gezegd|zei|zeiden leg\w*_.{0,30}?uit",
    r"uitleg\w* uitgelegd toelicht\w*",
    r"toegelicht meld|meldt|melden|meldde|gemeld doorge\w+ doorgaf geef_.{0,20}?door stuur\w*",
    r"(?:op|door|ver)?ge?stuurd",
    r"mailde|mailen|gemaild|mailtje appte|geappt|appje bel|belde|gebeld schrijf\w* schreef ge?schreven beschreven",
    r"antwoord\w* beantwoord\w* invul\w* ingevuld vul_.{0,20}?in (?<!een_)(?<!korte_)vraag",
    r"vraagt|vroeg|vroegen|gevraagd",
    r"verzoek\w* verhaal\w* gegevens genoemd|noem\w* aangegeven aangeleverd overhandig\w* ingeleverd ingediend",
    r"bijgevoegd bijlage\w* formulier\w* besproken|bespra\w+|spraken doorgenomen|doorgesproken|nagelopen gesprek\w*",
    r"voorstellen voorgerekend|voorgelezen|opgelezen opgesomd|opsommen spel|spellen|gespeld dicteren",
    r"intikken|ingetikt|typen|getypt uploaden|geupload gedeeld opgegeven laten_weten",
    r"herinner\w* aankaart\w*|aangekaart",
    r"getekend|uitgetekend opschrijven|opgeschreven|genoteerd tell|told|said explain\w*",
    r"sent|asked|wrote|gave|mention\w*",
)
_BEFORE = _words(
    r"al reeds eerder vorige? afgelopen gisteren\w* eergisteren vanmorgen vanochtend vanmiddag laatst destijds zojuist",
    r"daarnet daarstraks net geleden toen (?:maan|dins|woens|donder|vrij|zater|zon)dag already",
    r"before yesterday earlier",
    r"(?:in|van|op)_(?:\d+_)?(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)",
)
_SAME = _words(
    r"(?:de|het)?zelfde same (?:dit|dat)_allemaal dit_(?:alles|gesprek|verhaal) precies_dit (?:die|deze)_vraag"
)
_MUST = _words(
    r"(?:moet|moeten|moest|moesten)_(?:ik|we|wij) (?:ik|we|wij)_(?:moet|moeten|moest|moesten) hoe_vaak hoeveel_keer",
    r"kan_ik_nog_meer mag_ik_(?:weer|opnieuw) waarom why do_i_(?:have|need) must_i",
)
_VEXED = _words(
    r"pff+ zucht nou_moe moe_van word_(?:hier_|er_|daar_)?(?:zo_)?(?:gek|moe|moedeloos) kom_op serieus echt_waar",
    r"lekker_dan fijn_hoor leuk_hoor geen_zin tot_vervelens zat genoeg_van ongelofelijk jeetje toch gewoon nou_ja tja",
    r"dan_maar al?stublieft alsjeblieft seriously sigh",
)
_DEAF = _words(
    r"niemand nobody dovemansoren tegen_(?:een|de)_muur langs_elkaar nergens_terug geheugen onthoud\w* kwijtgeraakt",
    r"niet_(?:gelezen|geluisterd|aangekomen|onthouden|opgeschreven|genoteerd) zoekgeraakt lees\w*_.{0,60}terug",
    r"staat_(?:er|daar|toch|gewoon|al|allemaal|hierboven)",
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
_WE = _words(r"ik we wij mij me ons onze mijn jullie u je jij i my you")
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
    (_DEAF, 1),
    (_KIND, -2),
)


def shows_it_was_told(text: str) -> bool:
    """Whether two sentences of a message together show that its writer told this before."""
    said = [fold(one) for one in sentences(text[:4000])]
    said = [one for one in said if not ASKS_US.search(one)]
    return any(_points(" ".join(said[at : at + 2])[:LONGEST]) >= ENOUGH for at in range(max(len(said) - 1, 1)))


def _points(line: str) -> int:
    met = {sign for sign, _points in _POINTS if sign.search(line)}
    told = _SAID in met or _FIGURE in met or {_CHAIN, _UNAWARE} <= met
    if not told and not (_AGAIN in met and met & {_DEAF, _VEXED}):
        return 0
    if not met & {_FIGURE, _VEXED} and not _WE.search(line):
        return 0  # of nobody in particular
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
