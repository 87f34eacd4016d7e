"""What somebody wrote in a letter, and what was only carried along: history, signature. No Django."""

from __future__ import annotations

import re

from koor.kernel.plain import plain_text, squeezed

MOST_QUOTES = 500  # in one another they take long to read; nobody writes so many
_HISTORY = re.compile(
    r"(?i)^\W*(original message|oorspronkelijk bericht|forwarded message|doorgestuurd bericht|doorgestuurde bericht"
    r"|ursprüngliche nachricht|message d'origine|begin doorgestuurd bericht|begin forwarded message)\W*$|^\s*_{10,}\s*$"
)
_FROM = re.compile(r"(?i)^\W*(from|van|von|de)\s*:\W*\S")
_ALSO = re.compile(
    r"(?i)^\W*(sent|verzonden|verstuurd|gesendet|envoyé|date|datum|to|aan|an|subject|onderwerp|betreff)\s*:"
)
_WROTE = re.compile(r"(?i)\b(wrote|schreef|schrieb|a écrit|writes|het volgende)\b.{0,120}:\s*$")
_BEGINS = re.compile(r"(?i)^\s*(on|op|am|le)\b|^.{0,80}\d{4}.{0,80}\b(wrote|schreef|schrieb)\b")
_DEVICE = re.compile(
    r"(?i)^\s*((sent|verstuurd|verzonden) (from|vanaf|met|vanuit|via)|gesendet von|(get|download) outlook)\b.{0,60}$"
)


def of_page(page: str) -> tuple[str, str]:
    """The text of an HTML letter, whole and without what was quoted in it."""
    silent, whole = ("head", "title"), plain_text(page, without=("head", "title"))
    if not 0 < page.lower().count("<blockquote") <= MOST_QUOTES:
        return whole, whole
    return whole, plain_text(page, without=(*silent, "blockquote"))


def fresh(text: str) -> str:
    """What is new in a letter: without the letters before it, and without the signature where that is marked. The whole
    text when nothing else is left, such as a letter that was only forwarded."""
    lines = text.replace("\r\n", "\n").split("\n")
    end = _end(lines)
    kept = [
        line
        for number, line in enumerate(lines[:end])
        if not line.lstrip().startswith(">") and not _led_in(lines, number)
    ]
    return squeezed("\n".join(_signed_off(kept))) or squeezed(text)


def _end(lines: list[str]) -> int:
    """Where the history begins."""
    for number, line in enumerate(lines):
        if _HISTORY.match(line) or (_FROM.match(line) and any(map(_ALSO.match, lines[number + 1 : number + 4]))):
            return number
        if _attribution(lines, number) and not _quotes_follow(lines, number):
            return number
    return len(lines)


def _attribution(lines: list[str], number: int) -> int:
    """How many lines from here say "On … somebody wrote:"; 0 for none."""
    if len(lines[number]) > 300 or not _BEGINS.match(lines[number]):
        return 0
    for more in range(3):
        if _WROTE.search(" ".join(lines[number : number + more + 1])[:500]):
            return more + 1
    return 0


def _quotes_follow(lines: list[str], number: int) -> bool:
    after = lines[number + _attribution(lines, number) :]
    following = next((line for line in after if line.strip()), "")
    return following.lstrip().startswith(">")


def _led_in(lines: list[str], number: int) -> bool:
    """Whether this line belongs to the words above what is quoted with >."""
    return any(
        _attribution(lines, first) > number - first and _quotes_follow(lines, first)
        for first in range(max(0, number - 2), number + 1)
    )


def _signed_off(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if line.rstrip("\r") in ("-- ", "--") and number:
            return _signed_off(lines[:number])
    last = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].strip()), -1)
    return lines[:last] if last > 0 and _DEVICE.match(lines[last]) else lines
