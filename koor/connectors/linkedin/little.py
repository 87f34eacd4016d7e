"""LinkedIn's "little" text: signs with a meaning are escaped, mentions and tags are marked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from koor.ground.channels import logic
from koor.ground.channels.contract import Draft

RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
# Bounded, so that no text makes them slow. A mention is written as @[Name](…), with a URN or the address of a page
MENTION = re.compile(
    r"@\[([^\[\]\n]{1,100})\]\((urn:li:(?:person|organization):[\w-]{1,60}|"
    r"https://(?:www\.)?linkedin\.com/company/([\w%-]{1,100})/?)\)"
)
TAG = re.compile(r"(?<![\w#&/])[#＃](\w{1,100})")
LINK = re.compile(r"https?://\S{1,2000}")


def wording(draft: Draft) -> str:
    """The text as people wrote it: beside pictures there is no card, so the link stands under the text."""
    return logic.wording(draft, card=True)


def shown(text: str) -> str:
    """The text as people read it there: of a mention only the name."""
    return MENTION.sub(r"\1", text)


def pages_named(text: str) -> list[str]:
    """The pages that are mentioned by their address, each once."""
    return list(dict.fromkeys(match[3] for match in MENTION.finditer(text) if match[3]))[:10]


def escaped(text: str) -> str:
    return RESERVED.sub(lambda sign: f"\\{sign[0]}", text)


def commentary(text: str, pages: Mapping[str, str]) -> str:
    """The text as the interface takes it; `pages` maps names in addresses to URNs. Who is not in it stays text."""
    made, at = [], 0
    for match in MENTION.finditer(text):
        urn = pages.get(match[3], "") if match[3] else match[2]
        mention = f"@[{_name(match[1])}]({urn})" if urn else escaped(match[1])
        made += [_tagged(text[at : match.start()]), mention]
        at = match.end()
    return "".join([*made, _tagged(text[at:])])


def _name(name: str) -> str:
    return re.sub(r"[\\()\[\]{}|<>@#*_~]", lambda sign: f"\\{sign[0]}", name)


def _tagged(text: str) -> str:
    """Tags as such, all else escaped; what stands in a link is no tag."""
    links = [match.span() for match in LINK.finditer(text)]
    made, at = [], 0
    for match in TAG.finditer(text):
        if match[1].isdecimal() or any(first <= match.start() < last for first, last in links):
            continue
        made += [escaped(text[at : match.start()]), "{hashtag|\\#|" + escaped(match[1]) + "}"]
        at = match.end()
    return "".join([*made, escaped(text[at:])])


def plain(commentary: str) -> str:
    """What the interface gives back, as people read it."""
    text = re.sub(r"\{hashtag\|\\?([#＃])\|((?:\\.|[^{}|\\]){1,200})\}", r"\1\2", commentary)
    text = re.sub(r"@\[((?:\\.|[^\[\]\\]){1,200})\]\(urn:li:[^)]{1,100}\)", r"\1", text)
    return re.sub(r"\\([\\|{}@\[\]()<>#*_~])", r"\1", text)


def heart(text: str) -> str:
    """What LinkedIn leaves the same of a text: no whitespace."""
    return "".join(text.split())
