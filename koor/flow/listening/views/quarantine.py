"""What could not be read: seen, mended, played again, or put aside."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.listening import access, actions, queries
from koor.flow.listening.choices import EventState
from koor.flow.listening.forms import EventForm
from koor.ground.people.access import SignedIn
from koor.kernel import numbers, paging
from koor.kernel.forms import refused_at

HERE = {"place": "listening:sources"}  # where these pages stand in the navigation
SHAPES = {
    "jsonl": '{"id": "1",\n "author": "Els",\n "text": "…",\n "created_at": "2026-11-24T09:00:00+01:00"}',
    "csv": '{"text": "…"}',
    "rss": '{"id": "…",\n "title": "…",\n "body": "…"}',
}


@require_GET
def quarantine(request: SignedIn) -> HttpResponse:
    """What could not be read, and why?"""
    asked = numbers.row(request.GET.get("source", ""))
    source = queries.source(request.user, asked) if asked else None
    aside = "aside" in request.GET
    rows = queries.quarantine(request.user, source.source.pk if source else None, aside=aside)
    context: dict[str, Any] = {
        "page": paging.page(rows, request),
        "source": source,
        "total": rows.count(),
        "aside": aside,
        **HERE,
    }
    context["of_sources"] = [] if source else queries.quarantined_by_source(rows)
    context["may_mend"] = source is not None and access.may_mend(request.user, source.source)
    return render(request, "listening/quarantine.html", context)


@require_http_methods(["GET", "POST"])
def event(request: SignedIn, pk: int) -> HttpResponse:
    """One entry: as it came in, why it could not be read, and the way to mend it."""
    found = queries.event(request.user, pk)
    form = EventForm(request.POST if request.method == "POST" else None, initial={"body": _laid_out(found.body)})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            read = actions.replay_event(by=request.user, event=found, body=form.cleaned_data["body"])
            if read.pk is None:
                messages.warning(request, _("Whoever said this was erased here, so it is gone too."))
            else:
                messages.success(request, _("Read. It stands in the stream now."))
            return redirect(_after(request, found.source_id))
        found.refresh_from_db()  # why it can't be read is said of what was typed, which is kept
    context = {
        "event": found,
        "form": form,
        "dropped": found.state == EventState.DROPPED,
        "shape": SHAPES[found.form],
        **HERE,
    }
    return render(request, "listening/event.html", context, status=422 if form.errors else 200)


def _laid_out(body: str) -> str:
    """JSON with a line for each part, where it is JSON; people mend that more easily."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2) if len(body) < 20_000 else body
    except (ValueError, RecursionError):
        return body


def _after(request: SignedIn, source_id: int) -> str:
    """The next of this source that waits, else the list."""
    waiting = queries.quarantine(request.user, source_id).first()
    return reverse("listening:event", args=[waiting.pk]) if waiting else reverse("listening:quarantine")


@require_POST
def drop_all(request: SignedIn, pk: int) -> HttpResponse:
    """Put all of a source aside."""
    found = queries.source(request.user, pk).source
    number = actions.drop_events(by=request.user, source=found)
    said = ngettext("Put one aside.", "Put %(count)s aside.", number) % {"count": number}
    messages.success(request, said)
    return redirect(f"{reverse('listening:quarantine')}?aside=1&source={pk}")


@require_POST
def replay_all(request: SignedIn, pk: int) -> HttpResponse:
    """Read all of a source again as they are."""
    found = queries.source(request.user, pk).source
    number, on = actions.replay_events(by=request.user, source=found)
    said = ngettext("One could be read.", "%(count)s could be read.", number) % {"count": number}
    if not number:
        said = _("None of the first could be read.") if on else _("None of them can be read yet.")
    more = _("The others follow in a moment.")
    messages.success(request, f"{said} {more}" if on else said)
    return redirect(f"{reverse('listening:quarantine')}?source={pk}")


@require_POST
def restore_all(request: SignedIn, pk: int) -> HttpResponse:
    """Take all of a source back."""
    found = queries.source(request.user, pk).source
    number = actions.restore_events(by=request.user, source=found)
    messages.success(request, ngettext("One is back.", "%(count)s are back.", number) % {"count": number})
    return redirect(f"{reverse('listening:quarantine')}?source={pk}")


@require_POST
def drop(request: SignedIn, pk: int) -> HttpResponse:
    found = actions.drop_event(by=request.user, event=queries.event(request.user, pk))
    undo = reverse("listening:restore_event", args=[pk])
    messages.success(request, _("Put aside."), extra_tags=f"undo={undo}")
    return redirect(_after(request, found.source_id))


@require_POST
def restore(request: SignedIn, pk: int) -> HttpResponse:
    actions.restore_event(by=request.user, event=queries.event(request.user, pk))
    messages.success(request, _("It is back."))
    return redirect("listening:event", pk)
