"""Ambassadors: who takes part, the invitation of one, and the page that is theirs."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.relations import access, actions, queries
from koor.flow.relations.choices import AmbassadorState
from koor.flow.relations.forms import InviteForm, ThanksForm
from koor.flow.relations.models import Ambassador
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.access import SignedIn
from koor.ground.people.queries import house
from koor.kernel import numbers
from koor.kernel.access import SYSTEM, NotFound, Refused
from koor.kernel.forms import refused_at
from koor.kernel.paging import page


@require_GET
def ambassadors(request: SignedIn) -> HttpResponse:
    """Who shows our work to whom they know."""
    shown = page(queries.ambassadors(request.user), request)
    return render(request, "relations/ambassadors.html", {"page": shown})


@require_http_methods(["GET", "POST"])
def invite(request: SignedIn, contact: int) -> HttpResponse:
    """What somebody gets and may share; once invited, the address to send."""
    who = contacts.contact(request.user, contact)
    found = queries.ambassador(request.user, who)
    form = InviteForm(request.POST or None, by=request.user, of=found)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.invite_ambassador(by=request.user, contact=who, **form.cleaned_data)
            messages.success(request, _("Kept. Send them the address of their page.") if not found else _("Kept."))
            return redirect("relations:ambassador", who.pk)
    return _one(request, who, found, form)


def _one(
    request: SignedIn, who: Contact, found: Ambassador | None, form: InviteForm, thanks: ThanksForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"contact": who, "one": found, "form": form, "thanks_form": thanks or ThanksForm()}
    if found:
        address = queries.address_of(found)
        _subject, text = queries.invitation(request.user, found, address)
        context |= {"address": address, "text": text, "may_mail": access.may_mail(request.user, who)}
        context |= {"shared": len(queries.shared_by(found)), "thanks": list(found.thanks.select_related("by")[:5])}
    wrong = form.errors or (thanks and thanks.errors)
    return render(request, "relations/ambassador.html", context, status=422 if wrong else 200)


def _found(request: SignedIn, contact: int) -> Ambassador:
    found = queries.ambassador(request.user, contacts.contact(request.user, contact))
    if found is None:
        raise NotFound
    return found


@require_POST
def mail(request: SignedIn, contact: int) -> HttpResponse:
    found = _found(request, contact)
    subject, text = queries.invitation(request.user, found, queries.address_of(found))
    once = request.POST.get("once", "")
    actions.mail_invitation(by=request.user, ambassador=found, subject=subject, text=text, once=once)
    said = _("On its way to %(name)s. An answer comes to your own mailbox.")
    messages.success(request, said % {"name": found.contact.first_name})
    return redirect("relations:ambassador", contact)


@require_POST
def thank(request: SignedIn, contact: int) -> HttpResponse:
    found, form = _found(request, contact), ThanksForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            once = request.POST.get("once", "")
            actions.thank_ambassador(by=request.user, ambassador=found, once=once, **form.cleaned_data)
            messages.success(request, _("It stands on their page."))
            return redirect("relations:ambassador", contact)
    return _one(request, found.contact, found, InviteForm(by=request.user, of=found), form)


@require_POST
def end(request: SignedIn, contact: int) -> HttpResponse:
    actions.end_ambassador(by=request.user, ambassador=_found(request, contact))
    messages.success(request, _("It has ended. Their page says so, with thanks."))
    return redirect("relations:ambassador", contact)


# --- their own page ---


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def with_us(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an ambassador: what they get, what they may share, thanks, and the way out. In their language."""
    found = queries.ambassador_by_link(token)
    with translation.override(queries.language_of(found.contact)):
        if request.method == "POST":
            problem = _done(request, found)
            if problem:
                return _page(request, found, problem, 409)
            return redirect("relations:with_us", token)
        return _page(request, found)


def _done(request: HttpRequest, found: Ambassador) -> str:
    """Do what they tapped; why not, if not."""
    number = numbers.row(request.POST.get("shared", ""))
    try:
        if number:
            actions.tell_shared(by=SYSTEM, ambassador=found, target_id=number)
        else:
            state, words = request.POST.get("answer", ""), str(queries.promise())
            actions.answer_invitation(by=SYSTEM, ambassador=found, state=state, words=words)
    except Refused as refused:
        return str(refused)
    return ""


def _page(request: HttpRequest, found: Ambassador, problem: str = "", status: int = 200) -> HttpResponse:
    open_now = found.state in {AmbassadorState.INVITED, AmbassadorState.YES}
    context = {
        "one": found,
        "contact": found.contact,
        "problem": problem,
        "promise": queries.promise(),
        "articles": queries.may_share(found) if open_now else [],
        "shared": queries.shared_by(found) if found.state == AmbassadorState.YES else set(),
        "thanks": list(found.thanks.select_related("by")[:5]),
        "house": house(),
        "root": settings.KOOR_URL,
    }
    answer = render(request, "relations/with_us.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "same-origin"  # none at all would also hide where a form comes from
    return answer
