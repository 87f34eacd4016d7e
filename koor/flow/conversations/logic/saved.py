"""The places in a saved answer, such as {first name}; in English and in Dutch, however the reader's page is set."""

import re
from collections.abc import Mapping

PLACES: Mapping[str, tuple[str, ...]] = {
    "first_name": ("first name", "voornaam"),
    "name": ("name", "naam"),
    "me": ("my name", "mijn naam"),
    "house": ("our name", "onze naam"),
    "project": ("project",),
    "account": ("account",),
}
LONGEST_SAVED = 2000  # characters
_PLACE = re.compile(r"\{([^{}\n]{1,40})\}")
_KEYS = {word: key for key, words in PLACES.items() for word in words}


def _key(written: str) -> str:
    return _KEYS.get(" ".join(written.replace("_", " ").lower().split()), "")


def unknown_places(text: str) -> list[str]:
    """Places that nobody can fill in, as they are written."""
    return [found[0] for found in _PLACE.finditer(text) if not _key(found[1])]


def open_places(text: str) -> list[str]:
    """Places that still have to be filled in, as they are written."""
    return list(dict.fromkeys(found[0] for found in _PLACE.finditer(text) if _key(found[1])))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known in its places; what is not known stays, to be filled in by hand."""
    return _PLACE.sub(lambda found: values.get(_key(found[1]), "") or found[0], text)
