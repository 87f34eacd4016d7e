"""Invitations: send, take back, and come in with one."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from koor.ground.people import access, actions, queries
from koor.ground.people.access import SignedIn
from koor.ground.people.forms import InvitationForm, WelcomeForm
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.forms import refused_at
from koor.kernel.paging import page


@never_cache
@require_http_methods(["GET", "POST"])
def invitations(request: SignedIn) -> HttpResponse:
    """Who was invited, and inviting. The link is shown once, in the answer to the form."""
    require(access.may_manage_people(request.user))
    form = InvitationForm(request.POST or None)
    link, invited = "", None
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            invited, link = actions.invite(by=request.user, **form.cleaned_data)
            form = InvitationForm()
    shown = page(queries.invitations(request.user), request)
    context = {"form": form, "page": shown, "link": link, "invited": invited, "now": clock.now()}
    return render(request, "people/invitations.html", context)


@never_cache
@require_POST
def invite_again(request: SignedIn, id: int) -> HttpResponse:
    """A new link for somebody who is written down and never came in, or whose link expired."""
    earlier = queries.invitation(request.user, id)
    invited, link = actions.invite(
        by=request.user,
        email=earlier.email,
        name=earlier.name,
        roles=earlier.roles,
        discipline=earlier.discipline,
        person=earlier.person,
    )
    shown = page(queries.invitations(request.user), request)
    context = {"form": InvitationForm(), "page": shown, "link": link, "invited": invited, "now": clock.now()}
    return render(request, "people/invitations.html", context)


@never_cache
@require_POST
def invite_person(request: SignedIn, id: int) -> HttpResponse:
    """A link for a colleague who is written down: to come in for the first time, or with a new password."""
    colleague = queries.managed_person(request.user, id)
    require(access.may_manage_person(request.user, colleague))
    invited, link = actions.invite(by=request.user, email=colleague.email, person=colleague)
    shown = page(queries.invitations(request.user), request)
    context = {"form": InvitationForm(), "page": shown, "link": link, "invited": invited, "now": clock.now()}
    return render(request, "people/invitations.html", context)


@require_POST
def withdraw(request: SignedIn, id: int) -> HttpResponse:
    invitation = queries.invitation(request.user, id)
    actions.withdraw_invitation(by=request.user, invitation=invitation)
    messages.success(request, _("This link opens nothing any more."))
    return redirect("people:invitations")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def welcome(request: SignedIn, secret: str) -> HttpResponse:
    """For who has a link and no account yet."""
    try:
        invitation = actions.refuse_unless_open(queries.invitation_by_secret(secret))
    except Refused as refused:
        return render(request, "people/no_welcome.html", {"sentence": str(refused)}, status=410)
    form = WelcomeForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            person = actions.accept_invitation(by=SYSTEM, secret=secret, **form.cleaned_data)
            login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
            return redirect("/")
    return render(request, "people/welcome.html", {"form": form, "invitation": invitation})
