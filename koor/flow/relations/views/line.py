"""Pages of the relations room: somebody's whole story, and whom I have not spoken to lately."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.relations import access, actions, queries
from koor.flow.relations.forms import RhythmForm, TouchForm
from koor.ground.contacts import queries as contacts
from koor.ground.people.access import SignedIn
from koor.kernel import hrefs
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at
from koor.kernel.paging import page


@require_GET
def quiet(request: SignedIn) -> HttpResponse:
    """My own people with whom it has been quiet, each with one step."""
    shown = page(queries.quiet(request.user), request)
    context = {"page": shown, "rows": queries.as_quiet(shown.rows), "may_see_house": access.may_see_quiet(request.user)}
    return render(request, "relations/quiet.html", context)


@require_GET
def quiet_in_the_house(request: SignedIn) -> HttpResponse:
    """People outside whom nobody spoke to lately."""
    if not access.may_see_quiet(request.user):
        raise NotFound
    shown = page(queries.quiet_in_the_house(request.user), request)
    return render(request, "relations/quiet_in_the_house.html", {"page": shown})


@require_http_methods(["GET", "POST"])
def note(request: SignedIn, contact: int) -> HttpResponse:
    """A moment with somebody, in one line."""
    who = contacts.contact(request.user, contact)
    form = TouchForm(request.POST or None, initial={"kind": request.GET.get("kind", "call")})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.note_touch(by=request.user, contact=who, once=request.POST.get("once", ""), **form.cleaned_data)
            messages.success(request, _("Noted. It stands in the story of %(name)s.") % {"name": who.first_name})
            return redirect(_back(request, reverse("contacts:contact", args=[who.pk])))
    context = {"form": form, "contact": who, "back": _back(request, "")}
    return render(request, "relations/note.html", context, status=422 if form.errors else 200)


@require_POST
def rhythm(request: SignedIn, contact: int) -> HttpResponse:
    who = contacts.contact(request.user, contact)
    form = RhythmForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose one of the list."), code="choice")
    actions.set_rhythm(by=request.user, contact=who, every_days=form.cleaned_data["every_days"])
    messages.success(request, _("Good. Koor reminds you, and nobody else."))
    return redirect("contacts:contact", who.pk)


@require_POST
def later(request: SignedIn, contact: int) -> HttpResponse:
    who = contacts.contact(request.user, contact)
    actions.put_off(by=request.user, contact=who)
    messages.success(request, _("Not now. Koor asks again in two weeks."))
    return redirect(_back(request, reverse("relations:quiet")))


@require_GET
def story(request: SignedIn, contact: int) -> HttpResponse:
    """Everything that there was with somebody, on one line, part by part."""
    who = contacts.contact(request.user, contact)
    before = request.GET.get("before", "")
    if before and not (before.isdecimal() and len(before) < 19):
        raise NotFound
    found = queries.story(request.user, who, int(before) if before else None)
    return render(request, "relations/story.html", {"contact": who, "story": found, "before": before})


@require_POST
def forget(request: SignedIn, pk: int) -> HttpResponse:
    touch = queries.touch(request.user, pk)
    actions.forget_touch(by=request.user, touch=touch)
    messages.success(request, _("Taken back."))
    return redirect("contacts:contact", touch.contact_id)


def _back(request: SignedIn, otherwise: str) -> str:
    """Where one came from, when that is a page of this house."""
    return hrefs.own(request.POST.get("back") or request.GET.get("back") or "", otherwise)
