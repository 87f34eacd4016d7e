"""The voice of the customer: the figures, and the words behind each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from koor.flow.conversations.access import may_rule
from koor.flow.relations.queries import voice as queries
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound
from koor.kernel.paging import page

TITLES = {
    queries.ASKS: _("They ask"),
    queries.PRAISES: _("They praise"),
    queries.COMPLAINS: _("They complain"),
}


def _days(request: SignedIn) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in queries.PERIODS} else 90


@require_GET
def voice(request: SignedIn) -> HttpResponse:
    """What customers ask, praise and complain about."""
    days = _days(request)
    context = {
        "voice": queries.voice(request.user, days),
        "days": days,
        "periods": queries.PERIODS,
        "titles": list(TITLES.values()),
        "may_name": may_rule(request.user),
    }
    return render(request, "relations/voice.html", context)


@require_GET
def words(request: SignedIn, of: str, pk: int) -> HttpResponse:
    """The words behind a figure."""
    if of not in {"topic", "project"}:
        raise NotFound
    return _words(request, of, pk)


@require_GET
def words_of_product(request: SignedIn, name: str) -> HttpResponse:
    """The words in which a product is named."""
    return _words(request, "product", name)


def _words(request: SignedIn, of: str, which: int | str) -> HttpResponse:
    kind, days = request.GET.get("kind", ""), _days(request)
    about = queries.words_about(request.user, of, which, kind, days)
    context = {
        "about": about,
        "of": of,
        "kind": kind,
        "days": days,
        "kinds": list(TITLES.items()),
        "titles": TITLES,
        "page": page(about.rows, request),
    }
    return render(request, "relations/voice_words.html", context)
