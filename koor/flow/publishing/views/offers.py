"""Make it yours: work of a colleague with a text to begin with; and for the curator what is offered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import queries as hub
from koor.flow.publishing import access, actions
from koor.flow.publishing.choices import Answer, Stage
from koor.flow.publishing.forms import LinkForm, OfferForm, OfferToForm
from koor.flow.publishing.models import Offer, Post
from koor.flow.publishing.queries import offers as queries
from koor.flow.publishing.queries.compose import MORNING
from koor.flow.publishing.views.posts import frame
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import paging
from koor.kernel.access import Forbidden, Refused

SATURDAY = 5


@require_http_methods(["GET", "POST"])
def offer(request: SignedIn, pk: int) -> HttpResponse:
    """Read it, change a word, and post it: the second tap."""
    found = queries.offer(request.user, pk)
    if found.own is not None:
        return redirect("publishing:post", found.own.pk)
    places = queries.places_of(request.user)
    if request.method == "GET":
        return _page(request, found, _form_of(found, places))
    form = OfferForm(places, request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    account = form.places[form.cleaned_data["account"]]
    try:
        post = actions.take_offer(
            by=request.user, offer=found, text=form.cleaned_data["text"], account=account, due_local=form.due_local
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _page(request, found, form, status=422)
    messages.success(request, _said(post))
    return redirect("publishing:post", post.pk)


def _form_of(found: Offer, places: list[Any]) -> OfferForm:
    moment = _next_morning()
    first = {"text": found.text, "account": str(places[0].pk) if places else "", "day": moment.date()}
    return OfferForm(places, initial={**first, "time": moment.time()})


def _next_morning() -> datetime:
    """The next working day, at the time when most is read."""
    day = people.today() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING)


def _said(post: Post) -> str:
    if post.stage == Stage.WITH_BUDDY:
        name = post.buddy.first_name if post.buddy else _("Somebody who reads along")
        return _("%(name)s reads it first. You hear as soon as it goes.") % {"name": name}
    return _("It is yours now.")


def _page(
    request: SignedIn, found: Offer, form: OfferForm, *, link: LinkForm | None = None, status: int = 200
) -> HttpResponse:
    shown = found.sharing.post or found.sharing.item
    context = {
        "offer": found,
        "shown": shown,
        "pictures": _pictures(request, found),
        "form": form,
        "link": link or LinkForm(),
        "reasons": queries.reason_sentences(found),
        "made_of": queries.made_of_sentences(found),
        "kinds": queries.kinds_of(found),
        "open": found.answer == Answer.OPEN and found.sharing.ended_at is None,
        "button": _button(request),
        "frame": frame(request),
    }
    return render(request, "publishing/offer.html", context, status=status)


def _pictures(request: SignedIn, found: Offer) -> list[tuple[Any, str]]:
    if found.sharing.post is not None:
        return [(one.medium, one.alt) for one in found.sharing.post.media.all()]
    shown = found.sharing.item
    item = hub.item(request.user, shown.pk) if shown is not None and shown.removed_at is None else None
    return [(medium, medium.alt or hub.suggested_alt(item)) for medium in item.media.all()] if item else []


def _button(request: SignedIn) -> str:
    """What the second tap does, for this colleague."""
    if access.goes_alone(request.user) or access.only_practises(request.user):
        return _("Post it now")
    buddy = request.user.buddy
    return _("Let %(name)s read it") % {"name": buddy.first_name} if buddy else _("Let somebody read it first")


@require_POST
def by_hand(request: SignedIn, pk: int) -> HttpResponse:
    """It is up on an account that Koor does not know."""
    found = queries.offer(request.user, pk)
    link = LinkForm(request.POST)
    if link.is_valid():
        try:
            actions.posted_by_hand(by=request.user, offer=found, url=link.cleaned_data["url"])
        except Refused as refused:
            link.add_error("url", str(refused))
        else:
            messages.success(request, _("It is yours now."))
            return redirect("/")
    return _page(request, found, _form_of(found, queries.places_of(request.user)), link=link, status=422)


@require_POST
def decline(request: SignedIn, pk: int) -> HttpResponse:
    less = request.POST.getlist("less")
    actions.decline_offer(by=request.user, offer=queries.offer(request.user, pk), less=less)
    said = _("Fine. You get less of that.") if less else _("Fine, another time.")
    messages.success(request, said, extra_tags=f"undo={reverse('publishing:offer_reopen', args=[pk])}")
    return redirect("/")


@require_POST
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    actions.reopen_offer(by=request.user, offer=queries.offer(request.user, pk))
    return redirect("publishing:offer", pk)


@require_POST
def more(request: SignedIn, pk: int) -> HttpResponse:
    """Less of something is taken back."""
    actions.more_of(by=request.user, less=pk)
    messages.success(request, _("Taken back. It may be offered again."))
    return redirect("people:me")


# ── For the curator ──────────────────────────────────────────────────────────────────────────────────────────────────


@require_GET
def offers(request: SignedIn) -> HttpResponse:
    """What is offered, to how many, and who took part; never who said no."""
    if not access.may_share(request.user):
        raise Forbidden(_("The curator offers work to colleagues."))
    page = paging.page(queries.shared(request.user), request)
    colleagues = list(people.colleagues(request.user))
    context = {"page": page, "colleagues": colleagues, "a_week": people.house().offers_a_week}
    return render(request, "publishing/offers.html", context)


@require_POST
def to(request: SignedIn, pk: int) -> HttpResponse:
    form = OfferToForm(people.colleagues(request.user), request.POST)
    if form.is_valid():
        person = form.cleaned_data["person"]
        try:
            actions.offer_to(by=request.user, sharing=queries.sharing(request.user, pk), person=person)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Offered to %(name)s.") % {"name": person.first_name})
    return redirect("publishing:offers")


@require_POST
def stop(request: SignedIn, pk: int) -> HttpResponse:
    actions.stop_sharing(by=request.user, sharing=queries.sharing(request.user, pk))
    messages.success(request, _("It is offered to nobody any more."))
    return redirect("publishing:offers")


@require_POST
def share(request: SignedIn, pk: int) -> HttpResponse:
    """Offer something from the library."""
    sharing = actions.share_on(by=request.user, item=hub.item(request.user, pk))
    number = sharing.offers.count()
    said = _("Offered to %(number)s colleagues.") if number else _("It waits for colleagues who have room this week.")
    messages.success(request, said % {"number": number} if number else said)
    return redirect("publishing:offers")
