"""What every template knows."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from koor.ground.people import queries


def house(request: HttpRequest) -> dict[str, Any]:
    return {"house": SimpleLazyObject(queries.house)}
