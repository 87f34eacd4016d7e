"""What an open page asks every second or so, in a few milliseconds, and sooner when something happened
(`kernel.pulse`). No connection is held open, so no worker is."""

from collections import defaultdict

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from koor.flow.conversations import actions, queries
from koor.ground.people.access import SignedIn
from koor.kernel import numbers, pulse


@require_POST
def live(request: SignedIn) -> HttpResponse:
    """The marks of what the page shows, and who else looks. With `look` this colleague is seen to look, with `writes`
    to write; with `away` they closed the page."""
    asked = request.POST.get("of", "")
    of = numbers.row(asked) or None
    if asked and of is None:
        return HttpResponse(status=400)
    if request.POST.get("away") and of is not None:
        actions.look_away(by=request.user, conversation_id=of)
        return HttpResponse(status=204)
    heard = pulse.mark()  # before the rest: what comes in between is asked for again
    found = queries.live(request.user, of)
    if of is not None and found.mark and request.POST.get("look"):
        conversation = queries.conversation(request.user, of)
        actions.look(by=request.user, conversation=conversation, writes=bool(request.POST.get("writes")))
    rows: dict[int, list[queries.Beside]] = defaultdict(list)
    for one in found.beside:
        rows[one.conversation_id].append(one)
    said = {pk: queries.in_words(others) for pk, others in rows.items()}
    return JsonResponse({"mark": found.mark, "list": found.list_mark, "beside": said, "pulse": heard})
