"""Consent outside of the house: a QR code to show, the page to sign on one's own phone, and the page that one keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, get_language_from_request, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from koor.flow.hub import actions, queries
from koor.flow.hub.choices import Agrees, Use, Where
from koor.flow.hub.models import Portrayed
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import files, outside, secrets
from koor.kernel.access import NotFound, Refused

LANGUAGES = {
    "nl": "Nederlands",
    "en": "English",
    "de": "Deutsch",
    "pl": "Polski",
    "tr": "Türkçe",
    "ar": "العربية",
}
A_YEAR = timedelta(days=365)


@require_http_methods(["GET", "POST"])
@never_cache
def ask_to_sign(request: SignedIn, pk: int) -> HttpResponse:
    """A QR code for somebody in a picture; its address is shown this once. Asked for again: back to the picture."""
    row = queries.portrayal(request.user, pk)
    if request.method == "GET":
        return redirect("hub:item", row.item_id) if row.item_id else redirect("hub:captured", row.capture_id)
    signing, token = actions.ask_to_sign(by=request.user, portrayed=row)
    address = settings.KOOR_URL + reverse("hub:sign", args=[token])
    context = {"row": row, "signing": signing, "address": address, "code": outside.qr_code(address)}
    return render(request, "hub/ask_to_sign.html", context)


@require_GET
def signed_yet(request: SignedIn, pk: int) -> HttpResponse:
    """Whether the person has answered by now; the page with the code asks it."""
    return render(request, "hub/signed_yet.html", {"row": queries.portrayal(request.user, pk)})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the QR code, in the language of the phone or the one that was chosen."""
    with translation.override(_language(request)):
        try:
            if request.method == "GET":
                return _sign_page(request, token, queries.signing(token).portrayed)
            return _answered(request, token)
        except Refused as refused:
            return _page(request, "hub/sign_closed.html", sentence=_closed(refused.code), status=410)


def _answered(request: HttpRequest, token: str) -> HttpResponse:
    if request.POST.get("answer") == Agrees.NO:
        actions.decline(token=token)
        return _page(request, "hub/sign_closed.html", sentence=_closed("declined"), thanks=True)
    problem = _problem(request)
    if problem:
        return _sign_page(request, token, queries.signing(token).portrayed, problem)
    child = "child" in request.POST
    given = actions.Signed(
        name=request.POST.get("name", "")[:400],
        uses=request.POST.getlist("uses"),
        places=request.POST.getlist("places"),
        ends_on=people.today() + A_YEAR if request.POST.get("until") == "year" else None,
        parent=request.POST.get("parent", "")[:400] if child else "",
        language=get_language() or "",
        once=request.POST.get("once", "")[:100],
    )
    key = actions.sign(token=token, signed=given)
    return redirect(reverse("hub:kept_consent", args=[key]) + f"?lang={get_language()}")


def _problem(request: HttpRequest) -> str:
    data = request.POST
    if not data.get("name", "").strip() or ("child" in data and not data.get("parent", "").strip()):
        return pgettext("consent page", "Please fill in who signs.")
    if not set(data.getlist("uses")) & set(Use.values) or not set(data.getlist("places")) & set(Where.values):
        return pgettext("consent page", "Choose at least one purpose and one place.")
    return ""


def _sign_page(request: HttpRequest, token: str, row: Portrayed, problem: str = "") -> HttpResponse:
    given = request.POST if problem else None
    fields = {
        "name": given.get("name", "") if given else row.name,
        "parent": given.get("parent", "") if given else "",
        "child": bool(given and "child" in given),
        "until": given.get("until", "") if given else "",
        "uses": _ticks(_uses(), given.getlist("uses") if given else []),
        "places": _ticks(_places(), given.getlist("places") if given else []),
        "once": given.get("once", "") if given else secrets.new_token("once"),
    }
    pictures = _addresses("hub:sign_picture", token, row)
    return _page(
        request,
        "hub/sign.html",
        row=row,
        fields=fields,
        problem=problem,
        pictures=pictures,
        status=422 if problem else 200,
    )


def _ticks(names: dict[str, str], chosen: list[str]) -> list[tuple[str, str, bool]]:
    return [(value, name, value in chosen) for value, name in names.items()]


def _uses() -> dict[str, str]:
    return {
        Use.SHOW: pgettext("consent page", "to show our work"),
        Use.JOBS: pgettext("consent page", "to find new colleagues"),
    }


def _places() -> dict[str, str]:
    return {
        Where.HOUSE: pgettext("consent page", "on our own website"),
        Where.SOCIAL: pgettext("consent page", "on social media"),
    }


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def kept_consent(request: HttpRequest, key: str) -> HttpResponse:
    """The page that somebody keeps: what they agreed to, and the way back."""
    with translation.override(_language(request)):
        if request.method == "POST":
            actions.withdraw_consent(key=key)
            return redirect(f"{request.path}?lang={get_language()}")
        found = queries.kept_consent(key)
        uses, places = _uses(), _places()
        return _page(
            request,
            "hub/kept_consent.html",
            consent=found,
            row=found.portrayed,
            uses=[uses[one] for one in found.uses if one in uses],
            places=[places[one] for one in found.places if one in places],
            address=settings.KOOR_URL + request.path,
            pictures=_addresses("hub:kept_picture", key, found.portrayed),
        )


@login_not_required
@never_cache
@require_GET
def sign_picture(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """A picture that is asked about, for who has the address."""
    try:
        return _picture(queries.signing(token).portrayed, number)
    except Refused:
        raise NotFound from None


@login_not_required
@never_cache
@require_GET
def kept_picture(request: HttpRequest, key: str, number: int) -> HttpResponse:
    return _picture(queries.kept_consent(key).portrayed, number)


def _addresses(name: str, secret: str, row: Portrayed) -> list[str]:
    return [reverse(name, args=[secret, number]) for number, _one in enumerate(queries.pictures_of(row), start=1)]


def _picture(row: Portrayed, number: int) -> HttpResponse:
    pictures = queries.pictures_of(row)
    if not 1 <= number <= len(pictures):
        raise NotFound
    found = pictures[number - 1]
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
    return HttpResponse(files.read(found.file), content_type="image/jpeg", headers=headers)


def _language(request: HttpRequest) -> str:
    return outside.language(request, LANGUAGES) or get_language_from_request(request)


def _closed(code: str) -> str:
    sentences = {
        "used": pgettext("consent page", "This was answered already. Use the address that you kept."),
        "expired": pgettext("consent page", "This address is no longer valid. Ask for a new one."),
        "declined": pgettext("consent page", "That is fine. The picture with you will not be published."),
    }
    return sentences[code]


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    shown = {**context, "house": people.house()}
    answer = outside.page(request, template, shown, languages=LANGUAGES, status=status)
    answer["X-Robots-Tag"] = "noindex"
    return answer
