"""Pages for somebody outside, who comes by an address that nobody guesses and has no account."""

from collections.abc import Container, Mapping
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

LANGUAGES = {"nl": "Nederlands", "en": "English"}  # of a page that has no more than those of the house


def language(request: HttpRequest, among: Container[str]) -> str:
    """The one that they chose on the page, else the first of their browser that there is; empty when there is none."""
    asked = request.POST.get("lang") or request.GET.get("lang", "")
    if asked in among:
        return asked
    said = request.headers.get("Accept-Language", "")[:300].split(",")
    codes = (part.split(";")[0].split("-")[0].strip().lower() for part in said)
    return next((code for code in codes if code in among), "")


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    languages: Mapping[str, str] = LANGUAGES,
    status: int = 200,
) -> HttpResponse:
    """In the language that is on now, with the others to choose from. No other house is told where they come from."""
    shown = {**context, "languages": languages.items(), "lang": get_language()}
    answer = render(request, template, shown, status=status)
    answer["Referrer-Policy"] = "same-origin"  # none at all would also hide where a form comes from
    answer["Content-Language"] = get_language() or "en"
    return answer


def qr_code(address: str) -> SafeString:
    """A drawing of the address, to be scanned from a screen; black on white in every scheme."""
    drawn = segno.make(address, error="m").svg_inline(scale=6, border=4, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308 (made here)
