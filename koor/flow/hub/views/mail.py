"""Photos by mail: the mailbox for the administrator, one's own address, and letters that wait for a decision."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import access, actions, queries
from koor.flow.hub.forms.mail import MailboxForm, WhoseLetterForm
from koor.flow.hub.models import Mailbox
from koor.ground.people.access import SignedIn
from koor.ground.people.queries import house
from koor.kernel import clock, paging
from koor.kernel.access import Refused, require
from koor.kernel.forms import refused_at

SHOWN = ("address", "host", "port", "secure", "user", "folder", "done_folder", "server_name", "is_on")


@never_cache
@require_http_methods(["GET", "POST"])
def mailbox(request: SignedIn) -> HttpResponse:
    require(access.may_arrange_mailbox(request.user), _("Only an administrator changes these."))
    found = queries.mailbox_to_arrange(request.user)
    initial = {name: getattr(found, name) for name in SHOWN} if found else None
    form = MailboxForm(request.POST or None, initial=initial, known=found is not None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            if "try" in request.POST:
                messages.success(request, _tried(request, form))
            else:
                actions.set_mailbox(by=request.user, **form.cleaned_data)
                messages.success(request, _("Kept."))
                return redirect("hub:mailbox")
    context = {
        "form": form,
        "mailbox": found,
        "problem": queries.mailbox_trouble(found) if found else "",
        "silent": _is_silent(found),
    }
    return render(request, "hub/mailbox.html", context, status=422 if form.errors else 200)


def _tried(request: SignedIn, form: MailboxForm) -> str:
    number = actions.try_mailbox(by=request.user, **form.cleaned_data)
    sentence = ngettext(
        "The mailbox opens. %(n)s letter came in since yesterday. Nothing was kept or changed.",
        "The mailbox opens. %(n)s letters came in since yesterday. Nothing was kept or changed.",
        number,
    )
    return sentence % {"n": number}


def _is_silent(found: Mailbox | None) -> bool:
    return bool(found and found.is_on and found.read_at and clock.now() - found.read_at > queries.SILENT)


@require_http_methods(["GET", "POST"])
def own_address(request: SignedIn) -> HttpResponse:
    """Make it, or ask first whether there should be another one."""
    box, mine = queries.own_address(request.user)
    if request.method == "POST" and box:
        actions.make_address(by=request.user)
        messages.success(request, _("This is your own address. Send your photos there."))
        return redirect("people:me")
    return render(request, "hub/own_address.html", {"address": mine}) if mine else redirect("people:me")


@require_GET
def held(request: SignedIn) -> HttpResponse:
    require(access.may_curate(request.user), _("The curator decides what goes into the library."))
    page = paging.page(queries.held_letters(request.user), request)
    return render(request, "hub/held_letters.html", {"page": page, "form": WhoseLetterForm() if page.rows else None})


@require_POST
def keep(request: SignedIn, pk: int) -> HttpResponse:
    form, letter = WhoseLetterForm(request.POST), queries.held_letter(request.user, pk)
    if not form.is_valid():
        messages.error(request, _("Choose a colleague."))
        return redirect("hub:held_letters")
    person = form.cleaned_data["person"]
    done = actions.keep_letter(by=request.user, letter=letter, person=person)
    said = (
        _("%(name)s has it now, and gets a letter about it.") if done.capture_id else _("Nothing of it could be used.")
    )
    messages.success(request, said % {"name": person.first_name})
    return redirect("hub:held_letters")


@require_POST
def discard(request: SignedIn, pk: int) -> HttpResponse:
    actions.discard_letter(by=request.user, letter=queries.held_letter(request.user, pk))
    messages.success(request, _("Thrown away. Its sender hears nothing."))
    return redirect("hub:held_letters")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """From a letter to the colleague's known address: was it you? In their language, without signing in."""
    letter = queries.letter_to_confirm(token)
    person = letter.person if letter else None
    with translation.override(person.language if person else house().language):
        closed, status = "" if letter else _("This was answered already, or the address is too old."), 200
        if person is not None and request.method == "POST":
            theirs = "yes" in request.POST
            try:
                actions.confirm_letter(by=person, token=token, theirs=theirs)
            except Refused as refused:
                closed = str(refused)
            else:
                closed = _("Thank you. You get a letter when it is ready.") if theirs else _("Thank you. It is gone.")
        elif letter is None:
            status = 410
        context = {"closed": closed, "letter": letter, "house": house()}
        return render(request, "hub/confirm_letter.html", context, status=status)
