"""How Mastodon counts: docs, user/posting and api/guidelines (a link is 23, a mention leaves out its domain). A text
for a thread is cut into parts that fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from koor.connectors.mastodon.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Limits, Prepared
from koor.ground.channels.contract import message_id as _
from koor.ground.channels.logic.parts import Cutter, is_thread, told

# Bounded, so that no text makes it slow: a name of at most 64 signs, a domain in parts
MENTION = re.compile(r"(?<![\w/@.])(@\w[\w.-]{0,63})@[\w-]+(?:\.[\w-]+)*(?::\d+)?")
MOST_ANSWERS, LONGEST_ANSWER, MOST_HOURS = 4, 50, 720  # of a poll


def limits_for(settings: Mapping[str, str]) -> Limits:
    """The limits before the server was asked; `check` gives the server's own."""
    return MANIFEST.limits


def without_domains(text: str) -> str:
    """`@els@social.example` as people read it: `@els`."""
    return MENTION.sub(r"\1", text)


def length(draft: Draft, limits: Limits) -> int:
    """Characters that count: content warning and text together, as people see characters; of a thread those of its
    longest part."""
    measure = _measure(limits.link_characters)
    return _warning(draft) + max((measure(one) for one in posts(draft, limits)), default=0)


def posts(draft: Draft, limits: Limits) -> list[str]:
    """The posts that this draft becomes, as they are cut; each has the content warning."""
    text = logic.wording(draft)
    if not is_thread(draft):
        return [text]
    most = max(1, (limits.characters or 500) - _warning(draft))
    return Cutter(_measure(limits.link_characters), _links, most).parts(text)


def beforehand(draft: Draft, limits: Limits) -> tuple[str, Mapping[str, int]]:
    """What people should know before it goes."""
    return told(posts(draft, limits))


def _warning(draft: Draft) -> int:
    return logic.graphemes(draft.options.get("content_warning", ""))


@lru_cache(maxsize=8)
def _measure(link: int | None) -> Callable[[str], int]:
    """Counts a text on a server where a link is so long; the same function each time, so that cutting is kept."""

    def measure(text: str) -> int:
        return logic.graphemes(without_domains(text if link is None else logic.LINK.sub("x" * link, text)))

    return measure


def _links(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in logic.LINK.finditer(text)]


def poll_of(draft: Draft) -> tuple[list[str], str]:
    """The answers to choose from, and for how many hours, as they were filled in."""
    answers = [line.strip() for line in draft.options.get("poll", "").splitlines() if line.strip()]
    return answers, draft.options.get("poll_hours", "").strip()


def problem(draft: Draft) -> Prepared | None:
    """What is wrong with a poll; the server would take it away, or refuse all of it later."""
    answers, hours = poll_of(draft)
    wrong = ""
    if answers and draft.media:
        wrong = _("On Mastodon a poll goes without pictures: take away one of the two.")
    elif answers and not 2 <= len(answers) <= MOST_ANSWERS:
        wrong = _("A poll has two to four answers, one on each line.")
    elif answers and any(logic.graphemes(one) > LONGEST_ANSWER for one in answers):
        wrong = _("An answer of a poll is at most 50 characters.")
    elif answers and hours and not (hours.isdecimal() and 0 < int(hours[:9]) <= MOST_HOURS):
        wrong = _("Give the hours of the poll as a number, from 1 to 720.")
    return Prepared(problem=wrong, because=Because.REJECTED) if wrong else None
