"""Pages for somebody outside, who comes by an address that nobody guesses and has no account."""

from collections.abc import Container

import segno
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe


def language(request: HttpRequest, among: Container[str]) -> str:
    """The one that they chose on the page, else the first of their browser that there is; empty when there is none."""
    asked = request.POST.get("lang") or request.GET.get("lang", "")
    if asked in among:
        return asked
    said = request.headers.get("Accept-Language", "")[:300].split(",")
    codes = (part.split(";")[0].split("-")[0].strip().lower() for part in said)
    return next((code for code in codes if code in among), "")


def qr_code(address: str) -> SafeString:
    """A drawing of the address, to be scanned from a screen; black on white in every scheme."""
    drawn = segno.make(address, error="m").svg_inline(scale=6, border=4, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308 (made here)
