"""The buddy reads an answer for somebody's own page: what was asked, what is answered, and yes or not like this."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from koor.flow.conversations import actions, queries
from koor.ground.people.access import SignedIn
from koor.kernel.access import Refused


@require_http_methods(["GET", "POST"])
def read_first(request: SignedIn, pk: int) -> HttpResponse:
    """Is it true, is it kind, and does it sound like them?"""
    found = queries.to_read_first(request.user, pk)
    problem, word = "", request.POST.get("word", "")[:300]
    if request.method == "POST":
        name = found.message.person.first_name if found.message.person else _("Your colleague")
        try:
            if "back" in request.POST:
                actions.give_back(by=request.user, message=found.message, word=word)
                messages.success(request, _("%(name)s reads what you would change.") % {"name": name})
            else:
                actions.let_stand(by=request.user, message=found.message)
                messages.success(request, _("It stands on their page now, in the name of %(name)s.") % {"name": name})
            return redirect("/")
        except Refused as refusal:
            problem = str(refusal)
    context = {"found": found, "problem": problem, "word": word}
    return render(request, "conversations/read_first.html", context, status=422 if problem else 200)
