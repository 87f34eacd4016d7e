"""`{% alike mention.label with number=mention.pk name=mention.name %}…{% endalike %}`: what looks the same in many rows
is drawn once a page, and filled in for the others.

Before `with` stands what decides how it looks; after it the values that differ from row to row, each under a name for
the piece inside. These may only be written there, or go into an address: no filter and no `if` may look at them.
Whatever else stands inside has to be the same for all rows that look alike."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_FIRST = (secrets.randbelow(8_000) + 1_000) * 10**13 + secrets.randbelow(10**10) * 10**3  # nobody's text holds it
_STANDS_IN = re.compile(str(_FIRST)[:-3] + r"(\d{3})")


class Alike(template.Node):
    """A piece that is drawn once a page for each look."""

    def __init__(self, look: Sequence[FilterExpression], values: Mapping[str, FilterExpression], inside: NodeList):
        self.look, self.values, self.inside = look, values, inside

    def render(self, context: Context) -> SafeString:
        values = [one.resolve(context) for one in self.values.values()]
        numbers = tuple(type(one) is int for one in values)
        kept = _kept(context)
        key = (self, translation.get_language(), numbers, *(one.resolve(context, True) for one in self.look))
        if (drawn := kept.get(key)) is None:
            drawn = kept[key] = self._drawn(context, numbers)
        filled = list(drawn)
        filled[1::2] = [str(conditional_escape(values[int(place)])) for place in drawn[1::2]]
        return mark_safe("".join(filled))  # noqa: S308 each value is escaped

    def _drawn(self, context: Context, numbers: Sequence[bool]) -> list[str]:
        """The text between the values, and at each odd place which value stands there."""
        stand_ins = [_FIRST + place for place in range(len(numbers))]
        named = zip(self.values, stand_ins, numbers, strict=True)
        with context.push(**{name: one if number else str(one) for name, one, number in named}):
            return _STANDS_IN.split(self.inside.render(context))


def _kept(context: Context) -> dict[Any, list[str]]:
    """What was drawn for this page."""
    request = context.get("request")
    if request is None:
        return {}
    kept: dict[Any, list[str]] | None = getattr(request, "koor_alike", None)
    if kept is None:
        kept = request.koor_alike = {}
    return kept


@register.tag
def alike(parser: Parser, token: Token) -> Alike:
    look, _with, values = token.contents.partition(" with ")
    named = [one.partition("=") for one in values.split()]
    inside = parser.parse(("endalike",))
    parser.delete_first_token()
    return Alike(
        [parser.compile_filter(one) for one in look.split()[1:]],
        {name: parser.compile_filter(value) for name, _equals, value in named},
        inside,
    )
