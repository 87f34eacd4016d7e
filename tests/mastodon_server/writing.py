"""How Mastodon counts, reads and marks up a text. Written apart from the connector, so that each checks the other."""

from __future__ import annotations

import html
import re

import regex

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\"'.,;:!?)\]]")
MENTION = re.compile(r"(?<![\w/@])@([A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_]+)?)(?:@([\w.-]+\w(?::\d+)?))?")
TAG = re.compile(r"(?<![\w/#&])#(\w*[^\W\d]\w*)")
LINK_COUNTS = 23  # characters, docs: api/guidelines "Other links"


def count(text: str, spoiler: str = "") -> int:
    """Characters that count towards the limit: grapheme clusters; a link is 23, a mention leaves out its domain."""
    shortened = MENTION.sub(lambda found: "@" + found[1], LINK.sub("x" * LINK_COUNTS, text))
    return len(regex.findall(r"\X", spoiler + shortened))


def tags(text: str) -> list[str]:
    """The hashtags of a text without the sign, in small letters, each once."""
    return list(dict.fromkeys(found[1].lower() for found in TAG.finditer(LINK.sub(" ", text))))


def mentions(text: str) -> list[str]:
    """The accounts that a text names, as `name` or `name@domain`, each once."""
    found = (f"{m[1]}@{m[2]}" if m[2] else m[1] for m in MENTION.finditer(LINK.sub(" ", text)))
    return list(dict.fromkeys(found))


def marked_up(text: str, known: set[str], base: str) -> str:
    """The sanitised HTML that a status shows; only `known` accounts become links."""
    paragraphs = re.split(r"\n{2,}", text.strip())
    inner = "</p><p>".join("<br />".join(_line(line, known, base) for line in part.split("\n")) for part in paragraphs)
    return f"<p>{inner}</p>" if text.strip() else ""


def _line(line: str, known: set[str], base: str) -> str:
    pattern = re.compile(f"(?P<link>{LINK.pattern})|(?P<mention>{MENTION.pattern})|(?P<tag>{TAG.pattern})")
    out, at = [], 0
    for found in pattern.finditer(line):
        out += [html.escape(line[at : found.start()], quote=False), _entity(found[0], known, base)]
        at = found.end()
    return "".join([*out, html.escape(line[at:], quote=False)])


def _entity(word: str, known: set[str], base: str) -> str:
    if word.startswith("@"):
        name = word[1:].split("@")[0]
        if word[1:] not in known:
            return html.escape(word)
        return (
            f'<span class="h-card"><a href="{base}/@{word[1:]}" class="u-url mention">@<span>{name}</span></a></span>'
        )
    if word.startswith("#"):
        return (
            f'<a href="{base}/tags/{word[1:].lower()}" class="mention hashtag" rel="tag">#<span>{word[1:]}</span></a>'
        )
    return _link(word)


def _link(address: str) -> str:
    scheme, rest = address.split("://", 1)
    shown, hidden = rest[:30], rest[30:]
    kind = "ellipsis" if hidden else ""
    safe = html.escape(address)
    return (
        f'<a href="{safe}" target="_blank" rel="nofollow noopener"><span class="invisible">{scheme}://</span>'
        f'<span class="{kind}">{html.escape(shown)}</span><span class="invisible">{html.escape(hidden)}</span></a>'
    )
