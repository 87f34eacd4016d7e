"""Who acts, and the two ways to say no: `Forbidden` (you may not) and `Refused` (this can't, and why)."""

from typing import Any, Protocol

from django.http import Http404


class Actor(Protocol):
    """Whoever does something: a colleague, or Koor itself (`SYSTEM`)."""

    @property
    def pk(self) -> Any: ...
    @property
    def name(self) -> Any: ...


class System:
    """Koor acting by itself: on schedule, or on a fact. Passes every access check; named in the audit trail."""

    pk = None
    name = "Koor"

    def __repr__(self) -> str:
        return "SYSTEM"


SYSTEM = System()


class Forbidden(Exception):
    """This person may not do this. The sentence is shown to them."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(Exception):
    """It can't be done, with a sentence (already translated or lazy) that says why, what was kept and what to do.

    `code` is for programs (API, tests); `field` names the form field that it is about."""

    def __init__(self, sentence: str, *, code: str = "refused", field: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class NotFound(Http404):
    """Missing, or not for this person: the two can't be told apart."""


def require(allowed: bool, sentence: str = "") -> None:
    """Raise `Forbidden` unless allowed."""
    if not allowed:
        raise Forbidden(sentence)
