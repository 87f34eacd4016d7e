"""Told once: the words with which people say that they told it already. Families of turns of phrase, in Dutch and
English; whoever asks us to say something again, or hopes that we do, does not repeat."""

from collections.abc import Iterator

from koor.flow.conversations.logic.told import ASKS_US, any_of, sentences
from koor.flow.conversations.logic.told_signs import shows_it_was_told
from koor.kernel.search import fold

_TELL = (
    r"(?:vertel\w*|verteld|gezegd|zeggen|zeg|gemeld|melden|meld|doorgegeven|doorgeven|gestuurd|sturen|stuur|"
    r"gemaild|mail|"
    r"mailen|uitgelegd|uitleggen|leg|geschreven|schreef|schrijf|aangegeven|aangaf|genoemd|gevraagd|vraag|vragen|"
    r"gebeld|bel|"
    r"bellen|ingevuld|beschreven|laten weten|toegelicht|opgegeven|neerzetten|opschrijven|herhalen|typen|overtypen|"
    r"overgetikt|ingetikt|opsommen|bijgevoegd|aangeleverd|ingediend|aangekaart|overhandigd|voorgelezen)\b"
)
# What is told, and has been told: without words for calling, which one may do for the first time
PASSED = (
    r"(?:verteld|gezegd|gemeld|doorgegeven|gestuurd|opgestuurd|ingestuurd|toegestuurd|doorgestuurd|gemaild|geappt|"
    r"uitgelegd|"
    r"geschreven|aangegeven|genoemd|ingevuld|beschreven|toegelicht|opgegeven|bijgevoegd|aangeleverd|overgetikt|"
    r"ingediend|"
    r"aangekaart|overhandigd|opgeschreven|genoteerd|gedeeld|geupload)\b"
)
_BEFORE = (
    r"(?:eerder|laatst|onlangs|gisteren|eergisteren|vanmorgen|vanochtend|vanmiddag|zojuist|net|daarnet|toen|destijds|"
    r"(?:vorige|afgelopen|verleden) \w+|geleden|in (?:januari|februari|maart|april|mei|juni|juli|augustus|"
    r"september|oktober|"
    r"november|december)|(?:op|van) \d{1,2} \w+|(?:maan|dins|woens|donder|vrij|zater|zon)dag)\b"
)
_NTH = r"(?:tweede|derde|vierde|vijfde|zesde|zevende|tiende|zoveelste|\d+e)"
_TIMES = rf"{_NTH} (?:keer|maal)"
_MANY = r"(?:twee|drie|vier|vijf|zes|zeven|acht|tien|honderd|\d+)"
_UP_TO = r"(?:[\w’'-]+,? ){0,5}?"  # a few words between
_FAR = r"(?:[\w’'-]+,? ){0,9}?"
_HAD = r"(?:heb|hebt|heeft|had|hebben|hadden)"
_I = r"(?:ik|we|wij)"
_SAID = r"(?:zei|zeiden|schreef|schreven|vertelde|vertelden|meldde|meldden|mailde|vroeg|belde|stuurde|gaf)"
_LATELY = (
    r"(?:zei|schreef|vertelde|meldde|mailde|appte|stuurde|stelde|noemde|aangaf|doorgaf|aankaartte|opstuurde|invulde)"
)
_ONE_OF_US = r"(?:medewerk\w+|collega\w*|mensen|personen|persoon|stem|gezicht|man|vrouw|meneer|mevrouw|poppetje|nummer)"

# In so many words
_REPEATS = any_of(
    rf"(?<!\bhij )\b{_HAD} (?!hij ){_UP_TO}(?:al|toch) {_UP_TO}{_TELL}",
    rf"\b(?:dat|dit|het|die|alles) {_UP_TO}{_HAD} {_I} {_UP_TO}{_TELL}",
    rf"\b(?:dat|dit) (?:{_SAID} (?:ik|we|wij)|(?:vroeg|vroegen) (?:ze|hij))\b",
    rf"\b{_SAID} (?!(?:hij|de|het) ){_UP_TO}(?:ook al|al eerder|toch al|net al)\b",
    r"\bzoals (?:ik|we|wij) (?:al|eerder|vorige|gisteren)\b|\bzoals (?:besproken|afgesproken) met\b",
    r"\bzoals (?:al |eerder )?(?:gezegd|gemeld|aangegeven|gemaild)",
    r"\bzoals ik (?:zei|schreef|vertelde|meldde)\b|\bals (?:eerder|al) (?:gezegd|gemeld|gemaild)",
    rf"\bvoor de {_TIMES} {_UP_TO}{_TELL}|\b{_TELL} {_UP_TO}voor de {_TIMES}|\b{_TIMES} dat {_I} {_UP_TO}{_TELL}",
    rf"\bnog (?:een keer|eens|maals)\b[:,]? {_UP_TO}{_TELL}|\bnogmaals[:,]? (?:ik|het gaat|mijn|dan|onze|de vraag)\b",
    r"\b(?:ik|we|wij) (?:zeg|zeggen|vraag|vragen) het nog (?:een keer|eens)\b",
    rf"\b(?:weer|opnieuw|steeds|alweer|elke keer|telkens) {_UP_TO}(?:verhaal|(?<!zonder )uitleg\w*|vertellen)\b",
    r"\b(?:iedereen|elke collega|iedere collega) vraagt (?:weer |steeds )?hetzelfde\b|\ben nu dus weer\b",
    r"\bhoe vaak moet ik (?:dit|dat|het|nog|u|je|jullie)\b|\bin herhaling\b|\bstaat (?:ook )?(?:hierboven|erboven|"
    r"in mijn (?:vorige|eerdere|eerste))\b",
    r"\bzie (?:hierboven|boven)\b|\btweede poging\b|\b(?:bericht|mail) is (?:blijkbaar |zeker )?niet gelezen\b",
    r"\blees (?:mijn|eens|even) (?:vorige|eerdere|eerste|terug)",
    r"\b(?:weet|weten) (?:jullie|je|u|ze) (?:dat (?:toch )?|toch )al\b|\b(?:dat|dit) (?:weet|weten) (?:jullie|je|u|"
    r"ze) al\b",
    rf"\b(?:aan|tegen) (?:je|uw|jullie|een) collega {_UP_TO}{_TELL}",
    rf"\bal {_MANY} keer {_UP_TO}{_TELL}|\b(?:bel|mail|vraag|meld) al {_UP_TO}keer\b",
    r"\b(?:already|before) (?:told|said|explained|sent|gave|mentioned)|\bas i (?:said|wrote|told|mentioned)",
    r"\b(?:say|tell|telling|explain|explaining|write|ask|asking|send)\w* (?:\w+ ){0,4}for the (?:second|third|"
    r"fourth) time|\bhow many times (?:do|must|should) i\b|\bonce again i\b",
    r"\b(?:told|explained) (?:you|this|it|your colleague) (?:already|before)",
    # It was told, and to whom or when
    rf"\b(?:dat|dit) {_HAD} (?:ik|we|wij) {_FAR}(?:toch|al|gewoon|zojuist|net) {_UP_TO}{PASSED}",
    rf"\b(?:ik|we|wij) {_HAD}? ?(?:het|dit|dat) {_FAR}{_BEFORE} {_UP_TO}al {_UP_TO}{PASSED}",
    rf"\b(?:die|dat|wat) (?:ik|we|wij) {_FAR}(?:ook|al|eerder|{_BEFORE}) {_FAR}(?:{_HAD} )?(?:{_LATELY}|"
    rf"{PASSED})\b(?![^.]*\?)",
    rf"\bwat (?:ik|we|wij) (?:al |eerder |ook )*(?:tegen|aan) [\w’'-]+ {_UP_TO}(?:{_LATELY}|{PASSED})",
    rf"\bdat (?:vroeg|vroegen|wilde|wilden) {_FAR}(?:ook al|al eerder|net ook|net al)\b",
    rf"\b(?:u|jullie|je) {_HAD} (?:mij |me |ons )?(?:dat|dit) {_FAR}gevraagd\b",
    rf"\b(?:jullie|u|je) {_HAD} {_FAR}al {_UP_TO}(?:gekregen|ontvangen|gehad|in huis|in het systeem)\b",
    r"\b(?:dat|dit|zo) (?:spraken|hadden) (?:we|wij) (?:\w+ ){0,3}?af(?:gesproken)?\b",
    r"\bik herhaal\b|\bik zei(?::|,| toch| net| al| dus)|\blangs elkaar heen\b",
)
# So many times, to so many people
_COUNTED = any_of(
    rf"\b(?:dit|het|dat) is (?:nu |inmiddels |al |alweer )*(?:mijn|de|onze) {_NTH} (?:e-?mail\w*|mail\w*|"
    r"bericht\w*|brief|app\w*|"
    r"telefoontje|belletje|poging|verzoek|herinnering)\b",
    rf"\bvoor de {_NTH} maal (?:mijn|de|het|dat|deze)\b",
    rf"\b{_NTH} {_ONE_OF_US}\b.*\b(?:zelfde|dezelfde|hetzelfde|verhaal|vraagt|vroeg|uitleg\w*|vertel\w*|horen|"
    r"weten)\b",
    rf"\b{_MANY} (?:verschillende )?(?:keer|{_ONE_OF_US})\b.*\b(?:moest|moeten|moet|mag|mocht|"
    rf"heb) {_UP_TO}(?:uitleggen|uitgelegd|"
    r"vertellen|verteld|verhaal)\b",
    rf"\b{_MANY} (?:verschillende )?{_ONE_OF_US}\b.*\b(?:hetzelfde|dezelfde vraag|dezelfde vragen)\b",
    r"\bal (?:gebeld|gemaild|geappt|geschreven)\b.{0,20}\bal (?:gebeld|gemaild|geappt|geschreven)\b",
    rf"\b(?:iedere|elke|ieder) (?:nieuwe )?{_ONE_OF_US} (?:\w+ ){{0,3}}?(?:moet|mag|opnieuw|weer|vraagt|vertel|"
    r"leg)\b",
)
# From the beginning, and here it comes again
_ANEW = any_of(
    r"\b(?:weer|opnieuw|telkens|steeds|iedere keer|elke keer|alweer)\b.*\b(?:van voren af|van voor af|vanaf nul|"
    r"van nul|bij nul|"
    r"op nul|vanaf het begin|bij het begin|van a tot z|hele geschiedenis|bij adam)\b",
    r"\b(?:van voren af aan|vanaf nul|helemaal opnieuw) (?:beginnen|vertellen|uitleggen)\b",
    r"\bhier (?:gaat|gaan|komt|komen|is|zijn|heb je|hebben jullie) (?:ie|hij|het|ze|we|dan)? ?(?:dan )?(?:weer|"
    r"nogmaals|opnieuw)\b",
    r"\bdaar gaan we weer\b(?!.*\b(?:uit|storing|kapot|stuk|koud|lek|lekt)\b)",
    r"\b(?:zet|schrijf|noem|stuur|vermeld|plak|typ|geef) (?:ik )?(?:het|ze|hem|dit|dat|u|je|"
    r"jullie) (?:\w+ ){0,3}?(?:weer|opnieuw|"
    r"nog een keer|nog eens|nogmaals|voor de zekerheid)\b",
    rf"\bwaarom (?:moet|moeten|wil|willen|vraagt|vragen) {_UP_TO}(?:nog een keer|weer|opnieuw|nogmaals|nog eens)\b",
    r"\b(?:weer|alweer|opnieuw|telkens|steeds|pff|zucht|nogmaals)\b.*\b(?:dezelfde|zelfde) vra(?:ag|gen)\b",
    r"\b(?:zelfde|dezelfde) vra(?:ag|gen),? (?:ander|nieuw|weer|alweer)",
    r"\bsame (?:story|question)s? again\b|\b(?:start|begin) (?:all )?over\b|\bhave to repeat\b|\bonce more:",
)
# It stands somewhere, and nobody read it
_STANDS = any_of(
    r"\b(?:hierboven|daar|daarin|bij mij) (?:\w+ ){0,3}?staa[tn]? (?:het|alles|ze|gewoon|ie|hij)\b|"
    r"\bhierboven staat\b",
    r"\b(?:dat|dit|alles|het) (?:\w+ ){0,6}?staat (?:\w+ ){0,2}?(?:al|toch|gewoon|allemaal|"
    r"duidelijk) (?:\w+ ){0,2}?(?:in|op|bij)\b",
    r"\b(?:dat|alles)(?: \w+){0,6}? staat (?:er|erin|daarin|daar|erbij)(?: al| toch| gewoon)?\s*[.!,]",
    r"\b(?:zie|lees|bekijk) (?:dan |maar |even |eens )*(?:mijn|m'n|onze) (?:\w+ )?(?:e-?mail\w*|mail\w*|bericht\w*|"
    r"brief|app\w*|melding|aanvraag|"
    r"formulier)\b",
    r"\b(?:lees|lezen|scroll|blader|zoek)\b.*\bterug\b(?=.*\bvoor\b|\s*[.!,]|$)",
    r"\bniemand\b.*\b(?:gelezen|leest|doorgegeven|opgeschreven|genoteerd|geluisterd|luistert|overgedragen)\b",
    r"\b(?:leest|luistert|schrijft|noteert) (?:er )?(?:dan |wel |eigenlijk )*(?:iemand|niemand)\b",
    r"\bniet (?:goed |echt )?(?:gelezen|geluisterd)\b|\bweten (?:jullie|ze) dan nooit\b",
    r"\b(?:see|read) my (?:previous|earlier|last|first)\b|\b(?:you|they) already have (?:it|this|that|my)\b",
)


def says_told_before(text: str) -> bool:
    """Whether somebody says that they told this already."""
    return any(_says(sentence) for sentence in _lines(text)) or shows_it_was_told(text)


def _says(sentence: str) -> bool:
    if ASKS_US.search(sentence):
        return False
    return any(family.search(sentence) for family in (_REPEATS, _COUNTED, _ANEW, _STANDS))


def _lines(text: str) -> Iterator[str]:
    return (fold(sentence) for sentence in sentences(text[:4000]))
