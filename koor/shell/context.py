"""What every template knows."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from koor.ground.people import queries
from koor.ground.people.models import House
from koor.kernel.access import Refused


def house(request: HttpRequest) -> dict[str, Any]:
    return {"house": SimpleLazyObject(_house)}


def _house() -> House | None:
    """Our organisation, or nothing while the house is empty."""
    try:
        return queries.house()
    except Refused:
        return None
