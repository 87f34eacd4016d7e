"""My own photo as face."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.hub import actions
from koor.flow.hub.forms import FaceForm
from koor.flow.hub.media.reasons import MediaTrouble
from koor.ground.people import actions as people
from koor.ground.people.access import SignedIn
from koor.kernel.forms import refused_at
from koor.kernel.uploads import too_large


@require_http_methods(["GET", "POST"])
def face(request: SignedIn) -> HttpResponse:
    form = FaceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and too_large(request):
        form.add_error("photo", _("This photo is larger than 40 MB. Send it in a smaller size."))
    elif request.method == "POST" and form.is_valid():
        try:
            with refused_at(form):
                actions.show_face(by=request.user, person=request.user, photo=form.cleaned_data["photo"].read())
                messages.success(request, _("There you are."))
                return redirect("people:me")
        except MediaTrouble:
            form.add_error("photo", _("That did not work just now. Try it again in a moment."))
    return render(request, "hub/face.html", {"form": form})


@require_POST
def take_away(request: SignedIn) -> HttpResponse:
    people.set_picture(by=request.user, person=request.user, picture=None)
    messages.success(request, _("Your photo is taken away."))
    return redirect("people:me")
