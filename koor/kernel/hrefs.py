"""Addresses that somebody else gave, before a page leads to them: hostile until read here."""

import re
from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

LONGEST, LONGEST_WAY = 1000, 2000  # characters of a link, and of a way back
_NEVER = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff]")


def web(given: object, *, most: int = LONGEST) -> str:
    """A page of the web (http, https), or nothing: a `javascript:` link must never reach a page."""
    url = given.strip() if isinstance(given, str) and len(given) <= most else ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc and not _NEVER.search(url) else ""


def own(given: str, otherwise: str) -> str:
    """A path in this house, to go back to."""
    fine = given.startswith("/") and len(given) <= LONGEST_WAY and not _NEVER.search(given)
    return given if fine and url_has_allowed_host_and_scheme(given, None) else otherwise
