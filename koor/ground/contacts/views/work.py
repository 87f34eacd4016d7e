"""Organisations outside and our projects for them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.contacts import access, actions, queries
from koor.ground.contacts.choices import OrganisationKind, ProjectState
from koor.ground.contacts.forms import JoinForm, OrganisationForm, ProjectForm
from koor.ground.people import queries as colleagues
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
from koor.kernel.access import require
from koor.kernel.forms import refused_at
from koor.kernel.paging import page


@require_GET
def organisations(request: SignedIn) -> HttpResponse:
    words, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    kind = kind if kind in OrganisationKind.values else ""
    rows = queries.organisations_listed(request.user, words=words, kind=kind)
    context = {"page": page(rows, request, per=60), "q": words, "kind": kind, "kinds": OrganisationKind.choices}
    return render(request, "contacts/organisations.html", context)


@require_GET
def organisation(request: SignedIn, id: int) -> HttpResponse:
    found = queries.organisation(request.user, id)
    people = queries.with_acquaintances(queries.contacts(request.user, organisation=found))
    context = {
        "organisation": found,
        "people": page(people, request),
        "projects": list(queries.projects_listed(request.user).filter(organisation=found)[:60]),
        "may_edit": access.may_edit_work(request.user),
    }
    return render(request, "contacts/organisation.html", context)


@require_http_methods(["GET", "POST"])
def add_organisation(request: SignedIn) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = actions.add_organisation(by=request.user, **form.cleaned_data)
            return redirect("contacts:organisation", made.pk)
    return render(request, "contacts/edit_organisation.html", {"form": form, "organisation": None})


@require_http_methods(["GET", "POST"])
def edit_organisation(request: SignedIn, id: int) -> HttpResponse:
    found = queries.organisation(request.user, id)
    require(access.may_edit_work(request.user))
    form = OrganisationForm(request.POST or None, initial=OrganisationForm.said_of(found))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.edit_organisation(by=request.user, organisation=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("contacts:organisation", found.pk)
    return render(request, "contacts/edit_organisation.html", {"form": form, "organisation": found})


@require_GET
def projects(request: SignedIn) -> HttpResponse:
    words, state = request.GET.get("q", ""), request.GET.get("state", "")
    state = state if state in ProjectState.values else ""
    rows = queries.projects_listed(request.user, words=words, state=state)
    context = {"page": page(rows, request, per=60), "q": words, "state": state, "states": ProjectState.choices}
    return render(request, "contacts/projects.html", context)


@require_GET
def project(request: SignedIn, id: int) -> HttpResponse:
    found = queries.project(request.user, id)
    who = queries.people_of_project(found)
    context = {
        "project": found,
        "who": who,
        "mine": request.user in who,
        "may_edit": access.may_edit_project(request.user, found),
        "join": JoinForm() if access.may_edit_work(request.user) else None,
    }
    return render(request, "contacts/project.html", context)


@require_http_methods(["GET", "POST"])
def add_project(request: SignedIn) -> HttpResponse:
    asked = numbers.row(request.GET.get("contact", ""))
    contact = queries.contact(request.user, asked) if asked else None
    form = ProjectForm(request.POST or None, by=request.user, contact=contact)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = actions.add_project(
                by=request.user, people=[request.user], once=request.POST.get("once", ""), **form.cleaned_data
            )
            return redirect("contacts:project", made.pk)
    return render(request, "contacts/edit_project.html", {"form": form, "project": None})


@require_http_methods(["GET", "POST"])
def edit_project(request: SignedIn, id: int) -> HttpResponse:
    found = queries.project(request.user, id)
    require(access.may_edit_project(request.user, found), _("Who works on it changes this."))
    form = ProjectForm(request.POST or None, by=request.user, project=found)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.edit_project(by=request.user, project=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("contacts:project", found.pk)
    return render(request, "contacts/edit_project.html", {"form": form, "project": found})


@require_POST
def join(request: SignedIn, id: int) -> HttpResponse:
    """I work on it, or somebody else does."""
    found = queries.project(request.user, id)
    asked = numbers.row(request.POST.get("person", ""))
    person = colleagues.colleague(request.user, asked) if asked else request.user
    actions.join_project(by=request.user, project=found, person=person)
    return redirect("contacts:project", found.pk)


@require_POST
def leave(request: SignedIn, id: int, person: int) -> HttpResponse:
    found = queries.project(request.user, id)
    actions.leave_project(by=request.user, project=found, person=colleagues.colleague(request.user, person))
    return redirect("contacts:project", found.pk)
