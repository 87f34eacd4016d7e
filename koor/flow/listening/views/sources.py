"""Sources: where we listen, how that goes, and files that come in by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.listening import access, actions, queries
from koor.flow.listening.actions.sources import FEED, asked_by
from koor.flow.listening.choices import SourceKind
from koor.flow.listening.forms import ImportForm, RemoveSourceForm, SourceForm
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at
from koor.kernel.templatetags.koor import thousands

AT_ONCE = 500_000  # bytes of a file that is brought in while a person waits
HERE = {"place": "listening:sources"}  # where these pages stand in the navigation


@require_GET
def sources(request: SignedIn) -> HttpResponse:
    """Where do we listen, and does it work?"""
    found = queries.sources(request.user)
    context = {
        "heard": sorted(found, key=lambda one: not one.trouble),
        "live": sum(one.source.kind != SourceKind.FILE and one.source.active for one in found),
        "trouble": [one for one in found if one.trouble],
        "removed": queries.number_removed(request.user),
        "broken": sum(one.broken for one in found),
        "may_connect": access.may_connect(request.user),
    }
    return render(request, "listening/sources.html", context)


@require_GET
def source(request: SignedIn, pk: int) -> HttpResponse:
    gone = queries.removed_source(request.user, pk)
    if gone is not None:
        return render(request, "listening/gone_source.html", {"heard": gone, **_looks(request), **HERE})
    heard = queries.source(request.user, pk)
    context = {
        "heard": heard,
        "may_connect": access.may_connect(request.user),
        "may_mend": access.may_mend(request.user, heard.source),
        "coming_in": queries.coming_in(request.user, heard.source),
    }
    return render(request, "listening/source.html", context | HERE)


def _looks(request: SignedIn) -> dict[str, Any]:
    return {"may_connect": access.may_connect(request.user)}


@require_http_methods(["GET", "POST"])
def remove(request: SignedIn, pk: int) -> HttpResponse:
    """Take a source away, after having read what becomes of what was heard."""
    _connecting(request)
    heard = queries.source(request.user, pk)
    form = RemoveSourceForm(request.POST if request.method == "POST" else None)
    if not access.may_take_along(request.user, heard.source):
        form.only_stays()
    if request.method == "POST" and form.is_valid():
        actions.remove_source(by=request.user, source=heard.source, takes_along=form.takes_along())
        undo = reverse("listening:restore_source", args=[pk])
        said = _("“%(name)s” is gone. It can come back.") % {"name": heard.source.name}
        messages.success(request, said, extra_tags=f"undo={undo}")
        return redirect("listening:sources")
    context = {"heard": heard, "form": form, **HERE}
    return render(request, "listening/remove_source.html", context, status=422 if form.errors else 200)


@require_GET
def removed(request: SignedIn) -> HttpResponse:
    """Which sources can come back?"""
    _connecting(request)
    return render(
        request, "listening/removed_sources.html", {"gone": queries.sources(request.user, removed=True), **HERE}
    )


@require_POST
def restore(request: SignedIn, pk: int) -> HttpResponse:
    _connecting(request)
    heard = queries.removed_source(request.user, pk)
    if heard is None:
        raise NotFound
    try:
        actions.restore_source(by=request.user, source=heard.source)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("listening:source", pk)
    messages.success(request, _("It is back, as it was."))
    return redirect("listening:source", pk)


@dataclass(frozen=True)
class Offer:
    """One way of listening that can be chosen."""

    account: Account | None
    kind: str
    name: str
    platform: str = ""


def _offers(request: SignedIn) -> list[Offer]:
    """A feed, and whatever the accounts of the house can be listened to for."""
    feed = channels.connector(FEED).manifest
    found = [Offer(None, kind.key, _(kind.name)) for kind in feed.sources if not kind.needs_account]
    known = channels.connectors()
    for account in channels.accounts_visible_to(request.user).exclude(state=AccountState.DISCONNECTED):
        manifest = known[account.connector].manifest if account.connector in known else None
        for kind in manifest.sources if manifest else ():
            if kind.needs_account and kind.there_for(account.settings):
                found.append(Offer(account, kind.key, _(kind.name), _(manifest.name) if manifest else ""))
    return found


@require_GET
def choose(request: SignedIn) -> HttpResponse:
    """What do you want to listen to?"""
    _connecting(request)
    return render(request, "listening/choose.html", {"offers": _offers(request), **HERE})


def _connecting(request: SignedIn) -> None:
    if not access.may_connect(request.user):
        raise NotFound


@require_http_methods(["GET", "POST"])
def add(request: SignedIn, kind: str, account_id: int = 0) -> HttpResponse:
    _connecting(request)
    account = channels.account(request.user, account_id) if account_id else None
    try:
        asked = asked_by(account, kind)
    except Refused:
        raise NotFound from None
    form = SourceForm(asked, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = actions.add_source(
                by=request.user, name=form.cleaned_data["name"], kind=kind, settings=form.settings(), account=account
            )
            messages.success(request, _("Added. The first visit follows at once."))
            return redirect("listening:source", made.pk)
    context = {"form": form, "kind": _(asked.name), "account": account, **HERE}
    return render(request, "listening/add_source.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    _connecting(request)
    found = queries.source(request.user, pk).source
    asked = None
    if found.kind != SourceKind.FILE:
        try:
            asked = asked_by(found.account, found.settings.get("kind", ""))
        except Refused:
            asked = None  # the connector is gone or changed: the name can still be changed
    form = SourceForm(asked, request.POST or None, initial={**found.settings, "name": found.name})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            settings = form.settings() if asked else None
            actions.edit_source(by=request.user, source=found, name=form.cleaned_data["name"], settings=settings)
            messages.success(request, _("Saved."))
            return redirect("listening:source", pk)
    return render(request, "listening/edit_source.html", {"form": form, "source": found, **HERE}, status=_status(form))


def _status(form: SourceForm | ImportForm) -> int:
    return 422 if form.errors else 200


@require_POST
def pause(request: SignedIn, pk: int) -> HttpResponse:
    actions.pause_source(by=request.user, source=queries.source(request.user, pk).source)
    messages.success(request, _("Paused. What was heard stays."))
    return redirect("listening:source", pk)


@require_POST
def resume(request: SignedIn, pk: int) -> HttpResponse:
    actions.resume_source(by=request.user, source=queries.source(request.user, pk).source)
    messages.success(request, _("It listens again, on from where it stopped."))
    return redirect("listening:source", pk)


@require_POST
def fetch(request: SignedIn, pk: int) -> HttpResponse:
    """Look now, while the person waits."""
    found = queries.source(request.user, pk).source
    try:
        tally = actions.fetch_now(by=request.user, source=found)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("listening:source", pk)
    problem = queries.source(request.user, pk).problem
    if problem:
        messages.warning(request, problem)
    else:
        new = ngettext("One new mention.", "%(count)s new mentions.", tally.stored) % {"count": tally.stored}
        messages.success(request, new if tally.stored else _("Nothing new."))
    return redirect("listening:source", pk)


@require_http_methods(["GET", "POST"])
def bring_in(request: SignedIn) -> HttpResponse:
    """Import a file."""
    _connecting(request)
    first = {"source": request.GET.get("source", "")[:120]}
    form = ImportForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            return _imported(request, form)
    files = [one.name for one in queries.listened_to(request.user) if one.kind == SourceKind.FILE]
    return render(request, "listening/bring_in.html", {"form": form, "files": files, **HERE}, status=_status(form))


def _imported(request: SignedIn, form: ImportForm) -> HttpResponse:
    """At once, or by the worker where that would keep the person waiting."""
    chosen = form.cleaned_data
    given = {"source_name": chosen["source"], "form": form.chosen_form(), "platform": chosen["platform"]}
    if chosen["file"].size > AT_ONCE:
        begun = actions.begin_import(by=request.user, file=chosen["file"], **given)
        return redirect("listening:importing", begun.pk)
    made, tally = actions.import_file(by=request.user, stream=chosen["file"].file, **given)
    say = messages.success if tally.stored or tally.duplicates else messages.warning
    say(request, _told(tally))
    return redirect("listening:source", made.pk)


@require_GET
def importing(request: SignedIn, pk: int) -> HttpResponse:
    """How far is it with a large file?"""
    found = queries.brought_in(request.user, pk)
    tally = actions.Tally(**found.tally)
    context = {
        "one": found,
        "told": _told(tally) if found.tally else "",
        "nothing": tally.quarantined and not tally.stored and not tally.duplicates,
    }
    return render(request, "listening/importing.html", context | HERE)


def _told(tally: actions.Tally) -> str:
    """What became of a file, in words."""
    if not tally.read:
        return _("There was no post in this file.")
    said = [ngettext("One new mention.", "%(count)s new mentions.", tally.stored) % _shown(tally.stored)]
    if tally.matched:
        met = ngettext("One was met by a query.", "%(count)s were met by a query.", tally.matched)
        said.append(met % _shown(tally.matched))
    if tally.duplicates:
        known = ngettext("One was there already.", "%(count)s were there already.", tally.duplicates)
        said.append(known % _shown(tally.duplicates))
    if tally.quarantined:
        broken = ngettext("One could not be read.", "%(count)s could not be read.", tally.quarantined)
        said.append(broken % _shown(tally.quarantined))
    if tally.passed_over:
        said.append(tally.beyond())
    return " ".join(said)


def _shown(number: int) -> dict[str, str]:
    return {"count": thousands(number)}
