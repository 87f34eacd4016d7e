"""How X counts, cuts and charges. The rules are those of twitter-text, configuration 3: a link is 23, light scripts 1,
all else 2, an emoji 2. Source: docs.x.com, Counting characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from koor.connectors.x.endings import KNOWN
from koor.connectors.x.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Limits, Prepared
from koor.ground.channels.contract import message_id as _
from koor.ground.channels.logic.parts import Cutter, is_thread
from koor.kernel.normal import normal

POST, WITH_LINK, DESCRIPTION = 15, 200, 5  # thousandths of a dollar, since 20 April 2026
# Bounded, so that no text makes them slow
HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}(?P<end>[a-z]{2,24})"
ANY_HOST = HOST.replace("a-z0-9", r"\w")
PLACE = r"(?::\d{1,5})?(?:[/?][^\s<>\"]{0,2000})?"
WITH_SCHEME = re.compile(rf"https?://{ANY_HOST}(?![\w@-]|\.\w){PLACE}", re.IGNORECASE)
BARE = re.compile(rf"(?<![\w@.$#/:-]){HOST}(?![\w@-]|\.\w){PLACE}", re.IGNORECASE)
TRAILING = ".,;:!?'\"\u2019\u201d\u2026"


def limits_for(settings: Mapping[str, str]) -> Limits:
    return MANIFEST.limits


def wording(draft: Draft) -> str:
    """The text as it is posted: with the link under it, unless it is in the text already."""
    text = normal(draft.text.strip())
    return f"{text}\n\n{draft.link}".strip() if draft.link and draft.link not in text else text


def length(draft: Draft, limits: Limits) -> int:
    """The weight of a post; of a thread that of its heaviest part, which always fits."""
    if is_thread(draft):
        return max((weight(part) for part in parts(draft, limits.characters or 280)), default=0)
    return weight(wording(draft))


def links(text: str) -> list[tuple[int, int]]:
    """Where X sees links, in order."""
    found = list(WITH_SCHEME.finditer(text))
    taken = iter([match.span() for match in found])
    first, last = next(taken, (len(text), len(text)))
    for match in BARE.finditer(text):
        while last <= match.start() < len(text):
            first, last = next(taken, (len(text), len(text)))
        if match["end"].lower() in KNOWN and not (first < match.end() and match.start() < last):
            found.append(match)
    return sorted((match.start(), match.start() + len(_trimmed(match[0]))) for match in found)


def _trimmed(link: str) -> str:
    """Without what ends the sentence: full stops, and brackets that are not opened in it."""
    end, more = len(link), {close: link.count(close) - link.count(opens) for opens, close in ("()", "[]")}
    while end and (link[end - 1] in TRAILING or more.get(link[end - 1], 0) > 0):
        end -= 1
        if link[end] in more:
            more[link[end]] -= 1
    return link[:end]


def weight(text: str) -> int:
    """The length as X counts."""
    text = normal(text)
    total, at = 0, 0
    for first, last in links(text):
        total += logic.weight(text[at:first]) + _link_weight(text[first:last])
        at = last
    return total + logic.weight(text[at:])


def _link_weight(link: str) -> int:
    """A name that X does not know may be no link to it: then it counts as it stands."""
    match = WITH_SCHEME.match(link)
    known = match is None or match["end"].lower() in KNOWN
    return 23 if known else max(23, logic.weight(link))


def parts(draft: Draft, most: int = 280) -> list[str]:
    """A thread, cut as X counts."""
    return Cutter(weight, links, most).parts(wording(draft))


def posts(draft: Draft, limits: Limits) -> list[str]:
    """The posts that this draft becomes, as they are cut."""
    return parts(draft, limits.characters or 280) if is_thread(draft) else [wording(draft)]


def cost(draft: Draft, limits: Limits) -> int:
    """What it costs to post this, in thousandths of a dollar."""
    pieces = posts(draft, limits)
    described = sum(1 for medium in draft.media if medium.alt)
    return sum(WITH_LINK if links(piece) else POST for piece in pieces) + described * DESCRIPTION


def beforehand(draft: Draft, limits: Limits) -> tuple[str, Mapping[str, Any]]:
    """What people should know before it goes."""
    if draft.in_reply_to and not draft.text.strip():  # nothing is written yet
        sentence = _("X charges $%(dollars)s for an answer, and $%(linked)s with a link in it.")
        return sentence, {
            "dollars": Decimal(POST).scaleb(-3),
            "linked": Decimal(WITH_LINK).scaleb(-3).quantize(Decimal("0.01")),
        }
    thousandths = cost(draft, limits)
    dollars = Decimal(thousandths).scaleb(-3).quantize(Decimal("0.001" if thousandths % 10 else "0.01"))
    if (number := len(posts(draft, limits))) > 1:
        return _("%(parts)s posts in a thread; X charges $%(dollars)s for them."), {"parts": number, "dollars": dollars}
    return _("X charges $%(dollars)s for this."), {"dollars": dollars}


def problem(draft: Draft) -> Prepared | None:
    """A film or a moving picture goes alone."""
    alone = [one for one in draft.media if one.mime in ("image/gif", "video/mp4")]
    if alone and len(draft.media) > 1:
        return Prepared(problem=_("A film or a moving picture goes alone on X."), because=Because.REJECTED)
    return None
