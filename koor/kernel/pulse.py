"""Did anything happen meanwhile? Out of the memory of the web process, so that an open page can ask several times a
second and the database is asked only when something did.

A room's trigger says `pg_notify('koor_pulse', …)` with the number of its transaction. Each web process listens, and
keeps the last that it heard as a mark. Whoever has a mark that still holds is told so; any other means: look. A mark
can't be guessed, so that nobody learns anything who did not get one. Where nobody listens (a test, a pooler of
connections) there is no mark, or one that always holds, and pages look by themselves as before."""

import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

CHANNEL = "koor_pulse"
NAME = "koor pulse"
ADDRESS = "/pulse/"
AGAIN = 5.0  # seconds until a line that broke is opened anew
_kept = {"mark": ""}
logger = logging.getLogger(__name__)


def mark() -> str:
    """Of now; to be had before the data that it stands for is read. Empty when nobody listens."""
    return _kept["mark"]


def note(said: str) -> None:
    """Something happened. Every process of the house makes the same mark of it; of nothing, none."""
    _kept["mark"] = salted_hmac(CHANNEL, said).hexdigest()[:20] if said else ""


def asked(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers before anything else does; no session, no database: nothing for a mark that holds, else one word."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info != ADDRESS:
            return get_response(request)
        holds = mark() and request.META.get("QUERY_STRING") == mark()
        answer = HttpResponse(status=204) if holds else HttpResponse("news", content_type="text/plain")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return middleware


def listen() -> None:
    """For as long as this process serves pages, beside its work."""
    threading.Thread(target=_listen, args=[threading.Event()], name="pulse", daemon=True).start()


def _listen(over: threading.Event) -> None:
    """Until it is `over`. Whatever breaks the line, no mark outlives it: one that nobody renews would hold for ever."""
    while not over.is_set():
        try:
            with psycopg.connect(**_line(), autocommit=True) as line:
                follow(line)
        except psycopg.Error as error:
            logger.info("Nobody listens for a moment: %s", error)
        except Exception:
            logger.exception("Listening broke; it begins again.")
        finally:
            note("")
        over.wait(AGAIN)


def _line() -> dict[str, Any]:
    """With a name, so that an operator sees in the database what this connection is for."""
    return {**connection.get_connection_params(), "application_name": NAME}


def follow(line: psycopg.Connection, stop_after: int | None = None) -> None:
    """Note what is said on this line until it breaks. The first word is its own: all processes have one mark then."""
    line.execute(f"LISTEN {CHANNEL}")
    line.execute("SELECT pg_notify(%s, %s)", [CHANNEL, secrets.token_hex(8)])
    for told in line.notifies(stop_after=stop_after):
        note(told.payload)
