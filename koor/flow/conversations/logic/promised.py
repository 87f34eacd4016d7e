"""What we promised for a day in so many words, so that it is kept without asking. A promise that nobody made is worse
than one that was missed: of all that is less sure a person says whether it is. No Django."""

import re
from datetime import date, timedelta

from koor.flow.conversations.logic.told import (
    DAY_AHEAD,
    DAYS,
    DO,
    ENGLISH,
    MONTH,
    PART,
    Found,
    any_of,
    due_in,
    found_in,
)
from koor.kernel.search import fold

LONGEST_AHEAD = timedelta(days=60)  # what is further away is more often a date that refers back

_NAMED = "|".join((*DAYS, *ENGLISH))
_ONE = "kom|bel|neem|stuur|mail|plaats|regel|zorg|breng|vervang|kijk|maak|bestel|meld|zet|laat|zal|ga"
_MORE = (
    "komen|bellen|sturen|mailen|plaatsen|regelen|zorgen|brengen|vervangen|kijken|maken|bestellen|melden|zetten|laten|"
    "zullen|gaan|nemen"
)
_YOU, _FROM_US = "(?:je|jij|u|jullie)", r".*\bvan (?:me|mij|ons)\b"  # you hear from us: ours to do
_WE_DO = any_of(  # we, directly beside what we do; before it, when some words go first: else it is a question
    rf"\bik (?:{_ONE})\b",
    rf"\b(?:we|wij) (?:{_MORE})\b",
    rf"\S (?:{_ONE}) ik\b",
    rf"\S (?:{_MORE}) (?:we|wij)\b",
    r"\b(?:i|we)(?:['’]ll| (?:will|shall|come|call|send|bring|replace|visit|order))\b",
    rf"\b{_YOU} (?:hoort?|horen)\b{_FROM_US}",
    rf"\S (?:hoort?|horen) {_YOU}\b{_FROM_US}",
    r"\byou(?:['’]ll| will) hear\b.*\bfrom (?:me|us)\b",
)
_MONTH_NAMES = (  # in full: Jan is a colleague
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|january|february|march|june|"
    "july|august|october|sept|okt|nov|dec"
)
_UNSURE = any_of(
    # only if, or perhaps
    r"\b(?:als|wanneer|zodra|indien|tenzij|mits|anders|misschien|mogelijk|eventueel|waarschijnlijk|hopelijk|hoop|hopen|"
    r"graag|liever|liefst|stel|volgens|probeer|proberen|denk|verwacht|mocht(?:en)?|lukt|lukken|voorbehoud|afhankelijk|if|when|once|unless|"
    r"provided|depending|otherwise|perhaps|maybe|possibly|probably|hope|try|think|expect)\b",
    # asked, wished or able, not said
    r"\b(?:zou|zouden|kan|kunnen|wil|willen|wou|mag|mogen|moet|moeten|would|could|might|must|should|can|want|do|did)\b",
    r"(?<!\d )\bmay\b",
    # not at all, or one of several
    r"\b(?:niet|geen|nooit|behalve|or|elke|iedere|not|never|cannot|except|every|each)\b|n['’]t\b|(?<!weten )\bof\b",
    # done already
    r"\b(?:heb|hebben|had|hadden|was|waren|ben|zijn|geweest|kwam|kwamen|gisteren|geleden|vorige|afgelopen|have|has|were|"
    r"been|yesterday|ago|last)\b",
    # what goes along now, or was said by somebody
    r"\b(?:hierbij|bijgevoegd|bijgaand|namens|herewith|attached|vakantie|verlof|holiday|zeg|zegt|zeggen|zei|zeiden|schreef|"
    r"schreven|said|says|wrote|written)\b",
    # a day of another week or month
    r"\b(?:over|in) (?:een paar|een aantal|a few|een|twee|drie|vier|vijf|zes|acht|tien|veertien|a|one|two|three|four|"
    r"\d+) (?:dag|dagen|week|weken|maand|maanden|days?|weeks?|months?)\b",
    r"\bw(?:ee)?k\.? ?\d|\b(?:maand|month|fortnight)\b|\bweek (?:on|from|after)\b|\bafter next\b",
    rf"\b(?:week|dag|(?:{_NAMED}){PART}) (?:erna|erop|daarop)\b(?! terug)|\bde daarop ?volgende\b",
    rf"\bfollowing (?:week|day|{_NAMED})\b|\b(?:week|day|{_NAMED}) following\b",
    r"[>\"“”„«»]|\?|\d[-/]\d|\b(?:19|20)\d\d\b",
)
_NTH = re.compile(r"\b(\d{1,2})(?:ste|de|e|st|nd|rd|th)\b")
_MONTH_ALONE = re.compile(rf"(?<!\d )\b(?:{_MONTH_NAMES})\b")
_UNTIL = any_of(  # what stands behind it is about something else
    r"\b(?:dat|die|of|wie|wat|waar|hoe|waarom|omdat|zodat|toen|terwijl|nadat|voordat|totdat|doordat|that|which|who|what|"
    r"where|how|why|because|whether|while|before|after|until)\b",
)
_PIECE = re.compile(r"[,;()–—]| (?:en|maar|want|dus|and|but|so) | om (?!\d)")
_WEEKDAY = re.compile(rf"\b(?:{_NAMED}){PART}\b")
_DAY = any_of(_WEEKDAY.pattern, r"\bmorgen(?:ochtend|middag|avond)?\b|\btomorrow\b", rf"\b(?:{DAY_AHEAD})\b")
_WEEK = re.compile(r"\b(?:volgende|deze|eind van de) week\b|\b(?:next|this) week\b|\b(?:binnen|within) ")
_OTHERS = re.compile(  # "the letter of Tuesday", "about Tuesday": a day that says which, not when
    r"\b(?:van|voor|over|naar|vanaf|sinds|tot|na|of|for|about|from|since|until|after|dd|d\.d\.)(?: (?:de|the))? "
    rf"(?:{_NAMED}|vandaag|morgen|overmorgen|today|tomorrow|volgende|next|deze|this|\d{{1,2}} [a-z]{{3,}})"
    rf"|\b(?:{_NAMED}|today|tomorrow)['’]s\b"
)
_LETTER = re.compile(  # of theirs, below our answer
    r"^.*\b(?:schreef|geschreven|wrote)\b[^\n]{0,80}:\s*$|^-{2,}\s?(?:original|oorspronkelijk)",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]*[\"“”»]?")


def promised_in(text: str, day: date) -> list[Found]:
    """What we promised for a day: in a plain sentence, with one day in it that is near."""
    own = text[: found.start()] if (found := _LETTER.search(text)) else text
    return [one for one in found_in(_QUOTED.sub("“", own), ours=True, day=day) if _is_sure(one, day)]


def _is_sure(one: Found, day: date) -> bool:
    words = fold(one.text)
    if one.due is None or one.due > day + LONGEST_AHEAD or _UNSURE.search(words) or _OTHERS.search(words):
        return False
    if _WEEKDAY.search(words) and _of_another_month(words, one.due):
        return False
    said = words[: found.start()] if (found := _UNTIL.search(words)) else words
    return _names_one_day(words, one.due) and any(_we_do(piece, one.due, day) for piece in _PIECE.split(said))


def _of_another_month(words: str, due: date) -> bool:
    """Beside a day of the week: "Tuesday the 12th", when the promise is for the 24th, or "a Tuesday in January"."""
    return any(int(found[1]) != due.day for found in _NTH.finditer(words)) or bool(_MONTH_ALONE.search(words))


def _we_do(piece: str, due: date, day: date) -> bool:
    """Whether it stands in these words that we do something on that day."""
    found = _WE_DO.search(piece.strip())
    return bool(found and DO.search(piece)) and ":" not in piece and due_in(piece, day) == due


def _names_one_day(words: str, due: date) -> bool:
    """A week with a day of it, or a date with its day of the week, is one day."""
    days, dates, weeks = (len(list(one.finditer(words))) for one in (_DAY, MONTH, _WEEK))
    if dates:
        weekday = re.compile(rf"\b(?:{DAYS[due.weekday()]}|{ENGLISH[due.weekday()]}){PART}\b")
        return dates == 1 and not weeks and (not days or (days == 1 and bool(weekday.search(words))))
    return days + weeks == 1 or (days == weeks == 1 and bool(re.search(r"\b(?:volgende|next) week\b", words)))
