"""Teams, and rotas in which colleagues take turns."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.people import access, actions, queries
from koor.ground.people.access import SignedIn
from koor.ground.people.forms import JoinForm, RotaForm, TeamForm
from koor.ground.people.models import Rota, Team
from koor.kernel.access import NotFound, require
from koor.kernel.forms import refused_at

WEEKS = 6  # of a rota that its page shows


@require_GET
def teams(request: SignedIn) -> HttpResponse:
    """Who belongs together, and whose week it is."""
    today = queries.today()
    context = {
        "teams": list(queries.teams(request.user)[:200]),
        "rotas": [(rota, queries.turn_on(rota, today)) for rota in queries.rotas(request.user)[:200]],
        "may_arrange": access.may_arrange_teams(request.user),
    }
    return render(request, "people/teams.html", context)


@require_http_methods(["GET", "POST"])
def add_team(request: SignedIn) -> HttpResponse:
    require(access.may_arrange_teams(request.user))
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = actions.make_team(by=request.user, **form.cleaned_data)
            return redirect("people:team", made.pk)
    return render(request, "people/add_group.html", {"form": form, "rota": False})


@require_http_methods(["GET", "POST"])
def add_rota(request: SignedIn) -> HttpResponse:
    require(access.may_arrange_teams(request.user))
    form = RotaForm(request.POST or None, initial={"first_week": queries.today()})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = actions.make_rota(by=request.user, **form.cleaned_data)
            return redirect("people:rota", made.pk)
    return render(request, "people/add_group.html", {"form": form, "rota": True})


@require_http_methods(["GET", "POST"])
def team(request: SignedIn, id: int) -> HttpResponse:
    found = queries.team(request.user, id)
    form = TeamForm(request.POST or None, initial={"name": found.name, "about": found.about})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.change_team(by=request.user, team=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("people:team", found.pk)
    context = {"team": found, "members": list(found.people.all()), "join": _join(found)}
    return _group(request, "people/team.html", {**context, "form": form})


@require_http_methods(["GET", "POST"])
def rota(request: SignedIn, id: int) -> HttpResponse:
    found = queries.rota(request.user, id)
    first = {"name": found.name, "about": found.about, "first_week": found.first_week}
    form = RotaForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.change_rota(by=request.user, rota=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("people:rota", found.pk)
    days = [queries.today() + timedelta(weeks=n) for n in range(WEEKS)]
    weeks = [(day.isocalendar().week, queries.turn_on(found, day)) for day in days]
    members = [turn.person for turn in found.turns.all()]
    context = {"rota": found, "members": members, "weeks": weeks if members else [], "join": _join(found)}
    return _group(request, "people/rota.html", {**context, "form": form})


def _join(group: Team | Rota) -> JoinForm:
    return JoinForm(group=group)


def _group(request: SignedIn, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, {**context, "may_arrange": access.may_arrange_teams(request.user)})


def _found(request: SignedIn, kind: str, id: int) -> Team | Rota:
    if kind not in {"team", "rota"}:
        raise NotFound
    return queries.team(request.user, id) if kind == "team" else queries.rota(request.user, id)


@require_POST
def join(request: SignedIn, kind: str, id: int) -> HttpResponse:
    found = _found(request, kind, id)
    form = JoinForm(request.POST, group=found)
    if form.is_valid():
        actions.join(by=request.user, group=found, person=form.cleaned_data["person"])
    else:
        messages.warning(request, _("Choose a colleague."))
    return redirect(f"people:{kind}", id)


@require_POST
def leave(request: SignedIn, kind: str, id: int, person: int) -> HttpResponse:
    found = _found(request, kind, id)
    actions.leave(by=request.user, group=found, person=queries.colleague(request.user, person))
    return redirect(f"people:{kind}", id)


@require_POST
def turn_earlier(request: SignedIn, id: int, person: int) -> HttpResponse:
    found = queries.rota(request.user, id)
    actions.turn_earlier(by=request.user, rota=found, person=queries.colleague(request.user, person))
    return redirect("people:rota", id)


@require_http_methods(["GET", "POST"])
def end(request: SignedIn, kind: str, id: int) -> HttpResponse:
    found = _found(request, kind, id)
    require(access.may_arrange_teams(request.user))
    if request.method == "POST":
        actions.end_group(by=request.user, group=found)
        messages.success(request, _("%(name)s is no more.") % {"name": found.name})
        return redirect("people:teams")
    return render(request, "people/end_group.html", {"group": found, "kind": kind})
