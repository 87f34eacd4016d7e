"""Addresses that a page draws over and over: those of its rows differ by a number, those of places never."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import NoReverseMatch, get_script_prefix, reverse

SAFE = "!$&'()*+,;=/~:@"  # as `reverse` leaves them
NUMBER = 9_123_456_789  # stands for the row's own


class Row:
    """Addresses with one number in them: `Row("calendar:slot").address(7)` is `reverse("calendar:slot", args=[7])`."""

    def __init__(self, url_name: str) -> None:
        self.before, self.after = _around(url_name, get_script_prefix())

    def address(self, number: int) -> str:
        return f"{self.before}{number}{self.after}"


@lru_cache(maxsize=1000)
def _around(url_name: str, _prefix: str) -> tuple[str, str]:
    before, after = reverse(url_name, args=[NUMBER]).split(str(NUMBER))
    return before, after


def of_file(handle: str, name: str) -> str:
    """`reverse("kernel:file", args=[handle, name])`."""
    before, between, after = _around_file(get_script_prefix())
    return f"{before}{quote(handle, safe=SAFE)}{between}{quote(name, safe=SAFE)}{after}"


@lru_cache(maxsize=10)
def _around_file(_prefix: str) -> tuple[str, str, str]:
    before, between, after = (
        reverse("kernel:file", args=["HANDLE-1", "NAME-1"]).replace("NAME-1", "HANDLE-1").split("HANDLE-1")
    )
    return before, between, after


def of_page(url_name: str) -> str:
    """Where a page is; empty while its room has no such page."""
    return _page(url_name, get_script_prefix())


@lru_cache(maxsize=1000)
def _page(url_name: str, _prefix: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
