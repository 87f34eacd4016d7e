"""The buttons of a post that comes back: pause it, go on, let it not come back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from koor.flow.publishing import actions
from koor.flow.publishing.models import Series
from koor.flow.publishing.queries import repeats
from koor.ground.people.access import SignedIn
from koor.kernel.access import Refused

Deed = Callable[..., Series]


def _verb(do: Deed, said: Promise) -> Callable[[SignedIn, int], HttpResponse]:
    @require_POST
    def view(request: SignedIn, pk: int) -> HttpResponse:
        found = repeats.series(request.user, pk)
        back = found.latest_id
        try:
            after = do(by=request.user, series=found)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            back = after.latest_id or back
            messages.success(request, str(said))
        return redirect("publishing:post", back)

    return view


pause = _verb(actions.pause_series, _("It is paused. What stood ready for the next time does not go."))
go_on = _verb(actions.go_on_with_series, _("It comes back again."))
stop = _verb(actions.stop_series, _("It comes back no more."))
