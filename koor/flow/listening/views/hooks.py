"""The one door by which platforms send us what happens: signed, kept, answered at once; read later by the worker."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from koor.flow.listening import actions, queries
from koor.flow.listening.models import Source
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Session
from koor.ground.channels.contract import message_id as _
from koor.kernel.access import SYSTEM, NotFound, Refused

TOO_LARGE = _("It was empty, broke off or was larger than 3.5 MB.")
NOT_SIGNED = _("It was not signed, or with another secret.")
CLOSED = _("The account could not be opened here: its secrets can't be read, or it was disconnected.")
MOST_BYTES = 3_500_000  # of one delivery; Meta sends 3 MB at most


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, connector: str, account_id: int) -> HttpResponse:
    """GET: the platform asks whether this address is ours. POST: something happened."""
    source = queries.pushed_source(connector, account_id)
    made_with = channels.connectors().get(connector)
    if source is None or source.account is None or made_with is None or made_with.receive is None:
        raise NotFound
    try:
        session = channels.session_for(source.account, fresh=False)
    except Refused:
        asks = request.method == "GET"
        if not asks or request.GET:  # without a question somebody just looked
            actions.note_refused(by=SYSTEM, source=source, reason=CLOSED, asked=asks)
        return _said("closed", 403)
    if request.method == "GET":
        return _greeted(request, source, made_with.receive, session)
    return _taken(request, source, made_with.receive, session)


def _greeted(request: HttpRequest, source: Source, receive: Any, session: Session) -> HttpResponse:
    query = request.GET.dict()
    if said := receive.greet(session, query):
        actions.note_greeted(by=SYSTEM, source=source)
        return _said(said[:500], 200)
    why = getattr(receive, "why_no_greeting", None)
    if reason := why(session, query) if why else "":
        actions.note_refused(by=SYSTEM, source=source, reason=reason, asked=True)
    return _said("not for us", 403)


def _taken(request: HttpRequest, source: Source, receive: Any, session: Session) -> HttpResponse:
    try:
        body = b"" if int(request.headers.get("Content-Length") or 0) > MOST_BYTES else request.read(MOST_BYTES + 1)
    except (RequestDataTooBig, OSError, ValueError):
        body = b""
    if not body or len(body) > MOST_BYTES:
        actions.note_refused(by=SYSTEM, source=source, reason=TOO_LARGE)
        return _said("empty or too large", 413)
    if not receive.genuine(session, request.headers, body):
        why_not = getattr(receive, "why_not", None)
        reason = why_not(session, request.headers, body) if why_not else ""
        actions.note_refused(by=SYSTEM, source=source, reason=reason or NOT_SIGNED)
        return _said("the signature is not good", 403)
    try:
        actions.take_delivery(by=SYSTEM, source=source, body=body)
    except Refused as refused:
        actions.note_refused(by=SYSTEM, source=source, reason=str(refused))
        return _said("paused; try again later", 503)
    return _said("kept", 200)


def _said(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response
