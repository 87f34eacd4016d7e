"""The stream of mentions, one mention, and what one does with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.hub import queries as hub
from koor.flow.hub.views.wishes import note_wish_page
from koor.flow.listening import access, actions, queries
from koor.flow.listening.choices import Label
from koor.flow.listening.forms import FilterForm, ViewForm, filters_of
from koor.flow.listening.logic.plot import Bar, plot
from koor.flow.listening.models import Mention, Query, View, topic_name
from koor.ground.contacts.models import Contact
from koor.ground.people.access import SignedIn
from koor.kernel import clock, hrefs
from koor.kernel.access import NotFound, Refused
from koor.kernel.templatetags.koor import thousands

A_BATCH = timedelta(seconds=2)  # what is stored together has the moment at which that began
QUERIES_SHOWN = 30  # beside the stream
OHOH_SHOWN = 3  # of the last 24 hours, above the stream
WIDE, NARROW, HIGH, LOW = 560, 296, 168, 132  # pixels of the picture of days


@require_GET
def stream(request: SignedIn) -> HttpResponse:
    """What is being said, and does any of it burn?"""
    if not access.may_listen(request.user):
        raise NotFound
    since = clock.now() - A_BATCH
    filters = filters_of(request.user, request.GET)
    kept, sources, views = queries.beside_the_stream(request.user, filters.query)
    before = request.GET.get("before", "")
    hot = 0 if filters.narrowed or before else OHOH_SHOWN
    shown, smouldering = queries.stream_and(request.user, filters, before, most_ohoh=hot)
    span = asked if (asked := request.GET.get("span", "")) in queries.SPANS else "days"
    figures = queries.figures(request.user, filters, span)
    context = {
        "filters": filters,
        "form": FilterForm(filters, kept, sources, queries.languages(request.user), queries.named_topics(request.user)),
        "stream": shown,
        "mentions": [said.mention for said in shown.rows],
        "paged": bool(before),
        "most_marked": queries.MOST_MARKED,
        "since": round(since.timestamp() * 1_000_000),
        "seen": ".".join(str(said.mention.pk) for said in shown.rows if said.mention.stored_at > since),
        "tabs": _tabs(figures),
        "now": figures.now,
        "smouldering": smouldering,
        "kept": kept,
        "beside": _beside(kept),
        "chosen": next((one.query for one in kept if one.query.pk == filters.query), None),
        "gone": _gone(request, filters, kept),
        "topic": topic_name(filters.topic) if filters.topic else "",
        "of_source": next((source.name for source in sources if source.pk == filters.source), ""),
        "sources": sources,
        "silent": [source for source in sources if source.silent],
        "heard_at": max((source.last_success_at for source in sources if source.last_success_at), default=None),
        "may_connect": access.may_connect(request.user),
        "may_ask": access.may_ask(request.user),
        **_views(request, filters, views),
        **(_drawn(figures.days, span) if figures.days else {}),
    }
    return render(request, "listening/stream.html", context)


def _beside(kept: Sequence[queries.Kept]) -> Sequence[queries.Kept]:
    """Those that stand beside the stream: all, but of many those that met most."""
    if len(kept) <= QUERIES_SHOWN:
        return kept
    most = {one.query.pk for one in sorted(kept, key=lambda one: -one.total)[:QUERIES_SHOWN]}
    return [one for one in kept if one.query.pk in most]


def _gone(request: SignedIn, filters: queries.Filters, kept: Sequence[queries.Kept]) -> Query | None:
    """The query that is asked for, where it was removed and can still come back."""
    if not filters.query or any(one.query.pk == filters.query for one in kept):
        return None
    return queries.removed_query(request.user, filters.query)


def _views(request: SignedIn, filters: queries.Filters, views: Sequence[View]) -> dict[str, Any]:
    """The views that one comes back to, and a form for one more."""
    here = queries.address_of(filters)
    typed = {"name": request.GET["view"][:200], "shared": "shared" in request.GET} if "view" in request.GET else {}
    return {
        "views": [(one, access.may_drop(request.user, one)) for one in views],
        "here": here,
        "view_form": ViewForm(access.may_connect(request.user), initial=typed) if here else None,
        "view_typed": bool(typed),
    }


@dataclass(frozen=True)
class Tab:
    """A mark that one can look at by itself."""

    label: str
    name: str
    number: int | None = None
    more: bool = False

    @property
    def asked(self) -> str:
        return "" if self.label == "all" else self.label


def _tabs(figures: queries.Figures) -> list[Tab]:
    """All marks; what we said ourselves only when there is any."""
    names = {
        "all": _("Everything"),
        "open": _("To look at"),
        "aha": _("Aha"),
        "ohoh": _("Oh-oh"),
        "noise": _("Noise"),
        "ours": _("From us"),
    }
    counts = figures.counts
    found = [Tab(label, name, counts.get(label), label == "all" and figures.more) for label, name in names.items()]
    return [tab for tab in found if tab.label != "ours" or tab.number]


def _drawn(days: Sequence[queries.Day], span: str) -> dict[str, Any]:
    """The picture of hours, days or weeks, in two widths."""
    pairs = [(day.total, day.ohoh) for day in days]
    wide, narrow = plot(pairs, WIDE, HIGH), plot(pairs, NARROW, LOW)
    return {
        "days": days,
        "span": span,
        "spans": _spans(span),
        "said": sum(day.total for day in days),
        "wide": _picture(wide),
        "narrow": _picture(narrow),
        "ends": (wide[0].x, wide[-1].right, narrow[0].x, narrow[-1].right),
    }


@dataclass(frozen=True)
class Span:
    """In which parts the picture is drawn: what it is called, and of which time it is."""

    key: str
    name: str
    title: str
    of: str
    part: str
    chosen: bool

    @property
    def asked(self) -> str:
        return "" if self.key == "days" else self.key


def _spans(chosen: str) -> list[Span]:
    named = {
        "hours": (_("By the hour"), _("Mentions per hour"), _("in 24 hours"), _("Hour")),
        "days": (_("By day"), _("Mentions per day"), _("in 14 days"), _("Day")),
        "weeks": (_("By week"), _("Mentions per week"), _("in 12 weeks"), _("Week from")),
    }
    return [Span(key, *words, key == chosen) for key, words in named.items()]


def _picture(bars: Sequence[Bar]) -> SafeString:
    return mark_safe("".join(bar.drawn(thousands) for bar in bars))  # noqa: S308 of our own numbers alone


@require_GET
def mention(request: SignedIn, pk: int) -> HttpResponse:
    """One mention in full, with why it is here."""
    context = _mention_context(request, pk)
    return render(request, "listening/mention.html", context | _who_knows(request, context["mention"]))


def _who_knows(request: SignedIn, mention: Mention) -> dict[str, Any]:
    return {
        "asked": queries.who_knows(request.user, mention),
        "about": queries.what_about(request.user, mention),
    }


def _mention_context(request: SignedIn, pk: int) -> dict[str, Any]:
    said = queries.mention(request.user, pk)
    return {
        "said": said,
        "mention": said.mention,
        "mentions": [said.mention],
        "answers": queries.answered_in(request.user, said.mention),
        "wishes": _wishes(request, said.mention),
        "files": said.mention.enclosures.all(),
        "tongues": queries.languages_to_tell(said.mention),
    }


def _wishes(request: SignedIn, mention: Mention) -> list[hub.Wished]:
    return hub.wished(request.user, mention._meta.label_lower, [mention.pk]).get(mention.pk, [])


@require_http_methods(["GET", "POST"])
def wish(request: SignedIn, pk: int) -> HttpResponse:
    """Whoever said this would like to see or know something."""
    said = queries.mention(request.user, pk)
    contact = said.who if isinstance(said.who, Contact) else None
    return note_wish_page(
        request,
        note=partial(actions.note_wish, mention=said.mention, contact=contact),
        first=" ".join(said.mention.text.split())[:300] if request.method == "GET" else "",
        said=said.mention.text,
        back=reverse("listening:mention", args=[pk]),
        wishes=_wishes(request, said.mention),
    )


@require_POST
def mark(request: SignedIn, pk: int) -> HttpResponse:
    """Mark a mention; also the way back, which carries the label before in its address, and whether it was Koor's."""
    label = request.POST.get("label", request.GET.get("label", ""))
    if not access.may_listen(request.user):
        raise NotFound
    was_koors = queries.marked_by_koor([pk])
    found, before = actions.mark(by=request.user, mention_id=pk, label=label, koors="koors" in request.GET)
    if request.htmx:  # type: ignore[attr-defined]
        said = queries.mention(request.user, pk, queries.EXCERPT)
        context = {"said": said, "mentions": [said.mention], "fresh": True}
        return render(request, "listening/row.html", context)
    back = back_to(request, reverse("listening:mention", args=[pk]))
    way = {"label": before, "back": back, **({"koors": 1} if was_koors else {})}
    undo = f"{reverse('listening:mark', args=[pk])}?{urlencode(way)}"
    _tell(request, found.label, undo if before != found.label else "")
    return redirect(back)


def _tell(request: SignedIn, label: str, undo: str) -> None:
    sentences = {
        Label.AHA: _("Marked as an aha."),
        Label.OHOH: _("Marked as an oh-oh."),
        Label.NOISE: _("Marked as noise."),
        Label.NONE: _("The mark is gone."),
    }
    messages.success(request, sentences[Label(label)], extra_tags=f"undo={undo}" if undo else "")


def back_to(request: SignedIn, otherwise: str) -> str:
    """Where the person came from, if that is in this house."""
    asked = request.POST.get("back", request.GET.get("back", ""))
    return hrefs.own(asked, otherwise)


@require_POST
def keep(request: SignedIn, pk: int) -> HttpResponse:
    """Put a mention in the library."""
    found = queries.mention(request.user, pk).mention
    try:
        item = actions.keep_in_library(by=request.user, mention=found)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("listening:mention", pk)
    messages.success(request, _("It stands in the library, with whose it is."))
    return redirect("hub:item", item.pk)
