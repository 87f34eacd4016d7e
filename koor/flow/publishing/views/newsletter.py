"""The newsletter: asking for it, saying yes and stopping it, for anybody; and its list, inside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from koor.flow.publishing import actions
from koor.flow.publishing.choices import ReaderState
from koor.flow.publishing.queries import newsletter as lists
from koor.ground.people.access import SignedIn
from koor.ground.people.queries import house
from koor.kernel import outside, paging
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.forms import refused_at

STATUS = {"too_many": 429}


class AskForm(forms.Form):
    """An address. `website` is for machines: people never see it."""

    address = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))


class BringForm(forms.Form):
    """People who asked for it elsewhere."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy("One on each line."),
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    proof = forms.CharField(
        label=gettext_lazy("Where and when they asked for it"),
        help_text=gettext_lazy("Such as: paper list at the open day of 3 October, kept in the office."),
        max_length=300,
    )


# ── For anybody ──────────────────────────────────────────────────────────────────────────────────────────────────────


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for it: no account, no script, and the same answer for everybody."""
    account = lists.open_list(pk)
    with translation.override(_language(request)):
        form = AskForm(request.POST or None)
        if request.method == "GET" or not form.is_valid():
            return _page(request, "ask", {"form": form, "account": account}, 422 if form.errors else 200)
        sent = redirect(f"{reverse('publishing:newsletter_sent')}?lang={get_language()}")
        if form.cleaned_data["website"]:  # as if it went, so that it learns nothing
            return sent
        try:
            asked = {"address": form.cleaned_data["address"], "language": get_language() or ""}
            actions.ask_for_newsletter(by=SYSTEM, account=account, whence=request.META.get("REMOTE_ADDR", ""), **asked)
        except Refused as refused:
            form.add_error("address", str(refused))
            return _page(request, "ask", {"form": form, "account": account}, STATUS.get(refused.code, 422))
        return sent


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens now."""
    with translation.override(_language(request)):
        return _page(request, "sent", {})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def say_yes(request: HttpRequest, token: str) -> HttpResponse:
    """From the letter. A machine that looks at links in mail says nothing by that: it takes a press."""
    row = lists.by_token(token)
    with translation.override(_language(request, row.language if row else "")):
        if request.method == "POST":
            row = actions.say_yes(by=SYSTEM, token=token)
        gone = row is None or row.state == ReaderState.ENDED
        done = row is not None and row.state == ReaderState.READING
        offered = lists.to_ask_for(row) if gone else []
        said = {"token": token, "gone": gone, "done": done, "reader": row, "lists": offered}
        return _page(request, "yes", said, 410 if gone else 200)


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """With one tap, or by a mail program that posts here (RFC 8058), which brings no cookie along."""
    row = lists.by_token(token)
    with translation.override(_language(request, row.language if row else "")):
        if request.method == "POST":
            row = actions.stop_newsletter(by=SYSTEM, token=token)
        done = row is None or row.state == ReaderState.ENDED
        return _page(request, "stop", {"token": token, "done": done})


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shown = {**context, "house": house()}
    return outside.page(request, f"publishing/newsletter/{template}.html", shown, status=status)


def _language(request: HttpRequest, own: str = "") -> str:
    """The one that they chose on the page, else in which they asked for it, else as their browser says."""
    if own in outside.LANGUAGES and request.GET.get("lang") not in outside.LANGUAGES:
        return own
    return outside.language(request, outside.LANGUAGES) or house().language


# ── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_GET
def readers(request: SignedIn, pk: int) -> HttpResponse:
    """Who gets it, and how far the latest issues are."""
    return _list(request, pk, BringForm())


def _list(request: SignedIn, pk: int, form: BringForm, status: int = 200) -> HttpResponse:
    account, words = lists.list_of(request.user, pk), request.GET.get("q", "")
    page = paging.page(lists.readers(request.user, account, words), request)
    context = {
        "account": account,
        "page": page,
        "rows": page.rows,
        "words": words,
        "counts": lists.number_of_readers(request.user, account),
        "issues": lists.issues(request.user, account),
        "form": form,
        "address": settings.KOOR_URL + reverse("publishing:ask_for_newsletter", args=[account.pk]),
    }
    return render(request, "publishing/newsletter/readers.html", context, status=status)


@require_POST
def bring_in(request: SignedIn, pk: int) -> HttpResponse:
    """A list from elsewhere."""
    account, form = lists.list_of(request.user, pk), BringForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            said = form.cleaned_data
            new, beside = actions.bring_in_readers(
                by=request.user, account=account, lines=said["addresses"].splitlines(), proof=said["proof"]
            )
            told = ngettext("%(n)s new reader.", "%(n)s new readers.", new) % {"n": new}
            if beside:
                told += " " + ngettext(
                    "%(n)s line held no new address.", "%(n)s lines held no new address.", beside
                ) % {"n": beside}
            messages.success(request, told)
            return redirect("publishing:readers", account.pk)
    return _list(request, pk, form, 422)


@require_POST
def take_off(request: SignedIn, pk: int, reader: int) -> HttpResponse:
    """One address off the list."""
    account = lists.list_of(request.user, pk)
    row = lists.reader(request.user, account, reader)
    actions.take_off(by=request.user, reader=row)
    messages.success(request, _("%(address)s gets no newsletter any more.") % {"address": row.address})
    return redirect("publishing:readers", account.pk)
