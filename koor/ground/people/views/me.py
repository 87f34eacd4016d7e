"""Me: what I told of myself, my words, my steps, my days away, my keys."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.people import actions, queries
from koor.ground.people.access import SignedIn
from koor.ground.people.choices import Autonomy
from koor.ground.people.forms import AbsenceForm, ProfileForm, SkillForm, TokenForm
from koor.kernel import together
from koor.kernel.forms import refused_at


@require_GET
def me(request: SignedIn) -> HttpResponse:
    person = queries.colleague(request.user, request.user.pk)
    steps = list(Autonomy)
    skills, absences, stands_in, last_step = together.lists(
        queries.skills_of(person, person),
        queries.own_absences(person, person),
        queries.stand_ins_to_come(person),
        queries.last_step(person),
    )
    context = {
        "colleague": person,
        "skills": skills,
        "absences": absences,
        "stands_in": stands_in,
        "steps": [(step, steps.index(step) <= steps.index(Autonomy(person.autonomy))) for step in steps],
        "last_step": last_step[0] if last_step else None,
        "today": queries.today(),
    }
    return render(request, "people/me.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn) -> HttpResponse:
    person = queries.colleague(request.user, request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.edit_profile(by=request.user, person=person, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("people:me")
    return render(request, "people/edit.html", {"form": form})


@require_http_methods(["GET", "POST"])
def skills(request: SignedIn) -> HttpResponse:
    form = SkillForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.declare_skill(by=request.user, person=request.user, **form.cleaned_data)
            return redirect("people:me_skills")
    context = {"form": form, "skills": list(queries.skills_of(request.user, request.user))}
    return render(request, "people/my_skills.html", context)


@require_POST
def withdraw_skill(request: SignedIn, id: int) -> HttpResponse:
    skill = queries.own_skill(request.user, id)
    actions.withdraw_skill(by=request.user, person=request.user, skill=skill)
    return redirect("people:me_skills")


@require_http_methods(["GET", "POST"])
def declare_absence(request: SignedIn) -> HttpResponse:
    form = AbsenceForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            absence = actions.declare_absence(
                by=request.user, person=request.user, once=request.POST.get("once", ""), **form.cleaned_data
            )
            messages.success(request, _("Told. Your stand-in sees it too.") if absence.stand_in else _("Told."))
            return redirect("people:me")
    return render(request, "people/absence.html", {"form": form, "absence": None, "back": "people:me"})


@require_http_methods(["GET", "POST"])
def change_absence(request: SignedIn, id: int) -> HttpResponse:
    absence = queries.absence(request.user, id)
    initial = {name: getattr(absence, name) for name in ("first_day", "last_day", "stand_in", "sentence")}
    form = AbsenceForm(request.POST or None, person=absence.person, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.change_absence(by=request.user, absence=absence, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect(_after_absence(request, absence.person_id))
    context = {"form": form, "absence": absence, "today": queries.today()}
    return render(request, "people/absence.html", context)


@require_POST
def end_absence(request: SignedIn, id: int) -> HttpResponse:
    absence = queries.absence(request.user, id)
    actions.end_absence(by=request.user, absence=absence)
    messages.success(request, _("Welcome back.") if absence.person == request.user else _("Taken back."))
    return redirect(_after_absence(request, absence.person_id))


def _after_absence(request: SignedIn, person_id: int) -> str:
    return "people:me" if person_id == request.user.pk else "people:away"


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def keys(request: SignedIn) -> HttpResponse:
    """Keys for programs. A new one is shown in the answer to the form and never again."""
    form = TokenForm(request.POST or None)
    plain = ""
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            _token, plain = actions.make_token(
                by=request.user, person=request.user, once=request.POST.get("once", ""), **form.cleaned_data
            )
            form = TokenForm()
    context = {"form": form, "tokens": list(queries.tokens(request.user)), "plain": plain}
    response = render(request, "people/keys.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke_key(request: SignedIn, id: int) -> HttpResponse:
    token = queries.token(request.user, id)
    actions.revoke_token(by=request.user, token=token)
    messages.success(request, _("This key opens nothing any more."))
    return redirect("people:me_keys")
