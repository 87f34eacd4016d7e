"""For the administrator: with which provider of the organisation's own colleagues may sign in."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koor.ground.people import actions, queries
from koor.ground.people.access import SignedIn, may_arrange_sign_in
from koor.ground.people.actions.provider import NAME
from koor.ground.people.forms import ProviderForm
from koor.ground.people.models import Provider
from koor.kernel.access import require
from koor.kernel.forms import refused_at

SHOWN = ("issuer", "client_id", "label", "is_on", "admits_unknown", "trusts_addresses")


@require_http_methods(["GET", "POST"])
def arrange(request: SignedIn) -> HttpResponse:
    require(may_arrange_sign_in(request.user), _("Only an administrator changes these."))
    provider = queries.provider_to_arrange(request.user)
    form = ProviderForm(request.POST or None, initial=_initial(provider))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            if "look" in request.POST:
                actions.look_at_provider(by=request.user, issuer=form.cleaned_data["issuer"])
                messages.success(request, _("The provider answers, and tells all that is needed. Nothing was kept."))
            else:
                actions.set_provider(by=request.user, **form.cleaned_data)
                messages.success(request, _("Kept."))
                return redirect("people:provider")
    context = {"form": form, "provider": provider, "comes_back_to": _comes_back_to()}
    return render(request, "people/provider.html", context)


def _initial(provider: Provider | None) -> dict[str, object]:
    if provider is None:
        return {"label": _("Sign in with your work account")}
    return {name: getattr(provider, name) for name in SHOWN}


def _comes_back_to() -> str:
    return settings.KOOR_URL + reverse("openid_connect_callback", kwargs={"provider_id": NAME})


@require_http_methods(["GET", "POST"])
def remove(request: SignedIn) -> HttpResponse:
    require(may_arrange_sign_in(request.user), _("Only an administrator changes these."))
    if request.method == "POST":
        actions.remove_provider(by=request.user)
        messages.success(request, _("The provider was taken away."))
        return redirect("people:provider")
    return render(request, "people/provider_remove.html", {"provider": queries.provider_to_arrange(request.user)})


@require_POST
def forget(request: SignedIn) -> HttpResponse:
    actions.forget_links(by=request.user)
    messages.success(request, _("Who is who at the provider is found out anew, by e-mail address."))
    return redirect("people:provider")
