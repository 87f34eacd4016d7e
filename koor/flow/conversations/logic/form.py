"""The contact form: what may be written, how much, and from where."""

import re
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from urllib.parse import urlsplit

LONGEST_IN_FORM = 6000  # characters
FORM_AN_HOUR, FORM_A_DAY = 4, 12  # messages of one person
ALL_AN_HOUR, ALL_A_DAY = 60, 300  # messages of strangers together
PLACE_AN_HOUR, PLACE_A_DAY = 10, 30  # messages from one network address, which a whole office may share
MOST_LINKS = 5  # in one message: more is advertising
MOST_SITES = 20
MOST_BYTES_A_DAY = 1_000_000_000  # of the files of strangers together: they fill no disk
MOST_FILES, MOST_BYTES_OF_FILES = 5, 50_000_000  # with one message; the latter of all of them together, as a letter

_LINK = re.compile(r"(?i)\bhttps?://|\[url\b|<a\s+href")


def is_advertising(text: str) -> bool:
    """More addresses than somebody with a question writes."""
    return len(_LINK.findall(text)) > MOST_LINKS


def origin_of(address: str) -> str:
    """The origin of a website, as a browser tells it; empty when this is none."""
    said = address.strip()
    try:
        parts = urlsplit(said if "://" in said else f"https://{said}")
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9.-]{1,190}", host) or parts.username:
        return ""
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def key_of_words(reached: str, text: str, day: date, files: Iterable[str] = ()) -> str:
    """The same words of the same person on one day, with the same files, are one message, however often they were
    sent."""
    whole = "\n".join((reached.casefold(), " ".join(text.split()), day.isoformat(), *files))
    return sha256(whole.encode()).hexdigest()
