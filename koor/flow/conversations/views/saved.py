"""Saved answers: the page on which they are kept, and one chosen while one answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.conversations import access, actions, queries
from koor.flow.conversations.forms import AnswerForm, SavedForm
from koor.flow.conversations.views.pages import show
from koor.flow.conversations.views.pictures import kept
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
from koor.kernel.forms import refused_at
from koor.kernel.paging import page


def _places() -> list[str]:
    """What Koor fills in, in the language of the page."""
    return [
        pgettext("place in a text", "first name"),
        pgettext("place in a text", "name"),
        pgettext("place in a text", "my name"),
        pgettext("place in a text", "our name"),
        pgettext("place in a text", "project"),
        pgettext("place in a text", "account"),
    ]


@require_GET
def saved_answers(request: SignedIn) -> HttpResponse:
    """One's own and those for everybody."""
    context = {
        "page": page(queries.saved_answers(request.user), request),
        "for_all": access.may_save_for_all(request.user),
    }
    return render(request, "conversations/saved_answers.html", context)


@require_http_methods(["GET", "POST"])
def save_answer(request: SignedIn) -> HttpResponse:
    """A new one."""
    form = SavedForm(request.POST or None, may_for_all=access.may_save_for_all(request.user))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.save_answer(by=request.user, once=request.POST.get("once", ""), **form.cleaned_data)
            messages.success(request, _("Kept. It stands beside every answer."))
            return redirect("conversations:saved_answers")
    return _form_page(request, form)


@require_http_methods(["GET", "POST"])
def change_saved(request: SignedIn, pk: int) -> HttpResponse:
    """Other words."""
    saved = queries.saved_answer(request.user, pk)
    form = SavedForm(request.POST or None, initial={"name": saved.name, "text": saved.text})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.change_saved(by=request.user, saved=saved, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("conversations:saved_answers")
    return _form_page(request, form, saved=saved)


def _form_page(request: SignedIn, form: SavedForm, **more: Any) -> HttpResponse:
    context = {"form": form, "places": _places(), **more}
    return render(request, "conversations/save_answer.html", context, status=422 if form.errors else 200)


@require_POST
def remove_saved(request: SignedIn, pk: int) -> HttpResponse:
    saved = queries.saved_answer(request.user, pk)
    actions.remove_saved(by=request.user, saved=saved)
    undo = reverse("conversations:put_saved_back", args=[saved.pk])
    messages.success(request, _("Removed: %(name)s.") % {"name": saved.name}, extra_tags=f"undo={undo}")
    return redirect("conversations:saved_answers")


@require_POST
def put_saved_back(request: SignedIn, pk: int) -> HttpResponse:
    actions.put_saved_back(by=request.user, saved=queries.saved_answer(request.user, pk))
    return redirect("conversations:saved_answers")


@require_POST
def use_saved(request: SignedIn, pk: int) -> HttpResponse:
    """The page with a saved answer in its box, after what stood there; for a script only the words."""
    conversation = queries.conversation(request.user, pk)
    number = numbers.row(request.POST.get("saved", ""))
    words = queries.filled_in(request.user, queries.saved_answer(request.user, number), conversation)
    if request.headers.get("Accept", "").startswith("text/plain"):
        return HttpResponse(words, content_type="text/plain; charset=utf-8")
    text = "\n\n".join(part for part in (request.POST.get("text", "").strip(), words) if part)
    place = "inbox" if request.POST.get("place") == "inbox" and access.may_see_all(request.user) else "talk"
    form = AnswerForm(initial={"text": text})
    form.fields["text"].widget.attrs["autofocus"] = True
    return show(request, conversation, place=place, forms={"answer_form": form, "pictures": kept(request)})
