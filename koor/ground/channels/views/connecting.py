"""Connecting on a platform's own page: off to it, back again, choosing where to speak; how Koor is registered there."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.channels import access, actions, queries
from koor.ground.channels.contract import OAuth
from koor.ground.channels.forms import ApplicationForm, PlacesForm
from koor.ground.channels.models import Connecting
from koor.ground.channels.queries.sealed import word_of
from koor.ground.channels.views.parts import found_platform, may_make, show, usual_purpose
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound, Refused, require

MARKS = "channels.connecting"  # in the session: the states of this browser
MOST_MARKS = 8


def connect_page(request: SignedIn, made_with: queries.Connector, error: str = "") -> HttpResponse:
    """What happens when somebody connects an account here, and the button that goes there."""
    ready = queries.application(made_with.key) is not None
    return show(
        request, "agree", 400 if error else 200, platform=made_with, ready=ready, error=error,
        until_then=queries.by_hand_for(request.user, made_with.key),
        may_register=access.may_register(request.user), to=reverse("channels:go", args=[made_with.key]),
    )  # fmt: skip


@require_POST
@never_cache
def go(request: SignedIn, key: str) -> HttpResponse:
    """Off to the platform, for an account that is new here."""
    made_with = found_platform(key)
    require(made_with.manifest.oauth is not None and may_make(request.user, made_with))
    try:
        mark, address = actions.begin_connecting(by=request.user, connector=key)
    except Refused as refused:
        return connect_page(request, made_with, str(refused))
    return _off(request, made_with, mark, address)


@require_http_methods(["GET", "POST"])
@never_cache
def again(request: SignedIn, pk: int) -> HttpResponse:
    """The same for an account that is here already: it gets new tokens."""
    account = queries.account(request.user, pk)
    require(access.may_change(request.user, account))
    made_with, error = found_platform(account.connector), ""
    require(made_with.manifest.oauth is not None)
    if request.method == "POST":
        try:
            mark, address = actions.begin_connecting(by=request.user, connector=made_with.key, account=account)
            return _off(request, made_with, mark, address)
        except Refused as refused:
            error = str(refused)
    return show(
        request, "agree", 400 if error else 200, platform=made_with, account=account, error=error,
        ready=queries.application(made_with.key) is not None, may_register=access.may_register(request.user),
        to=reverse("channels:again", args=[pk]),
    )  # fmt: skip


def _off(request: SignedIn, made_with: queries.Connector, mark: str, address: str) -> HttpResponse:
    """A page that goes on by itself: a form may not lead out of the house, a page may."""
    request.session[MARKS] = [*request.session.get(MARKS, []), mark][-MOST_MARKS:]
    return show(request, "off", platform=made_with, address=address)


@login_not_required
@require_GET
@never_cache
def back(request: HttpRequest, key: str) -> HttpResponse:
    """Where the platform sends people back. The address may be anything: what counts was kept in this browser."""
    made_with = queries.connectors().get(key)
    if made_with is None or made_with.manifest.oauth is None:
        raise NotFound
    if not request.user.is_authenticated:
        return render(request, "channels/signed_out.html", {"platform": made_with}, status=401)
    answered = {name: value[:4000] for name, value in request.GET.dict().items()}
    return _arrived(request, made_with, answered)  # type: ignore[arg-type]


def _arrived(request: SignedIn, made_with: queries.Connector, answered: Mapping[str, str]) -> HttpResponse:
    marks = request.session.get(MARKS, [])
    try:
        row = actions.arrive(by=request.user, connector=made_with.key, marks=marks, answered=answered)
        request.session[MARKS] = [mark for mark in marks if mark != row.state]
        if row.account is None:
            return redirect("channels:places", row.pk)
        account = actions.connect_again_by(by=request.user, connecting=row)
    except Refused as refused:
        return show(request, "not_connected", 400, platform=made_with, error=str(refused))
    messages.success(request, _("%(name)s is connected again.") % {"name": account.name})
    return redirect("channels:account", account.pk)


@require_http_methods(["GET", "POST"])
@never_cache
def places(request: SignedIn, pk: int) -> HttpResponse:
    """Where may Koor speak, of all that this person may use there?"""
    row = queries.connecting(request.user, pk)
    made_with, found = found_platform(row.connector), queries.places_of(row)
    manifest = made_with.manifest
    both = manifest.personal and manifest.company and access.may_manage(request.user)
    both = both and any(not place.personal for place in found)
    personal = manifest.personal and not access.may_manage(request.user)
    form = PlacesForm(
        request.POST or None, places=found, both=both,
        initial={
            "places": [found[0].key] if len(found) == 1 else [],
            "purpose": usual_purpose(manifest, personal or all(place.personal for place in found)),
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and (done := _chosen(request, row, form)):
        return done
    return show(request, "places", form=form, platform=made_with, many=len(found) > 1)


def _chosen(request: SignedIn, row: Connecting, form: PlacesForm) -> HttpResponse | None:
    try:
        made = actions.connect_chosen(
            by=request.user,
            connecting=row,
            keys=form.cleaned_data["places"],
            purpose=form.cleaned_data["purpose"],
            personal=form.cleaned_data.get("whose") == "mine",
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None
    for account in made:
        messages.success(request, _("%(name)s is connected.") % {"name": account.name})
    return redirect("channels:account", made[0].pk) if len(made) == 1 else redirect("channels:accounts")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def application(request: SignedIn, key: str) -> HttpResponse:
    """How is Koor known at this platform?"""
    require(access.may_register(request.user))
    made_with = found_platform(key)
    oauth = made_with.manifest.oauth
    if oauth is None:
        raise NotFound
    known = queries.application(key)
    first: dict[str, Any] = {"client_id": known.client_id, **known.settings} if known else {}
    form = ApplicationForm(request.POST or None, asks=oauth.asks, known=known is not None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            actions.register_application(by=request.user, connector=key, **form.registered())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Kept. Colleagues can connect their accounts now."))
            return redirect("channels:application", key)
    return show(request, "application", form=form, known=known, **_registration(made_with, oauth))


def _registration(made_with: queries.Connector, oauth: OAuth) -> dict[str, Any]:
    """What the administrator copies to the platform."""
    known = queries.application(made_with.key)
    pushed = made_with.manifest.pushed and known is not None
    return {
        "platform": made_with,
        "oauth": oauth,
        "redirect": queries.way_back(made_with.key),
        "scopes": oauth.separator.join(oauth.scopes_for(known.settings if known else {})),
        "word": word_of(known) if pushed and known else "",
        "plain": not settings.KOOR_URL.startswith("https://"),
    }


@require_POST
def forget(request: SignedIn, key: str) -> HttpResponse:
    """No longer registered."""
    actions.forget_application(by=request.user, connector=key)
    messages.success(request, _("Forgotten. Accounts that are connected go on until their access ends."))
    return redirect("channels:platform", key)
