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


_NUMBERED = rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?"
_ONE, _SEVERAL = re.compile(_NUMBERED), re.compile(rb"(?:&#(?:[xX][0-9a-fA-F]+|[0-9]+);?)+")
_LOST = b"&#xFFFD;"
_LARGEST = 0x10FFFF
_WHITE = (9, 10, 13)  # of what is below a space XML knows these


def whole_references(content: bytes) -> bytes:
    """XML in which halves of signs (`&#55357;&#56832;`, as careless programs write an emoji) are whole signs; a half
    that stands alone, or a number that is no sign, is the sign for what was lost: no parser takes one."""
    return _SEVERAL.sub(_known, content)


def _known(run: re.Match[bytes]) -> bytes:
    found, half = list[bytes](), 0
    for one in _ONE.finditer(run[0]):
        number = _number(one[1], one[2])
        if half and 0xDC00 <= number <= 0xDFFF:
            found[-1], half = b"&#x%X;" % (0x10000 + ((half - 0xD800) << 10) + (number - 0xDC00)), 0
            continue
        half = number if 0xD800 <= number < 0xDC00 else 0
        found.append(one[0] if _is_sign(number) else _LOST)
    return b"".join(found)


def _is_sign(number: int) -> bool:
    """Whether XML 1.0 knows a sign of this number."""
    if number < 0x20:
        return number in _WHITE
    return not 0xD800 <= number <= 0xDFFF and number not in {0xFFFE, 0xFFFF} and number <= _LARGEST


def _number(hexadecimal: bytes | None, decimal: bytes | None) -> int:
    digits = (hexadecimal or decimal or b"").lstrip(b"0")
    return int(digits or b"0", 16 if hexadecimal else 10) if len(digits) < 9 else _LARGEST + 1
