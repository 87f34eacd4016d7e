"""The library and one item."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import access, actions, logic, queries
from koor.flow.hub.choices import Agrees, ItemKind, ItemState
from koor.flow.hub.forms import AddForm, DecisionForm, FilterForm, ItemForm, KeepForm, in_picture, who_rows
from koor.flow.hub.media import allowed
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.models import Item
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import hrefs, numbers, paging
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at
from koor.kernel.uploads import takes_up_to, too_large

PER_PAGE = 24
HIDDEN = ("state", "kind", "project", "maker", "tag", "used", "evergreen")  # chosen by a link, kept while one types


def frame(request: SignedIn) -> str:
    """Backstage for who works there, else the front stage: the same page, another way in."""
    return "frame/back.html" if request.user.is_backstage else "frame/front.html"


def collecting(request: SignedIn) -> dict[str, Any]:
    """The collections into which what is on a page can be put."""
    may = access.may_collect(request.user)
    return {"may_collect": may, "to_fill": queries.collections_to_fill(request.user)[:100] if may else []}


@require_GET
def library(request: SignedIn) -> HttpResponse:
    """Everything there is to show, found as one types."""
    form = FilterForm(request.GET)
    asked = form.asked()
    finds = queries.Finds(request.user, asked)
    page = paging.page(finds, request, per=PER_PAGE)
    for one in page.rows:
        one.blocked = queries.blocks_of(one)
    undecided, pairs = queries.waiting_for_curator(request.user)
    context = {
        "form": form,
        "page": page,
        "asked": asked,
        "kept": {name: asked.get(name) for name in HIDDEN if asked.get(name)},
        "filtered": any(asked.values()),
        "facets": queries.facets(finds),
        "states": ItemState.choices,
        "undecided": undecided,
        "pairs": pairs,
        "may_curate": access.may_curate(request.user),
        "ticked": numbers.rows(request.GET.getlist("item")),
        **collecting(request),
    }
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        return render(request, "hub/part_found.html", {**context, "piecewise": True})
    narrowed_down = bool(set(asked) & {"consent", "since", "until"})  # the rest stands above the finds already
    return render(request, "hub/library.html", {**context, "narrowed_down": narrowed_down, "frame": frame(request)})


@require_GET
def item(request: SignedIn, pk: int) -> HttpResponse:
    return _item_page(request, queries.item(request.user, pk))


def _item_page(
    request: SignedIn,
    found: Item,
    *,
    keep: DecisionForm | None = None,
    shelve: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    fine, reasons = queries.publishable(request.user, found)
    portrayed, around = list(found.portrayed.all()), queries.around(request.user, found)
    for one in portrayed:
        one.item = found
    context = {
        "item": found,
        "publishable": fine,
        "reasons": reasons,
        "portrayed": queries.shown_to(request.user, portrayed),
        "answers": Agrees.choices,
        "around": around,
        **_standing(request.user, found),
        "collections": around.collections,
        "may_collect": access.may_collect(request.user),
        "to_fill": around.to_fill,
        "keep": keep or KeepForm(found, prefix="keep"),
        "shelve": shelve or DecisionForm(logic.KIND_TO_SHELVE, prefix="shelve"),
        "rests_until": queries.rests_until(found),
        "taken_on": queries.taken_on(found),
        "frame": frame(request),
    }
    return render(request, "hub/item.html", context, status=status)


def _standing(person: Person, found: Item) -> dict[str, bool]:
    """How somebody stands to an item, and what of it still waits for somebody."""
    curates = access.may_curate(person)
    return {
        "may_edit": access.may_edit_item(person, found),
        "may_curate": curates,
        "mine": found.by_id == person.pk,
        "untold": bool(found.capture and not found.capture.who_told),
        "undecided": found.state == ItemState.NEW and curates,
    }


@takes_up_to(allowed.MOST_BYTES[allowed.Kind.DOCUMENT])
@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    """A text, a link, a document or something found outside, with whose it is."""
    form = AddForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and too_large(request):
        form.add_error("document", _(Reason.DOCUMENT_TOO_LARGE.sentence))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = _added(request, form.given())
            messages.success(request, _("It stands in the library."))
            return redirect("hub:item", made.pk)
    form.comes_back()
    context = {"form": form, "frame": frame(request)}
    return render(request, "hub/add_item.html", context, status=422 if form.errors else 200)


def _added(request: SignedIn, given: dict[str, Any]) -> Item:
    once = request.POST.get("once", "")
    if "document" in given:
        return actions.add_document(by=request.user, once=once, **given)
    return actions.add_text_item(by=request.user, idea=False, once=once, **given)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.item(request.user, pk)
    if not access.may_edit_item(request.user, found):
        return redirect("hub:item", pk)
    form = ItemForm(request.user, found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.edit_item(by=request.user, item=found, alts=form.alts(), **form.changes())
            messages.success(request, _("Saved."))
            return redirect("hub:item", pk)
    context = {"form": form, "item": found, "frame": frame(request)}
    return render(request, "hub/edit_item.html", context, status=422 if form.errors else 200)


@require_POST
def keep(request: SignedIn, pk: int) -> HttpResponse:
    return _decide(request, pk, "keep")


@require_POST
def shelve(request: SignedIn, pk: int) -> HttpResponse:
    return _decide(request, pk, "shelve")


def _decide(request: SignedIn, pk: int, verb: str) -> HttpResponse:
    found = queries.item(request.user, pk)
    form = _decision(request, found, verb)
    if form.is_valid():
        reason = form.said_in(found.by.language if found.by else request.user.language)
        try:
            if isinstance(form, KeepForm):
                actions.keep_item(by=request.user, item=found, reason=reason, alts=form.alts())
            else:
                actions.shelve_item(by=request.user, item=found, reason=reason)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else "reason", str(refused))
        else:
            said = _("Kept.") if verb == "keep" else _("Put aside. Its maker reads your reason.")
            messages.success(request, said, extra_tags=f"undo={reverse('hub:reconsider', args=[pk])}")
            return back(request, reverse("hub:item", args=[pk]))
    return _item_page(request, found, status=422, **{verb: form})


def _decision(request: SignedIn, found: Item, verb: str) -> DecisionForm:
    if verb == "keep":
        return KeepForm(found, request.POST, prefix=verb)
    return DecisionForm(logic.KIND_TO_SHELVE, request.POST, prefix=verb)


@require_POST
def reconsider(request: SignedIn, pk: int) -> HttpResponse:
    actions.reconsider_item(by=request.user, item=queries.item(request.user, pk))
    messages.success(request, _("It is new again."))
    return redirect("hub:item", pk)


@require_POST
def remove(request: SignedIn, pk: int) -> HttpResponse:
    """A text, a link, a find or a document goes; what can come back has the way back beside it."""
    try:
        found = queries.item(request.user, pk)
    except NotFound:
        found = queries.removed_item(request.user, pk)  # pressed twice
    actions.remove_item(by=request.user, item=found)
    again = found.kind != ItemKind.POST
    said = _("Removed. It can come back for a week; a place in the calendar that it was for is open now.")
    said = said if again else _("Removed.")
    messages.success(request, said, extra_tags=f"undo={reverse('hub:item_restore', args=[pk])}" if again else "")
    return redirect("hub:library")


@require_GET
def removed(request: SignedIn) -> HttpResponse:
    """What was removed lately, with the way back."""
    page = paging.page(queries.removed_items(request.user), request)
    return render(request, "hub/removed.html", {"page": page, "days": logic.UNDO_DAYS, "frame": frame(request)})


@require_POST
def restore(request: SignedIn, pk: int) -> HttpResponse:
    actions.restore_item(by=request.user, item=queries.removed_item(request.user, pk))
    messages.success(request, _("It is back."))
    return redirect("hub:item", pk)


@require_POST
def add_portrayed(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.item(request.user, pk)
    rows = who_rows(request.POST)[:1]
    if not rows:
        messages.error(request, _("Who is it?"))
        return redirect("hub:item", pk)
    who = in_picture(rows, queries.known_names(request.user, found.project))[0]
    try:
        actions.add_portrayed(
            by=request.user, item=found, name=who.name, agrees=who.agrees, person=who.person, contact=who.contact
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('hub:item', args=[pk])}?{urlencode({'who': who.name})}#who")
    return redirect("hub:item", pk)


@require_POST
def try_again(request: SignedIn, pk: int) -> HttpResponse:
    """A film or document that the house gave up."""
    if actions.try_medium_again(by=request.user, medium=(found := queries.medium(request.user, pk))):
        messages.success(request, _("The house tries it again. It goes on by itself."))
    return redirect("hub:item", found.item_id) if found.item_id else redirect("shell:today")


@require_POST
def told(request: SignedIn, pk: int) -> HttpResponse:
    """Everybody who is in it stands in the list; for photos that came by mail."""
    actions.tell_who(by=request.user, item=queries.item(request.user, pk))
    messages.success(request, _("Thank you. It may be used now, as far as everybody agrees."))
    return redirect("hub:item", pk)


@require_POST
def consent(request: SignedIn, pk: int) -> HttpResponse:
    """Somebody in a picture agrees, or does not."""
    row = queries.portrayal(request.user, pk)
    otherwise = reverse("hub:item", args=[row.item_id]) if row.item_id else reverse("hub:mine")
    chosen = {name: request.POST.getlist(name) for name in ("uses", "places") if "precise" in request.POST}
    try:
        actions.record_consent(by=request.user, portrayed=row, agrees=request.POST.get("agrees", ""), **chosen)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted."))
    return back(request, otherwise)


@require_POST
def remove_portrayed(request: SignedIn, pk: int) -> HttpResponse:
    row = queries.portrayal(request.user, pk)
    actions.remove_portrayed(by=request.user, portrayed=row)
    return back(request, reverse("hub:item", args=[row.item_id]) if row.item_id else reverse("hub:mine"))


def back(request: SignedIn, otherwise: str) -> HttpResponse:
    """To the page of this house that the form names in `next`."""
    return redirect(hrefs.own(request.POST.get("next", ""), otherwise))
