"""The text of a piece of HTML, and text without the whitespace that nobody means. No Django."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import nh3

_BLOCK = re.compile(r"<(br|/?(?:p|div|li|tr|h[1-6]|blockquote|ul|ol|pre))(?=[\s/>])[^<>]{0,500}>", re.IGNORECASE)
_SILENT = frozenset({"script", "style", "template"})


def plain_text(markup: str, *, without: Iterable[str] = ()) -> str:
    """No tags, no scripts, entities resolved, paragraphs kept as empty lines; `without` the content of these tags too.

    By nh3 (a parser of browsers, linear): html.parser needs minutes for 100 kB of "<a <a <a"."""
    flowing = re.sub(r"\s+", " ", markup)
    broken = _BLOCK.sub(_line_end, flowing)
    silent = set(_SILENT | set(without))
    return squeezed(html.unescape(nh3.clean(broken, tags=set(), attributes={}, clean_content_tags=silent)))


def _line_end(tag: re.Match[str]) -> str:
    end = "\n\n" if tag[1].lower() == "p" else "\n"
    return tag[0] + end if "blockquote" in tag[1].lower() else end


def squeezed(text: str) -> str:
    """Text with the whitespace that people do not mean taken out; at most one empty line in a row."""
    lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in text.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
