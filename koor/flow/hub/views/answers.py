"""The page behind the address in a letter: a question, one text field and a photo. No sign-in, once."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from koor.flow.hub import actions, queries
from koor.flow.hub.forms import LetterForm
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import AnswerLink
from koor.ground.people.queries import house
from koor.kernel.access import Refused
from koor.kernel.forms import refused_at


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def by_letter(request: HttpRequest, token: str) -> HttpResponse:
    """In the language of whom the letter went to."""
    link = queries.answer_link(token)
    with translation.override(link.person.language if link else house().language):
        try:
            queries.check_open(link)
        except Refused as refused:
            return _page(request, {"closed": str(refused)}, 410)
        assert link is not None
        return _answer(request, token, link)


def _answer(request: HttpRequest, token: str, link: AnswerLink) -> HttpResponse:
    form = LetterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = {"sentence": form.cleaned_data["sentence"], "who": form.cleaned_data["who"]}
        upload = form.cleaned_data["photo"]
        photo = Photo(upload.name or "", upload) if upload else None
        with refused_at(form):
            actions.answer_by_link(by=link.person, token=token, photo=photo, **given)
            return _page(request, {"closed": _("Thank you for your answer."), "thanks": True}, 200)
    return _page(request, {"prompt": link.prompt, "form": form}, 422 if form.errors else 200)


def _page(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    return render(request, "hub/by_letter.html", {**context, "house": house()}, status=status)
