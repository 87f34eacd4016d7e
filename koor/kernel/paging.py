"""Pages of a list: a number of rows at a time, never more."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from koor.kernel import numbers


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def page(rows: Any, request: HttpRequest, *, per: int = 30) -> Page:
    """One page of a queryset (sliced, one row more is read to know whether another page follows; no count)."""
    number = numbers.within(request.GET.get("page", ""), 1000)
    start = (number - 1) * per
    found = list(rows[start : start + per + 1])
    return Page(found[:per], number, len(found) > per)
