"""Colleagues: who they are, who can do what, who is away."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from koor.ground.people import access, actions, queries
from koor.ground.people.access import SignedIn
from koor.ground.people.choices import SkillKind
from koor.ground.people.forms import AbsenceForm
from koor.kernel.forms import refused_at
from koor.kernel.paging import page

AHEAD = timedelta(weeks=8)


@require_GET
def colleagues(request: SignedIn) -> HttpResponse:
    """Who works here and knows what; found by name, work, knowledge or skill."""
    words = request.GET.get("q", "")
    islands = list(queries.disciplines(request.user))
    chosen = next((island for island in islands if island.slug == request.GET.get("discipline")), None)
    shown = page(queries.colleagues(request.user, words=words, discipline=chosen), request, per=60)
    today = queries.today()
    away = {absence.person_id: absence for absence in queries.absences(request.user, today, today)}
    rows = [(person, away.get(person.pk)) for person in shown.rows]
    context = {"page": shown, "rows": rows, "q": words, "islands": islands, "chosen": chosen}
    return render(request, "people/colleagues.html", context | queries.how_many(request.user))


@require_GET
def colleague(request: SignedIn, id: int) -> HttpResponse:
    person = queries.colleague(request.user, id)
    absence, stand_in = queries.absence_and_stand_in(person, queries.today())
    context = {
        "colleague": person,
        "skills": list(queries.skills_of(request.user, person)),
        "absence": absence,
        "stand_in": stand_in,
        "may_manage": access.may_manage_people(request.user),
    }
    return render(request, "people/colleague.html", context)


@require_GET
def skills(request: SignedIn) -> HttpResponse:
    """Who can do what: only what colleagues said themselves."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in SkillKind.values else ""
    words = request.GET.get("q", "")
    shown = page(queries.who_can_what(request.user, kind=kind, words=words), request, per=60)
    context = {"page": shown, "q": words, "kind": kind, "kinds": SkillKind.choices}
    return render(request, "people/skills.html", context)


@require_GET
def away(request: SignedIn) -> HttpResponse:
    """Who is away now and in the weeks that come, and who stands in."""
    today = queries.today()
    rows = list(queries.absences(request.user, today, today + AHEAD)[:400])
    context = {
        "now": [row for row in rows if row.first_day <= today],
        "later": [row for row in rows if row.first_day > today],
        "may_manage": access.may_manage_people(request.user),
        "today": today,
    }
    return render(request, "people/away.html", context)


@require_http_methods(["GET", "POST"])
def tell_absence(request: SignedIn, id: int) -> HttpResponse:
    """For a colleague who can't do it, such as who is ill."""
    person = queries.managed_person(request.user, id)
    form = AbsenceForm(request.POST or None, person=person, initial={"first_day": queries.today()})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.declare_absence(
                by=request.user, person=person, once=request.POST.get("once", ""), **form.cleaned_data
            )
            messages.success(request, _("Told for %(name)s.") % {"name": person.first_name})
            return redirect("people:colleague", person.pk)
    return render(request, "people/absence.html", {"form": form, "absence": None, "other": person})
