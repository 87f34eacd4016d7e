"""Addresses of rows, for lists: one page draws the same address hundreds of times, and only its number differs."""

from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, reverse

NUMBER = 9_123_456_789  # stands for the row's own


def of_row(url_name: str, number: int) -> str:
    """`reverse(url_name, args=[number])` for an address with one number in it."""
    before, after = _around(url_name, get_script_prefix())
    return f"{before}{number}{after}"


@lru_cache(maxsize=1000)
def _around(url_name: str, _prefix: str) -> tuple[str, str]:
    before, after = reverse(url_name, args=[NUMBER]).split(str(NUMBER))
    return before, after


def of_page(url_name: str) -> str:
    """Where a page is; empty while its room has no such page."""
    return _page(url_name, get_script_prefix())


@lru_cache(maxsize=1000)
def _page(url_name: str, _prefix: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
