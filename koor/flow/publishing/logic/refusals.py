"""What a platform means by its refusal, as far as its own words tell: platforms answer in English, each in its own way.

Only for what a person reads: whether something went is decided by `delivery`, never by these words."""

from __future__ import annotations

import re

DUPLICATE, LONG, MEDIA, AUTH, RATE, RULES, GONE = "duplicate", "long", "media", "auth", "rate", "rules", "gone"
# In this order: "message too large: limit 5 MB" is about what goes along, "too many characters" about length, and
# "duplicate status" is no status of an account.
_KINDS = (
    (DUPLICATE, r"duplicate|already (?:been )?(?:posted|published|shared|exists)|same (?:text|content|post)"),
    (MEDIA, r"\d\s?(?:[kmg]i?b|(?:kilo|mega|giga)?bytes)\b|file (?:size|is too)"),
    (LONG, r"too long|too many (?:characters|graphemes)|"
           r"(?:characters?|graphemes|text|caption|message|commentary|length)\W(?:\w+\W+){0,6}"
           r"(?:limit|maximum|exceed|longer|at most)|"
           r"(?:exceed|longer)\w*\W+(?:\w+\W+){0,6}(?:characters|graphemes|length)"),
    (RATE, r"too many requests|rate.?limit|quota|(?:daily|hourly) limit|throttl"),
    (AUTH, r"token\b|tokens\b|session has|\blog ?in\b|permission|\bscopes?\b|"
           r"not authori[sz]ed|unauthori[sz]ed|forbidden|not allowed to|"
           r"access (?:is )?denied|suspended|deactivated|restricted"),
    (RULES, r"spam|abus|violat|policy|policies|community (?:standards|guidelines)|blocked|harmful|unsafe|malicious"),
    (MEDIA, r"image|picture|photo|video|film|media|attachment|thumbnail|aspect ratio|resolution|mime|codec|blob|"
            r"file (?:size|type|format)|document"),
    (GONE, r"not found|does not exist|no longer exists|deleted|unavailable|unknown record"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_BY_STATUS = {401: AUTH, 403: AUTH, 404: GONE, 410: GONE, 413: MEDIA, 415: MEDIA, 429: RATE}


def kind_of(answer: str) -> str:
    """Which of the usual reasons it is; empty when its words tell none."""
    found = next((kind for kind, pattern in _PATTERNS if pattern.search(answer[:600])), "")
    status = re.match(r"\s*(\d{3})\b", answer)
    return found or _BY_STATUS.get(int(status[1]) if status else 0, "")
