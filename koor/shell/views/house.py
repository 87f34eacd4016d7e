"""The house itself: who we are, and the letters that go out. For the administrator."""

from copy import copy

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor import __version__
from koor.flow.hub import actions as hub
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.publishing.access import may_hold
from koor.ground.people import actions, queries
from koor.ground.people.access import SignedIn, may_change_house
from koor.kernel import audit, notices
from koor.kernel.access import NotFound, require
from koor.kernel.forms import refused_at
from koor.kernel.paging import page
from koor.kernel.uploads import too_large
from koor.shell.access import may_see_mail
from koor.shell.forms import HouseForm, LogoForm

FOLDERS = ("waiting", "failed", "sent")


@require_http_methods(["GET", "POST"])
def change_house(request: SignedIn) -> HttpResponse:
    require(may_change_house(request.user), _("Only an administrator changes these."))
    house = queries.house()
    form = HouseForm(request.POST or None, instance=copy(house))  # a form of a model fills it in
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.change_house(by=request.user, house=house, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("shell:settings")
    context = {"form": form, "version": __version__, "address": settings.KOOR_URL, "https": settings.HTTPS}
    context["may_hold"] = may_hold(request.user)
    return render(request, "shell/settings.html", context)


@require_http_methods(["GET", "POST"])
def logo(request: SignedIn) -> HttpResponse:
    require(may_change_house(request.user), _("Only an administrator changes these."))
    form = LogoForm(request.POST or None, request.FILES or None)
    if "away" in request.POST:
        actions.set_logo(by=request.user, logo=None)
        messages.success(request, _("The logo is taken away."))
        return redirect("shell:settings")
    if request.method == "POST" and too_large(request):
        form.add_error("photo", _("This image is larger than 40 MB. Send it in a smaller size."))
    elif request.method == "POST" and form.is_valid():
        try:
            with refused_at(form):
                hub.show_logo(by=request.user, image=form.cleaned_data["photo"].read())
                messages.success(request, _("Kept. It stands above the newsroom."))
                return redirect("shell:settings")
        except MediaTrouble:
            form.add_error("photo", _("That did not work just now. Try it again in a moment."))
    return render(request, "shell/logo.html", {"form": form, "place": "shell:settings"})


@require_GET
def mail(request: SignedIn) -> HttpResponse:
    require(
        may_see_mail(request.user), _("Letters can hold links that let somebody in; only the administrator sees them.")
    )
    folder = request.GET.get("folder", "waiting")
    if folder not in FOLDERS:
        raise NotFound
    numbers = notices.number_of_letters()
    context = {
        "page": page(notices.letters(folder), request),
        "folder": folder,
        "folders": [(key, numbers.get(key, 0)) for key in FOLDERS],
        "numbers": numbers,
        "server": settings.EMAIL_HOST,
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
    return render(request, "shell/mail.html", context)


@require_POST
def throw_away(request: SignedIn, pk: int) -> HttpResponse:
    """A letter that could not go is forgotten."""
    require(may_see_mail(request.user))
    with transaction.atomic():
        letter = notices.throw_away(pk)
        audit.record(by=request.user, verb="shell.throw_away", target=letter, kind=letter.kind)
    messages.success(request, _("Thrown away."))
    return redirect(f"{reverse('shell:mail')}?folder=failed")


@require_POST
def send_again(request: SignedIn, pk: int) -> HttpResponse:
    """A letter that waits or could not go is tried at once."""
    require(may_see_mail(request.user))
    letter = notices.try_again(pk)
    audit.record(by=request.user, verb="shell.send_again", target=letter, kind=letter.kind)
    messages.success(request, _("It is tried again now. Load this page again to see how it went."))
    return redirect("shell:mail")
