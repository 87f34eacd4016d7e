"""The summary beside a conversation: a line more, a proposal, a promise kept, and one tap for having read it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koor.flow.conversations import actions, queries
from koor.flow.conversations.forms import ToldForm
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.views.pages import onwards, show, where
from koor.ground.people.access import SignedIn
from koor.kernel.forms import refused_at


@require_POST
def tell(request: SignedIn, pk: int) -> HttpResponse:
    """One line, from the conversation."""
    conversation = queries.conversation(request.user, pk)
    form = ToldForm(request.POST, auto_id="told_%s")
    if form.is_valid():
        with refused_at(form):
            said = form.cleaned_data
            actions.tell(by=request.user, conversation=conversation, kind=said["kind"], text=said["line"])
            return redirect(where(request, conversation) + "#told")
    place = "inbox" if request.POST.get("place") == "inbox" else "talk"
    return show(request, conversation, place=place, forms={"told_form": form}, status=422)


@require_POST
def told_found(request: SignedIn, pk: int) -> HttpResponse:
    """What a message proposes: keep it, or put it aside."""
    message = queries.message(request.user, pk)
    key = request.POST.get("key", "")[:220]
    if request.POST.get("wanted") == "no":
        actions.put_aside(by=request.user, message=message, key=key)
    else:
        actions.keep_found(by=request.user, message=message, key=key)
    return _back(request, message.conversation)


@require_POST
def told_one(request: SignedIn, pk: int) -> HttpResponse:
    """A line of the summary: what was promised is done, or it does not hold any more."""
    row = queries.told_line(request.user, pk)
    if "done" in request.POST:
        actions.keep_promise(by=request.user, told=row)
        undo = reverse("conversations:told_not_done", args=[pk])
        messages.success(request, _("Done: %(promise)s") % {"promise": row.text}, extra_tags=f"undo={undo}")
    else:
        actions.drop_told(by=request.user, told=row)
    return redirect("/") if request.POST.get("place") == "today" else _back(request, row.conversation)


@require_POST
def told_not_done(request: SignedIn, pk: int) -> HttpResponse:
    """Ticked off by mistake."""
    row = queries.told_line(request.user, pk)
    actions.not_kept_yet(by=request.user, told=row)
    return _back(request, row.conversation)


@require_POST
def read(request: SignedIn, pk: int) -> HttpResponse:
    """I read it: now I answer."""
    conversation = queries.conversation(request.user, pk)
    actions.confirm_read(by=request.user, conversation=conversation)
    messages.success(request, _("Good. Now nobody has to tell it again."))
    address = onwards(request, conversation)
    return redirect(address if "#" in address else f"{address}#answer")


def _back(request: SignedIn, conversation: Conversation) -> HttpResponse:
    """To where one was: another conversation with the same person, perhaps."""
    here = request.POST.get("here", "")
    fresh = queries.conversation(request.user, int(here)) if here.isdecimal() and len(here) < 19 else conversation
    return redirect(where(request, fresh.joined_into or fresh) + "#told")
