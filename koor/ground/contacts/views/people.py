"""People outside: my relations, everyone, one of them; and how they are changed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.contacts import access, actions, queries
from koor.ground.contacts.forms import ContactForm, HandleForm, IntroduceForm, KnowForm, NewContactForm
from koor.ground.contacts.models import Contact
from koor.ground.governance.access import may_see_others_data
from koor.ground.people import queries as colleagues
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
from koor.kernel.access import require
from koor.kernel.forms import refused_at
from koor.kernel.paging import page


@require_GET
def people(request: SignedIn) -> HttpResponse:
    """The front stage's People: whom I know, whom we know, who works here."""
    words, show = request.GET.get("q", ""), request.GET.get("show", "")
    context: dict[str, object] = {"q": words, "show": show}
    if show == "colleagues":
        context["page"] = page(colleagues.colleagues(request.user, words=words), request)
    elif show == "all":
        rows = queries.with_acquaintances(queries.contacts(request.user, words=words))
        context["page"] = page(rows, request)
    else:
        context["page"] = page(queries.relations_of(request.user, words=words), request)
        if words:
            rows = queries.with_acquaintances(queries.contacts(request.user, words=words))
            context["others"] = list(rows.exclude(acquaintances__person=request.user)[:12])
            context["colleagues"] = list(colleagues.colleagues(request.user, words=words)[:6])
    return render(request, "contacts/people.html", context)


@require_GET
def contacts(request: SignedIn) -> HttpResponse:
    """Everyone outside, by name."""
    words = request.GET.get("q", "")
    rows = queries.with_acquaintances(queries.contacts(request.user, words=words))
    context = {
        "page": page(rows, request, per=60),
        "q": words,
        "may_import": access.may_import(request.user),
        "may_merge": access.may_merge(request.user),
    }
    return render(request, "contacts/contacts.html", context)


@require_GET
def contact(request: SignedIn, id: int) -> HttpResponse:
    found = queries.contact(request.user, id)
    if found.pk != id:
        return redirect("contacts:contact", found.pk)  # they were made one
    about = queries.about(request.user, found)
    line = next((row for row in about.known if row.direct_line), None)
    absence, stand_in = colleagues.absence_and_stand_in(line.person, colleagues.today()) if line else (None, None)
    context = {
        "contact": found,
        "handles": about.handles,
        "known": about.known,
        "line": line,
        "absence": absence,
        "stand_in": stand_in,
        "mine": next((row for row in about.known if row.person_id == request.user.pk), None),
        "ties": about.ties,
        "projects": about.projects,
        "merges": about.merges,
        "may_edit": access.may_edit_contact(request.user, found),
        "may_merge": access.may_merge(request.user),
        "may_introduce": access.may_edit_work(request.user),
        "may_see_kept": may_see_others_data(request.user),
    }
    return render(request, "contacts/contact.html", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    form = NewContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            said = dict(form.cleaned_data)
            how = said.pop("how")
            made = actions.add_contact(by=request.user, once=request.POST.get("once", ""), **said)
            if how:
                actions.introduce(by=request.user, person=request.user, contact=made, how=how)
            return redirect("contacts:contact", made.pk)
    context = {"form": form, "contact": None, "organisations": queries.organisations(request.user)[:500]}
    return render(request, "contacts/edit.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, id: int) -> HttpResponse:
    found = queries.contact(request.user, id)
    require(access.may_edit_contact(request.user, found), _("Only who knows them changes this."))
    form = ContactForm(request.POST or None, initial=ContactForm.said_of(found))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.edit_contact(by=request.user, contact=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("contacts:contact", found.pk)
    context = {"form": form, "contact": found, "organisations": queries.organisations(request.user)[:500]}
    return render(request, "contacts/edit.html", context)


def _whose(request: SignedIn, contact: Contact) -> Contact | None:
    """Who has the address that was typed; when this colleague may make the two one."""
    platform, value = request.POST.get("platform", ""), request.POST.get("value", "")[:300]
    other = queries.contact_by_handle(platform, value) if platform and value else None
    return other if other and other != contact and access.may_join(request.user, contact, other) else None


@require_http_methods(["GET", "POST"])
def add_handle(request: SignedIn, id: int) -> HttpResponse:
    found = queries.contact(request.user, id)
    require(access.may_edit_contact(request.user, found), _("Only who knows them changes this."))
    form = HandleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.add_handle(by=request.user, contact=found, **form.cleaned_data)
            return redirect("contacts:contact", found.pk)
    other = _whose(request, found) if form.errors else None
    context = {"form": form, "contact": found, "handles": list(found.handles.all()), "other": other}
    return render(request, "contacts/handle.html", context)


@require_POST
def remove_handle(request: SignedIn, id: int) -> HttpResponse:
    handle = queries.handle(request.user, id)
    actions.remove_handle(by=request.user, handle=handle)
    return redirect("contacts:add_handle", handle.contact_id)


# --- who knows whom ---


@require_http_methods(["GET", "POST"])
def know(request: SignedIn, id: int) -> HttpResponse:
    """I know them."""
    found = queries.contact(request.user, id)
    row = queries.own_acquaintance(request.user, found)
    initial = {"how": row.how, "since": row.since, "direct_line": row.direct_line} if row else {}
    form = KnowForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.introduce(by=request.user, person=request.user, contact=found, **form.cleaned_data)
            messages.success(request, _("%(name)s is one of your relations.") % {"name": found.name})
            return redirect("contacts:contact", found.pk)
    return render(request, "contacts/know.html", {"form": form, "contact": found, "mine": row})


@require_POST
def forget(request: SignedIn, id: int, person: int) -> HttpResponse:
    """Not after all."""
    found = queries.contact(request.user, id)
    row = queries.acquaintance(request.user, found, person)
    actions.forget_acquaintance(by=request.user, person=row.person, contact=found)
    return redirect("contacts:contact", found.pk)


@require_http_methods(["GET", "POST"])
def introduce(request: SignedIn, id: int) -> HttpResponse:
    """A colleague knows them."""
    found = queries.contact(request.user, id)
    require(access.may_edit_work(request.user), _("Whom a colleague knows, they tell themselves."))
    form = IntroduceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            said = form.cleaned_data
            line = True if said["direct_line"] else None
            actions.introduce(
                by=request.user, person=said["person"], contact=found, how=said["how"] or None, direct_line=line
            )
            return redirect("contacts:contact", found.pk)
    context = {"form": form, "contact": found, "known": queries.acquaintances_of(found)}
    return render(request, "contacts/introduce.html", context)


@require_http_methods(["GET", "POST"])
def ties(request: SignedIn, id: int) -> HttpResponse:
    """Whom they know outside; found by name."""
    found = queries.contact(request.user, id)
    require(access.may_edit_contact(request.user, found), _("Only who knows them changes this."))
    if request.method == "POST":
        other = queries.contact(request.user, numbers.row(request.POST.get("other", "")))
        actions.tie(by=request.user, contact=found, other=other, how=request.POST.get("how", ""))
        return redirect("contacts:contact", found.pk)
    words = request.GET.get("q", "")
    hits = _found_others(request, found, words)
    context = {"contact": found, "q": words, "found": hits, "ties": queries.ties_of(found)}
    return render(request, "contacts/ties.html", context)


@require_POST
def untie(request: SignedIn, id: int) -> HttpResponse:
    tie = queries.tie(request.user, id)
    actions.untie(by=request.user, tie=tie)
    return redirect("contacts:ties", numbers.row(request.POST.get("from", "")) or tie.contact_id)


def _found_others(request: SignedIn, contact: Contact, words: str) -> list[Contact]:
    if not words.strip():
        return []
    return list(queries.contacts(request.user, words=words).exclude(pk=contact.pk)[:12])
