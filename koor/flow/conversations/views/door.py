"""The page behind a direct line, for somebody outside: no account, any phone, without script too. Only their own
thread, in the language of their browser or the one that they chose."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.conversations import actions, queries
from koor.flow.conversations.forms import OnTheLineForm
from koor.flow.conversations.logic.lines import masked
from koor.flow.conversations.models import LineLink
from koor.flow.conversations.queries.lines import token_of
from koor.ground.people import queries as people
from koor.kernel import outside
from koor.kernel.access import SYSTEM, NotFound, Refused

STATUS = {"too_many": 429, "closed": 410}


Door = Callable[[HttpRequest, LineLink, str], HttpResponse]


def _behind(door: Door) -> Callable[[HttpRequest, str], HttpResponse]:
    """With the line of this address, in their language. An address that leads nowhere, such as half of one, is told so
    by the house: who is outside has no front page of ours to go to."""

    @functools.wraps(door)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        with translation.override(_language(request)):
            try:
                link = queries.line_by_link(token)
            except NotFound:
                context = {"newsroom": reverse("publishing:newsroom")}
                return _answer(request, "conversations/line_unknown.html", context, 404)
            return door(request, link, token)

    return view


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@_behind
def at_line(request: HttpRequest, link: LineLink, token: str) -> HttpResponse:
    """Who answers, what was said, and a box to write in."""
    if link.ended_at is not None or link.line.closed_at is not None:
        return _ended(request, link)
    if request.method == "GET":
        return _open(request, link, OnTheLineForm(known=link.line.contact_id is not None))
    return _written(request, link)


def _written(request: HttpRequest, link: LineLink) -> HttpResponse:
    form = OnTheLineForm(request.POST, known=link.line.contact_id is not None)
    if form.by_a_machine:  # as if it went, so that it learns nothing
        return redirect(f"{request.path}?lang={get_language()}")
    if not form.is_valid():
        return _open(request, link, form, status=422)
    try:
        own = actions.write_on_line(by=SYSTEM, link=link, once=request.POST.get("once", "")[:100], **_said(form))
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _open(request, link, form, status=STATUS.get(refused.code, 422))
    address = reverse("conversations:at_line", args=[queries.token_of(own)])
    return redirect(f"{address}?lang={get_language()}&sent=1#said")


@login_not_required
@never_cache
@require_POST
@_behind
def letters_on(request: HttpRequest, link: LineLink, token: str) -> HttpResponse:
    """Where they hear of an answer."""
    if link.ended_at is not None or link.line.closed_at is not None:
        return _ended(request, link)
    address = request.POST.get("address", "")[:254]
    if not request.POST.get("website"):
        try:
            actions.leave_address(by=SYSTEM, link=link, address=address, language=get_language() or "")
        except Refused as refused:
            return _open(request, link, OnTheLineForm(known=True), status=422, letter_problem=str(refused))
    return redirect(f"{reverse('conversations:at_line', args=[token])}?lang={get_language()}#letters")


@csrf_exempt  # a program for mail posts here by itself, for who taps its own button (RFC 8058)
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@_behind
def letters_off(request: HttpRequest, link: LineLink, token: str) -> HttpResponse:
    """No more letters about this page."""
    if request.method == "POST":
        actions.stop_letters(by=SYSTEM, link=link)
    letter = queries.letter_of(link.line)
    stopped = letter is None or letter.off_at is not None
    return _answer(request, "conversations/letters_off.html", {"stopped": stopped, "token": token}, 200)


def _said(form: OnTheLineForm) -> dict[str, str]:
    return {"text": form.cleaned_data["text"], "name": form.cleaned_data.get("name", "")}


def _open(
    request: HttpRequest, link: LineLink, form: OnTheLineForm, *, status: int = 200, letter_problem: str = ""
) -> HttpResponse:
    shown = queries.page_of_line(link)
    letter = queries.letter_of(link.line)
    context = {"page": shown, "line": link.line, "form": form, "sent": "sent" in request.GET}
    context |= {"token": token_of(link), "letter_problem": letter_problem}
    context["letters_to"] = masked(letter.address) if letter and letter.off_at is None else ""
    return _answer(request, "conversations/at_line.html", context, status)


def _ended(request: HttpRequest, link: LineLink) -> HttpResponse:
    """Kindly where to go."""
    line = link.line
    person = line.person if line.person and line.person.is_active else None
    context: dict[str, Any] = {"line": line, "person": person, "closed": line.closed_at is not None}
    context |= {"newsroom": reverse("publishing:newsroom")}
    return _answer(request, "conversations/line_ended.html", context, 410)


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    response = outside.page(request, template, {**context, "house": people.house()}, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _language(request: HttpRequest) -> str:
    return outside.language(request, outside.LANGUAGES) or people.house().language
