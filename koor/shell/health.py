"""Whether the house is well: the database answers and the workers do their jobs. For monitors and `koor doctor`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.cache import never_cache

from koor import __version__
from koor.kernel import clock, database
from koor.kernel.identity import identity
from koor.shell import errors

logger = logging.getLogger(__name__)
ADDRESSES = ("/health/", "/health")
PROCESS = " process"  # after the name of a part: the beat of its process, which shell.worker gives every 10 s
PROCESS_SECONDS = 45  # a killed one is there again within seconds
# The beat of a part is a job that runs every minute; older means that jobs are not done though the process lives.
# A long upload may keep the sender busy.
JOBS_SECONDS = {"worker": 180, "sender": 900}
LISTENER = "listener"  # holds lines; without it the house is not ill: what was said is heard at the next visit


@dataclass
class Health:
    """`reasons` is empty when all is well; `facts` are for the curious, in seconds."""

    reasons: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    listens: bool = False

    @property
    def well(self) -> bool:
        return not self.reasons


def look() -> Health:
    """Read the signs of life of worker, sender and listener. Never raises."""
    health = Health()
    beats = database.beats() if database.is_watched() else _ask()
    if beats is None:
        health.reasons.append("database: no answer")
        return health
    for part, seconds in JOBS_SECONDS.items():
        _weigh(health, f"{part}_process", beats.get(part + PROCESS), PROCESS_SECONDS, f"{part}: none is running")
        _weigh(health, f"{part}_beat", beats.get(part), seconds, f"{part}: jobs are not done")
    age = health.facts["listener_process_age"] = _age(beats.get(LISTENER + PROCESS))
    health.listens = age is not None and age <= PROCESS_SECONDS
    return health


def _ask() -> dict[str, datetime] | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(database.BEATS)
            return dict(cursor.fetchall())
    except Error as error:
        logger.warning("The database does not answer: %s", error)  # to strangers no names of machines and people
        return None


def _age(at: Any) -> float | None:
    return None if at is None else round((clock.now() - at).total_seconds(), 1)


def _weigh(health: Health, name: str, at: Any, limit: int, reason: str) -> None:
    age = health.facts[f"{name}_age"] = _age(at)
    if age is None or abs(age) > limit:  # of a clock that was ahead it says nothing of now
        health.reasons.append(reason)


def asked(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Before sessions and whatever else asks the database: how the house is, and at once the page that says so when
    asking has no sense."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info in ADDRESSES:
            return show_health(request)
        if database.is_silent():
            with translation.override(translation.get_language_from_request(request)):
                return errors.resting(request)
        return get_response(request)

    return middleware


@never_cache
def show_health(request: HttpRequest) -> JsonResponse:
    """200 when database, worker and sender are well, else 503 with the reasons."""
    health = look()
    answer = {
        "version": __version__,
        "house": str(identity(settings.KOOR_HOME)),
        "state": "well" if health.well else "ill",
        "reasons": health.reasons,
        "secure": request.is_secure(),  # as it arrived, through trusted proxies: koor doctor wants to know
        **health.facts,
    }
    response = JsonResponse(answer, status=200 if health.well else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # a monitor asks every few seconds
    return response
