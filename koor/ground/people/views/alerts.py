"""Me: on which devices I want a short message, and when not."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koor.ground.people import actions
from koor.ground.people.access import SignedIn
from koor.ground.people.forms import DeviceForm, QuietForm
from koor.kernel import push
from koor.kernel.access import Refused
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def alerts(request: SignedIn) -> HttpResponse:
    begins, ends = push.quiet_of(request.user.pk)
    form = QuietForm(request.POST or None, initial={"begins": begins, "ends": ends})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.set_quiet(by=request.user, person=request.user, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("people:me_alerts")
    context = {
        "form": form,
        "devices": push.devices_of(request.user.pk),
        "key": push.public_key(),
        "most": push.MOST_A_DAY,
        "https": settings.HTTPS,
    }
    return render(request, "people/alerts.html", context)


@require_POST
def hear(request: SignedIn) -> HttpResponse:
    """What the browser gave, from the button; also when the service worker renews it."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        raise Refused(
            _("This browser gives an address that Koor does not send to. Try another browser."), code="service"
        )
    actions.hear_alerts(by=request.user, person=request.user, **form.cleaned_data)
    messages.success(request, _("This device gets a message when something concerns you."))
    return redirect("people:me_alerts")


@require_POST
def mute(request: SignedIn, id: int) -> HttpResponse:
    actions.mute_device(by=request.user, person=request.user, device=push.device_of(request.user.pk, id))
    messages.success(request, _("No messages on that device any more."))
    return redirect("people:me_alerts")


@require_POST
def try_it(request: SignedIn, id: int) -> HttpResponse:
    actions.try_alert(by=request.user, person=request.user, device=push.device_of(request.user.pk, id))
    messages.success(request, _("It is on its way. Within a minute it stands on your screen."))
    return redirect("people:me_alerts")
