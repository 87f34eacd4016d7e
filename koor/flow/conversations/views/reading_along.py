"""The buddy reads an answer for somebody's own page: what was asked, what is answered, and yes or not like this."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from koor.flow.conversations import actions, queries
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
from koor.kernel.access import Refused


@require_http_methods(["GET", "POST"])
def read_first(request: SignedIn, pk: int) -> HttpResponse:
    """Is it true, is it kind, and does it sound like them?"""
    found = queries.to_read_first(request.user, pk)
    problem, newer, word = "", "", request.POST.get("word", "")[:300]
    if request.method == "POST":
        try:
            _decide(request, found.message, word)
            return redirect("/")
        except Refused as refusal:
            if refusal.code == "collision":
                newer, found = str(refusal), queries.to_read_first(request.user, pk)
            else:
                problem = str(refusal)
    context = {"found": found, "problem": problem, "newer": newer, "word": word}
    status = 409 if newer else 422 if problem else 200
    return render(request, "conversations/read_first.html", context, status=status)


def _decide(request: SignedIn, message: Any, word: str) -> None:
    values = {"name": message.person.first_name if message.person else _("Your colleague")}
    if "back" in request.POST:
        actions.give_back(by=request.user, message=message, word=word)
        messages.success(request, _("%(name)s reads what you would change.") % values)
        return
    seen = numbers.row(request.POST.get("last_message", ""))
    stands = actions.let_stand(by=request.user, message=message, last_message=seen)
    if stands.delivery == "by_hand":
        messages.info(request, _("Their page is closed, so %(name)s sends it by hand and hears so.") % values)
    else:
        messages.success(request, _("It stands on their page now, in the name of %(name)s.") % values)
