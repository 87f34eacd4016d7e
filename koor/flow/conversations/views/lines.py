"""One's own direct lines: open one, show its QR code, change it, give it a new address, close it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.conversations import access, actions, logic, queries
from koor.flow.conversations.forms import FirstWordForm, LineForm
from koor.flow.conversations.models import Line
from koor.ground.contacts import queries as contacts
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import numbers, outside
from koor.kernel.access import NotFound
from koor.kernel.forms import refused_at
from koor.kernel.paging import page

KEPT = ("about", "answers", "days", "opens", "closes", "limit", "shows_phone", "shows_mail", "stand_in", "aside")


@require_GET
def lines(request: SignedIn) -> HttpResponse:
    """Who reaches me directly."""
    shown = page(queries.lines(request.user), request)
    context = {"page": shown, "may_open": access.may_open_line(request.user)}
    context["faceless"] = queries.without_a_face(request.user)
    context["offered"] = queries.offered_back(request.user)
    context["given_back"] = set(queries.to_take_up().values_list("pk", flat=True)) if context["faceless"] else ()
    return render(request, "conversations/lines.html", context)


@require_http_methods(["GET", "POST"])
def open_line(request: SignedIn) -> HttpResponse:
    """For somebody outside or for a project; with one's wishes filled in as they were the last time."""
    given = request.POST if request.method == "POST" else request.GET
    about = _about(request, given.get("contact", ""), given.get("project", ""))
    if about["there"] is not None:
        return redirect("conversations:line", about["there"].pk)
    form = LineForm(request.POST or None, by=request.user, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            wished = _wished(form)
            line = actions.open_line(
                by=request.user, person=request.user, contact=about["contact"], project=about["project"], **wished
            )
            messages.success(request, _("The line is open. Let them scan the code, or send the address."))
            return redirect("conversations:line", line.pk)
    return render(request, "conversations/open_line.html", about | {"form": form}, status=422 if form.errors else 200)


def _about(request: SignedIn, contact: str, project: str) -> dict[str, Any]:
    """To whom or for what, the line that is there already, and who is the direct line now."""
    who, what = numbers.row(contact), numbers.row(project)
    one = contacts.contact(request.user, who) if who else None
    work = contacts.project(request.user, what) if what else None
    if one is None and work is None:
        raise NotFound
    work = None if one else work
    there = queries.line_with(one) if one else queries.line_of_project(request.user, work) if work else None
    mine = there if there and there.person_id == request.user.pk else None
    now = contacts.direct_line_of(one) if one else None
    other = now if now and now.pk != request.user.pk else None
    return {"contact": one, "project": work, "there": mine, "other": other}


def _first(request: SignedIn) -> dict[str, Any]:
    latest = queries.lines(request.user).order_by("-pk").first()
    if latest is not None:
        return _as_it_is(latest) | {"aside": ""}
    house = people.house()
    return {
        "about": request.user.knows[:300],
        "days": logic.WORKDAYS,
        "opens": house.opens,
        "closes": house.closes,
        "limit": 10,
    }


def _as_it_is(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in KEPT}


def _wished(form: LineForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in KEPT if name in form.cleaned_data}


@never_cache
@require_http_methods(["GET", "POST"])
def line(request: SignedIn, pk: int) -> HttpResponse:
    """The QR code, the address, and what one wishes of it."""
    found = queries.line(request.user, pk)
    owner = found.person or request.user
    form = LineForm(request.POST or None, by=owner, initial=_as_it_is(found))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.change_line(by=request.user, line=found, **_wished(form))
            messages.success(request, _("Kept. Their page shows it from now on."))
            return redirect("conversations:line", pk)
    path = queries.address_of(found)
    address = settings.KOOR_URL + path if path else ""
    context = {"line": found, "form": form, "path": path, "address": address, "mine": owner == request.user}
    context["nobody"] = not (found.person and found.person.is_active)
    context["code"] = outside.qr_code(address) if address else ""
    return render(request, "conversations/line.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def first_word(request: SignedIn, pk: int) -> HttpResponse:
    """Write first on somebody's page; where a conversation with them is open, there."""
    found = queries.line(request.user, pk)
    closed = found.closed_at is not None and request.method == "GET"  # a text that was being written is kept
    if found.person != request.user or found.contact is None or closed:
        raise NotFound
    talk = queries.open_with(request.user, found)
    if talk is not None and request.method == "GET":
        return redirect("conversations:talk_one", talk.pk)
    form = FirstWordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            once = request.POST.get("once", "")
            said = actions.write_first(by=request.user, line=found, text=form.cleaned_data["text"], once=once)
            return redirect("conversations:talk_one", said.conversation_id)
    talk = queries.open_with(request.user, found) if form.errors else None
    context = {"line": found, "contact": found.contact, "form": form, "talk": talk}
    return render(request, "conversations/first_word.html", context, status=422 if form.errors else 200)


@require_POST
def greet(request: SignedIn, pk: int) -> HttpResponse:
    """We spoke already."""
    actions.greet(by=request.user, line=queries.line(request.user, pk))
    return redirect("/" if request.POST.get("place") == "today" else reverse("conversations:line", args=[pk]))


@require_POST
def take_up_line(request: SignedIn, pk: int) -> HttpResponse:
    """Theirs again, who left and came back; said by them or by who arranges the lines."""
    found = queries.line_that_was(request.user, pk)
    line = actions.take_up_line(by=request.user, line=found)
    if line.person == request.user:
        messages.success(request, _("You are there for them again, at the same address."))
        return redirect("conversations:line", pk)
    names = {"name": line.person, "contact": line.contact or line.project}
    messages.success(request, _("%(name)s is there for %(contact)s again, at the same address.") % names)
    return redirect("conversations:lines")


@require_POST
def leave_line(request: SignedIn, pk: int) -> HttpResponse:
    """Rather not."""
    actions.leave_line(by=request.user, line=queries.line_that_was(request.user, pk))
    messages.success(request, _("The curator chooses who is there for them."))
    return redirect("conversations:lines")


@require_POST
def new_line_link(request: SignedIn, pk: int) -> HttpResponse:
    actions.new_link(by=request.user, line=queries.line(request.user, pk))
    messages.success(request, _("A new address. The old one says kindly where to go."))
    return redirect("conversations:line", pk)


@require_POST
def close_line(request: SignedIn, pk: int) -> HttpResponse:
    actions.close_line(by=request.user, line=queries.line(request.user, pk))
    messages.success(request, _("The line is closed. What was said stays in the story."))
    return redirect("conversations:lines")
