"""Links with a campaign in them, short ones of our own, and which visits are people."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

SIGNS = 8
# Who looks at a link without being a reader: search engines, previews of platforms and chats, watchers, programs.
# After the lists of github.com/monperrus/crawler-user-agents and github.com/omrilotan/isbot (read on 22 November 2026):
# the words that nearly all of theirs share, and those previews that hide behind none of them.
_BOTS = re.compile(
    r"bot\b|bots\b|crawl|spider|slurp|scrap|archiver|preview|fetch|monitor|check|validator|feed|rss|reader"
    r"|facebookexternalhit|facebookcatalog|meta-external|whatsapp|telegram|skypeuri|slack|discord|embedly|iframely"
    r"|mastodon|pleroma|misskey|akkoma|bluesky|cardyb|linkedin|pinterest|vkshare|bitly|google-|bingpreview|yandex|baidu"
    r"|lighthouse|pagespeed|headless|phantom|playwright|puppeteer|selenium"
    r"|curl|wget|python|httpx|aiohttp|go-http|java/|okhttp|libwww|perl|ruby|php|node|axios|postman|koor/",
    re.IGNORECASE,
)
_AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")


def is_reader(method: str, headers: Mapping[str, str]) -> bool:
    """Whether somebody follows the link, as far as the request tells. `headers` by names in small letters."""
    browser = headers.get("user-agent", "").strip()
    ahead = any(re.search(r"prefetch|prerender|preview", headers.get(name, ""), re.IGNORECASE) for name in _AHEAD)
    return method == "GET" and bool(browser) and not ahead and not _BOTS.search(browser)


def code_of(house: str, row: int) -> str:
    """Signs that nobody mistakes for others; the same for a row, always."""
    return base64.b32encode(hashlib.sha256(f"{house}:{row}".encode()).digest())[:SIGNS].decode().lower()


def tagged(link: str, *, source: str, medium: str, campaign: str) -> str:
    """The link with where it was followed from. What a person put there themselves stays."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    given = parse_qsl(parts.query, keep_blank_values=True)
    there = {name for name, _value in given}
    wanted = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}
    more = [(name, value) for name, value in wanted.items() if value and name not in there]
    query = "&".join(part for part in (parts.query, urlencode(more)) if part)
    whole = urlunsplit(parts._replace(query=query))
    return whole if len(whole) <= 1000 else link


def tags_in(text: str) -> list[str]:
    """Hashtags out of what somebody typed, each once, with one # before it."""
    found = (re.sub(r"\W", "", one) for one in re.split(r"[\s,;#]+", text))
    return [f"#{one}" for one in dict.fromkeys(filter(None, found)) if not one.isdigit()][:30]


def with_tags(text: str, tags: list[str]) -> str:
    """A text with those of a set that it does not have yet."""
    there = {one.casefold() for one in re.findall(r"#\w+", text)}
    more = " ".join(one for one in tags if one.casefold() not in there)
    return f"{text.rstrip()}\n\n{more}".strip() if more else text
