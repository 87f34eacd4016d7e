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
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.models import AnswerLink
from koor.flow.hub.views.capture import sort_files
from koor.ground.people.queries import house
from koor.kernel.access import Refused
from koor.kernel.forms import refused_at
from koor.kernel.uploads import too_large


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
    sent = request.method == "POST"
    form = LetterForm(request.POST, request.FILES) if sent else LetterForm()
    photos = _photos(request, form) if sent else []
    if sent and form.is_valid():
        given = {"sentence": form.cleaned_data["sentence"], "who": form.cleaned_data["who"]}
        with refused_at(form):
            actions.answer_by_link(by=link.person, token=token, photo=next(iter(photos), None), **given)
            return _page(request, {"closed": _("Thank you for your answer."), "thanks": True}, 200)
    return _page(request, {"prompt": link.prompt, "form": form}, 422 if form.errors else 200)


def _photos(request: HttpRequest, form: LetterForm) -> list[Photo]:
    """What came with it; what can't be taken is said at its field, so that the address is not used up for nothing."""
    photos: list[Photo] = []
    problems = [f"{name}: {_(Reason.TOO_MANY_BYTES.sentence)}" for name in too_large(request)]
    sort_files([(str(file.name), file) for file in request.FILES.getlist("photo")], photos, problems)
    for problem in problems:
        form.add_error("photo", problem)
    return photos


def _page(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    return render(request, "hub/by_letter.html", {**context, "house": house()}, status=status)
