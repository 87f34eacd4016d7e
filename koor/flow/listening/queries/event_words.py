"""What came in as a platform sent it, in words: who said it, where, and what. Its dress is for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from koor.flow.listening.choices import Form
from koor.flow.listening.logic.reading import read_again
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Incoming
from koor.kernel.plain import plain_text

LONGEST = 2_000  # characters of what is read; the whole stands in the file for programs
DEEPEST = 20  # brackets inside each other
AS_SENT = (
    "mention__author", "mention__handle", "mention__text", "source__account__connector", "source__name", "body", "form",
)  # fmt: skip


def event_in_words(
    author: str | None, handle: str | None, text: str | None, connector: str | None, source: str, body: str, form: str
) -> str:
    """Of the columns `AS_SENT`: as what was made of it says; where nothing was, as it can be read."""
    if text is None:
        read = read_again(body, form) if form not in (Form.HOOK, Form.LIVE) else None
        if isinstance(read, Incoming):
            author, handle, text = read.author, read.handle, read.text
        else:
            text = " · ".join(dict.fromkeys(_sentences(body)))
    found = channels.connectors().get(connector or "")
    names = {"who": _who(author or "", handle or ""), "where": _(found.manifest.name) if found else source}
    told = _("%(who)s on %(where)s") % names if names["who"] else names["where"]
    return f"{told}: {text[:LONGEST]}" if text else told


def _who(author: str, handle: str) -> str:
    return f"{author} ({handle})" if author and handle and handle != author else author or handle


def _sentences(body: str) -> Iterator[str]:
    """What in it was written by people: texts of more than one word, without their markup."""
    yield from (said for text in _texts(body) if " " in (said := plain_text(text).strip()))


def _texts(found: Any, deep: int = 0) -> Iterator[str]:
    if isinstance(found, str):
        inside = _object(found)
        yield from (found,) if inside is None else _texts(inside, deep + 1)
    elif isinstance(found, dict | list) and deep < DEEPEST:
        for one in found.values() if isinstance(found, dict) else found:
            yield from _texts(one, deep + 1)


def _object(text: str) -> Any:
    """What a text holds for programs; None where it is written for people."""
    try:
        return json.loads(text) if text[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None
