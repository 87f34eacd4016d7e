"""For who manages people: roles, steps, disciplines, who leaves and who comes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.people import access, actions, queries
from koor.ground.people.access import SignedIn
from koor.ground.people.choices import ImportKind
from koor.ground.people.forms import ArrangeForm, DisciplineForm, EmailForm, LetGoForm, ListForm
from koor.kernel.access import require
from koor.kernel.forms import list_read, refused_at
from koor.kernel.paging import page


@require_GET
def manage(request: SignedIn) -> HttpResponse:
    words, show = request.GET.get("q", ""), request.GET.get("show", "")
    shown = page(queries.managed(request.user, words=words, show=show), request, per=60)
    context = {"page": shown, "q": words, "show": show, **queries.how_many(request.user)}
    return render(request, "people/manage.html", context)


@require_http_methods(["GET", "POST"])
def person(request: SignedIn, id: int) -> HttpResponse:
    colleague = queries.managed_person(request.user, id)
    form = ArrangeForm(request.POST or None, person=colleague)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.arrange_person(by=request.user, person=colleague, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("people:manage_person", colleague.pk)
    context = {
        "colleague": colleague,
        "form": form,
        "may": access.may_manage_person(request.user, colleague),
        "may_let_in": access.may_let_in(request.user, colleague),
        "may_change_email": access.may_change_email(request.user, colleague),
    }
    return render(request, "people/manage_person.html", context)


@require_http_methods(["GET", "POST"])
def change_email(request: SignedIn, id: int) -> HttpResponse:
    colleague = queries.managed_person(request.user, id)
    require(access.may_change_email(request.user, colleague))
    form = EmailForm(request.POST or None, initial={"email": colleague.email})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.change_email(by=request.user, person=colleague, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("people:manage_person", colleague.pk)
    return render(request, "people/change_email.html", {"colleague": colleague, "form": form})


@require_http_methods(["GET", "POST"])
def let_go(request: SignedIn, id: int) -> HttpResponse:
    colleague = queries.managed_person(request.user, id)
    require(access.may_manage_person(request.user, colleague))
    form = LetGoForm(request.POST or None, person=colleague)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.let_go(by=request.user, person=colleague, **form.cleaned_data)
            messages.success(request, _("%(name)s can't sign in any more.") % {"name": colleague.name})
            return redirect("people:manage_person", colleague.pk)
    return render(request, "people/let_go.html", {"colleague": colleague, "form": form})


@require_POST
def let_back(request: SignedIn, id: int) -> HttpResponse:
    colleague = queries.managed_person(request.user, id)
    actions.let_back(by=request.user, person=colleague)
    messages.success(request, _("%(name)s can sign in again.") % {"name": colleague.name})
    return redirect("people:manage_person", colleague.pk)


@require_http_methods(["GET", "POST"])
def disciplines(request: SignedIn) -> HttpResponse:
    require(access.may_manage_people(request.user))
    form = DisciplineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.add_discipline(by=request.user, **form.cleaned_data)
            return redirect("people:disciplines")
    context = {"form": form, "disciplines": list(queries.disciplines_with_size(request.user))}
    return render(request, "people/disciplines.html", context)


@require_http_methods(["GET", "POST"])
def discipline(request: SignedIn, id: int) -> HttpResponse:
    require(access.may_manage_people(request.user))
    island = queries.discipline(request.user, id)
    form = DisciplineForm(request.POST or None, initial={"name": island.name})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.rename_discipline(by=request.user, discipline=island, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("people:disciplines")
    return render(request, "people/discipline.html", {"form": form, "discipline": island})


@require_POST
def remove_discipline(request: SignedIn, id: int) -> HttpResponse:
    actions.remove_discipline(by=request.user, discipline=queries.discipline(request.user, id))
    return redirect("people:disciplines")


@require_http_methods(["GET", "POST"])
def bring_in(request: SignedIn) -> HttpResponse:
    """A list of colleagues as CSV: first read, then shown."""
    require(access.may_manage_people(request.user))
    form = ListForm(request.POST or None, request.FILES or None)
    draft = list_read(request, form, lambda name, data: actions.read_colleagues(by=request.user, name=name, data=data))
    if draft is not None:
        return redirect("people:list", draft.pk)
    return render(request, "people/bring_in.html", {"form": form})


@require_http_methods(["GET", "POST"])
def brought(request: SignedIn, id: int) -> HttpResponse:
    """What was read, what is wrong with it, and the button that takes it in."""
    draft = queries.draft(request.user, id, ImportKind.COLLEAGUES)
    if request.method == "POST":
        draft = actions.take_in_colleagues(by=request.user, draft=draft, invited="invited" in request.POST)
        return redirect("people:list", draft.pk)
    rows = actions.checked_colleagues(draft, by=request.user)
    context = {
        "draft": draft,
        "fine": [row for row, problems, known in rows if not problems and not known],
        "known": [(row, known) for row, problems, known in rows if known],
        "wrong": [(row, problems) for row, problems, _known in rows if problems],
    }
    return render(request, "people/brought.html", context)
