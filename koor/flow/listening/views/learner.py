"""The learner: what it does, how far it is, and how far it may go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from koor.flow.listening import access, actions, queries
from koor.flow.listening.forms import PromiseForm
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def learner(request: SignedIn) -> HttpResponse:
    """How far is the learner, and how far may it go?"""
    if not access.may_listen(request.user):
        raise NotFound
    standing = queries.standing()
    form = PromiseForm(request.POST or None, initial={"promise": standing.promise})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.promise(by=request.user, promise=form.cleaned_data["promise"])
            messages.success(request, _("Saved."))
            return redirect("listening:learner")
    context = {"standing": standing, "form": form, "may_connect": access.may_connect(request.user)}
    wrong = request.method == "POST"
    return render(request, "listening/learner.html", context, status=422 if wrong else 200)
