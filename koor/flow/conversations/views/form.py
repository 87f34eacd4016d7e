"""The contact form: a public page, the same form on the organisation's own website, and where it is set."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koor.flow.conversations import access, actions, logic, queries
from koor.flow.conversations.forms import ContactFormForm, StrangerForm
from koor.flow.conversations.forms.form import ACCEPT
from koor.flow.conversations.models import ContactForm
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import outside
from koor.kernel.access import SYSTEM, NotFound, Refused
from koor.kernel.forms import refused_at
from koor.kernel.uploads import too_large

STATUS = {"too_many": 429, "closed": 410}


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """For anybody: no account, no script."""
    with translation.override(_language(request)):
        return _shown(request) if request.method == "GET" else _taken(request)


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def contact_from_site(request: HttpRequest) -> HttpResponse:
    """The same form on a website of the organisation: no cookie goes along, so only the origin can be asked. A browser
    always tells it with a post from elsewhere."""
    with translation.override(_language(request)):
        origin = logic.origin_of(request.headers.get("Origin", ""))
        if origin not in _open_form().sites:
            return _page(request, "conversations/contact_elsewhere.html", {}, 403)
        return _taken(request)


@login_not_required
@never_cache
@require_safe
def contact_sent(request: HttpRequest) -> HttpResponse:
    """We have it, and what happens now."""
    with translation.override(_language(request)):
        _open_form()
        return _page(request, "conversations/contact_sent.html", {})


def _taken(request: HttpRequest) -> HttpResponse:
    _open_form()
    form = StrangerForm(request.POST, request.FILES, too_large=too_large(request))
    sent = redirect(f"{reverse('conversations:contact_sent')}?lang={get_language()}")
    if form.by_a_machine:  # as if it went, so that it learns nothing
        return sent
    if not form.is_valid():
        return _shown(request, form.once_more(), 422)
    said = form.cleaned_data
    try:
        whence = request.META.get("REMOTE_ADDR", "")
        words = {key: said[key] for key in ("name", "reached", "text")}
        actions.write_in_form(by=SYSTEM, **words, line=said.get("line"), files=said["photos"], whence=whence)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        again = form if refused.code == "full" else form.once_more()  # there the files are for another day
        return _shown(request, again, STATUS.get(refused.code, 422))
    return sent


def _open_form() -> ContactForm:
    row = queries.contact_form()
    if not row.is_on:
        raise NotFound
    return row


def _shown(request: HttpRequest, form: StrangerForm | None = None, status: int = 200) -> HttpResponse:
    row = _open_form()
    context = {"form": form or StrangerForm(), "about": row}
    return _page(request, "conversations/contact.html", context, status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return outside.page(request, template, {**context, "house": people.house()}, status=status)


def _language(request: HttpRequest) -> str:
    return outside.language(request, outside.LANGUAGES) or people.house().language


@require_http_methods(["GET", "POST"])
def contact_form(request: SignedIn) -> HttpResponse:
    """Whether there is one, and what stands on the organisation's own website."""
    if not access.may_promise(request.user):
        raise NotFound
    row = queries.contact_form()
    form = ContactFormForm(request.POST or None, initial=_as_it_is(row))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            said = form.cleaned_data
            chosen, sites = said.pop("account"), said.pop("sites").splitlines()
            account = next((one for one in queries.accounts_to_answer() if one.pk == chosen), None)
            actions.set_contact_form(by=request.user, account=account, sites=sites, **said)
            messages.success(request, _("Kept."))
            return redirect("conversations:contact_form")
    post_to = settings.KOOR_URL + reverse("conversations:contact_from_site")
    context = {"form": form, "about": row, "post_to": post_to, "place": "conversations:inbox"}
    context["accept"] = ACCEPT
    context["address"] = settings.KOOR_URL + reverse("conversations:contact")
    return render(request, "conversations/contact_form.html", context, status=422 if form.errors else 200)


def _as_it_is(row: ContactForm) -> dict[str, Any]:
    kept = {"is_on": row.is_on, "intro": row.intro, "account": row.account_id, "shows_people": row.shows_people}
    return kept | {"sites": "\n".join(row.sites)}
