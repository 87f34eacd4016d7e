"""The compose page: one idea at the left, a place per account with its own words, and what stands beside it.

A plain form first: every button posts the whole page. With htmx the look of each place follows the typing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.calendar.models import Slot
from koor.flow.hub import actions as hub_actions
from koor.flow.hub.logic import Photo
from koor.flow.hub.media import allowed
from koor.flow.hub.media.reasons import Reason
from koor.flow.publishing import access, actions, queries
from koor.flow.publishing.choices import Stage
from koor.flow.publishing.forms import (
    LATER,
    NOW,
    ComposeForm,
    chosen_accounts,
    chosen_options,
    kept_pictures,
    own_texts,
)
from koor.flow.publishing.logic import moments, words
from koor.flow.publishing.logic.words import MANY, goes_far
from koor.flow.publishing.models import Post
from koor.flow.publishing.queries import compose as starts
from koor.flow.publishing.queries import links, naming, picking, speaking, versions
from koor.flow.publishing.queries.advice import Check, checks_of
from koor.flow.publishing.queries.compose import Written
from koor.flow.publishing.queries.previews import Preview, preview_of
from koor.flow.publishing.views.posts import frame, switch
from koor.flow.publishing.views.pressed import pressed
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.people.access import SignedIn
from koor.ground.people.queries import house
from koor.kernel import clock
from koor.kernel.access import Refused, require
from koor.kernel.uploads import takes_up_to, too_large


@takes_up_to(allowed.LARGEST)
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """From an item, a slot, a colleague's post, or from nothing."""
    offered = channels.accounts_to_draft_for(request.user)
    given = request.POST if request.method == "POST" else request.GET
    start = starts.start_of(request.user, given, offered)
    open_places = [] if start.slot else starts.open_places(request.user, offered, start.item)
    if request.method == "GET":
        return _page(request, None, start, _form_of(start, open_places), offered)
    return _answer(request, None, start, offered, open_places)


@takes_up_to(allowed.LARGEST)
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.post(request.user, pk, history=False)
    require(access.may_edit(request.user, found))
    offered = _with_present(channels.accounts_to_draft_for(request.user), found)
    start = starts.written_in(found)
    if request.method == "GET":
        return _page(request, found, start, _form_of(start), offered)
    return _answer(request, found, start, offered)


@require_POST
def look(request: SignedIn, pk: int = 0) -> HttpResponse:
    """How it looks and what stands beside it, while one types; pieces for htmx."""
    found = queries.post(request.user, pk) if pk else None
    offered = channels.accounts_to_draft_for(request.user)
    if found is not None:
        offered = _with_present(offered, found)
        start = starts.written_in(found)
    else:
        start = starts.start_of(request.user, request.POST, offered)
    open_places = [] if found or start.slot else starts.open_places(request.user, offered, start.item)
    form = ComposeForm(request.POST, open_slots=open_places)
    form.is_valid()
    written = _written(request, form, start, offered)
    context = _context(request, found, written, form, offered)
    shown = request.POST.get("shown", "")
    context |= {"places_changed": shown != context["shown"], "frame": frame(request)}
    return render(request, "publishing/compose_look.html", context)


def _with_present(offered: list[Account], post: Post) -> list[Account]:
    """Accounts of a post stay on its page, also when this colleague could not have chosen them."""
    there = {account.pk for account in offered}
    return [*offered, *(row.account for row in post.targets.all() if row.account_id not in there)]


def _answer(
    request: SignedIn, found: Post | None, start: Written, offered: list[Account], open_places: Sequence[Slot] = ()
) -> HttpResponse:
    """What the pressed button asks: keep it, let it go, or only look."""
    form = ComposeForm(request.POST, open_slots=open_places)
    valid = form.is_valid()
    do = request.POST.get("do", "keep")
    try:
        written = pressed(request, _written(request, form, start, offered), do)
    except Refused as refused:  # a picture that can't be opened
        form.add_error(None, str(refused))
        written, valid = _written(request, form, start, offered, fresh=False), False
    if not valid or do in ("look", "enter") or do.startswith(("pick", "tags-", "pages-", "name-", "named-")):
        form.data = {**request.POST.dict(), "text": written.text, "link": written.link}
        return _page(request, found, written, form, offered, status=200 if valid else 422)
    try:
        with transaction.atomic():  # kept and gone, or neither: what was typed stays on the page
            kept = _kept(request, found, written, form)
            if do == "go":
                kept = (actions.let_go if found else actions.let_go_new)(by=request.user, post=kept)
    except Refused as refused:
        if found and refused.code == actions.MEANWHILE:
            return _page(request, queries.post(request.user, found.pk), written, form, offered, 409, meanwhile=True)
        form.put(refused)
        return _page(request, found, written, form, offered, status=422)
    if said := _said(kept):
        messages.success(request, said)
    return redirect("publishing:post", kept.pk)


def _said(post: Post) -> str:
    """What was done; of what goes now the page itself says how it stands."""
    if post.stage == Stage.WITH_BUDDY:
        name = post.buddy.first_name if post.buddy else _("Somebody who reads along")
        return _("%(name)s reads it first. You hear as soon as it goes.") % {"name": name}
    if post.stage == Stage.RELEASED:
        planned = any(row.due_at and row.due_at > clock.now() for row in post.targets.all())
        return _("It is planned.") if planned else ""
    return _("Kept as a draft.")


def _describe_item(request: SignedIn, written: Written) -> None:
    """What was said of a picture that nobody described yet stays with it in the library."""
    if written.item is not None:
        alts = {medium.pk: alt for medium, alt in written.pictures if alt and not medium.alt}
        hub_actions.describe_pictures(by=request.user, item=written.item, alts=alts)


def _kept(request: SignedIn, found: Post | None, written: Written, form: ComposeForm) -> Post:
    """A new draft or the change of one, what its pictures show, and how it comes back."""
    kept = _post(request, found, written)
    _describe_item(request, written)
    if "campaign" in request.POST:
        plain = "plain_link" in request.POST
        actions.choose_link(by=request.user, post=kept, campaign=request.POST["campaign"], plain=plain)
    if form.again.chosen:
        actions.repeat_post(by=request.user, post=kept, **form.again.chosen)
    return kept


def _post(request: SignedIn, found: Post | None, written: Written) -> Post:
    fields: dict[str, Any] = {
        "text": written.text,
        "title": written.title,
        "link": written.link,
        "language": written.language,
        "texts": written.texts,
        "options": written.options,
        "media": written.pictures,
        "due_local": written.due_local,
        "accounts": written.accounts,
    }
    if found is not None:
        if found.stage == Stage.RELEASED and starts.keeps_moment(found, written.due_local):
            fields["due_local"] = actions.KEEP
        own = {account.pk: written.words_for(account) for account in written.accounts}
        seen = versions.version_in(request.POST.get("version", ""))
        return actions.edit_seen(by=request.user, post=found, seen=seen, **{**fields, "texts": own})
    more = {"item": written.item, "slot": written.slot, "after": written.after}
    return actions.create_post(by=request.user, once=request.POST.get("once", ""), **fields, **more)


def _written(
    request: SignedIn, form: ComposeForm, start: Written, offered: list[Account], *, fresh: bool = True
) -> Written:
    """The page as it was sent. New pictures are opened here. Refused for one that can't be."""
    said = getattr(form, "cleaned_data", {})
    accounts = chosen_accounts(request.POST, offered)
    asked = {account.pk: channels.connector(account.connector).manifest.options for account in accounts}
    known = {medium.pk: medium for medium, _alt in start.pictures}
    pictures = [(starts.picture(request.user, pk, known), alt) for pk, alt in kept_pictures(request.POST)]
    if fresh:
        pictures += _fresh(request)
    found = Written(
        text=said.get("text", request.POST.get("text", "")),
        title=said.get("title", ""),
        link=said.get("link", ""),
        language=said.get("language", ""),
        accounts=accounts,
        texts=own_texts(request.POST, accounts),
        options=chosen_options(request.POST, accounts, asked),
        pictures=pictures,
        due_local=form.due_local if hasattr(form, "cleaned_data") else None,
        item=start.item,
        slot=form.slot or start.slot,
        after=start.after,
        example=start.example,
    )
    picking.put_with(found, picking.taken(request.user, request.POST.getlist("take")), fresh=not start.kept)
    return found


def _fresh(request: SignedIn) -> list[tuple[Any, str]]:
    found = []
    for name in too_large(request):
        raise Refused(f"{name}: {_(Reason.FILM_TOO_LARGE.sentence)}", code="too_large", field="picture")
    for upload in request.FILES.getlist("picture")[:10]:
        alt = request.POST.get("picture_alt", "").strip()
        medium = hub_actions.add_medium(by=request.user, photo=Photo(upload.name or "", upload), alt=alt)
        found.append((starts.with_renditions(medium), alt))
    return found


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _form_of(start: Written, open_places: Sequence[Slot] = ()) -> ComposeForm:
    first: dict[str, Any] = {"text": start.text, "title": start.title, "link": start.link, "when": NOW}
    first["language"] = start.language
    if start.due_local is not None:
        first |= {"when": LATER, "day": start.due_local.date(), "time": start.due_local.time()}
    return ComposeForm(initial=first, open_slots=open_places)


def _page(
    request: SignedIn,
    found: Post | None,
    written: Written,
    form: ComposeForm,
    offered: list[Account],
    status: int = 200,
    *,
    meanwhile: bool = False,
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    picked = picking.picking(request.user, given) if picking.is_open(given) else None
    context = _context(request, found, written, form, offered)
    context |= {"places_changed": False, "frame": frame(request), "picked": picked}
    if found is not None:
        fresh = meanwhile or request.method == "GET"
        context["version"] = versions.opened(found) if fresh else request.POST.get("version", "")
    if found is not None and meanwhile:
        context["theirs"] = versions.saved_meanwhile(request.user, found, request.POST.get("version", ""))
    return render(request, "publishing/compose.html", context, status=status)


def _context(
    request: SignedIn, found: Post | None, written: Written, form: ComposeForm, offered: list[Account]
) -> dict[str, Any]:
    previews = [_preview(written, account) for account in written.accounts]
    checks = _checks(request, found, written, previews)
    return {
        "post": found,
        "written": written,
        "form": form,
        "checks": checks,
        "answer": _answer_in_words(checks, written),
        "skipped": _is_skipped(written.due_local),
        "speaks": speaking.name_of(speaking.guessed(written.text)),
        "button": _button(request, found, written),
        "maker": found.by if found else request.user,
        **switch(request.user),
        **_link(request, found, written),
        **_places(request, written, offered, previews),
    }


def _link(request: SignedIn, found: Post | None, written: Written) -> dict[str, Any]:
    """What the link does, where the house does something with links; and the sets of hashtags."""
    if request.method == "POST":
        campaign, plain = request.POST.get("campaign", "")[:60], "plain_link" in request.POST
        choice: Any = {"campaign": campaign, "plain": plain}
    else:
        choice = links.choice_of(found)
    how = links.manner()
    usual = words.slug_of(written.title or words.title_of(written.text), most=40) if how.tags or how.short else None
    return {"link_choice": choice, "link_campaign": usual, "tag_sets": links.tag_sets()}


def _places(request: SignedIn, written: Written, offered: list[Account], previews: list[Preview]) -> dict[str, Any]:
    chosen = {account.pk for account in written.accounts}
    names = {one.pk: naming.naming(request.user, request.POST, one) for one in written.accounts}
    return {
        "offered": [(account, account.pk in chosen) for account in offered],
        "places": [
            (one, written.texts.get(one.account.pk, ""), _asked(written, one), names[one.account.pk])
            for one in previews
        ],
        "shown": ",".join(str(account.pk) for account in written.accounts),
    }


def _is_skipped(due: datetime | None) -> bool:
    return due is not None and moments.is_skipped(due.date(), due.time(), house().zone)


def _checks(request: SignedIn, post: Post | None, written: Written, previews: list[Preview]) -> list[Check]:
    due = written.due_local
    found = checks_of(
        request.user,
        text=written.text,
        texts=written.texts,
        previews=previews,
        pictures=written.pictures,
        item=written.item,
        due_at=moments.instant(due.date(), due.time(), house().zone) if due else None,
        after=written.after,
        without=post,
    )
    if _goes_far(written):
        many = _("It goes to more than %(most)s places.") % {"most": MANY}
        found.append(Check("mind", many, _("Somebody else reads it first.")))
    return found


def _preview(written: Written, account: Account) -> Preview:
    return preview_of(
        account,
        written.words_for(account),
        title=written.title,
        link=written.link,
        pictures=written.pictures,
        options=written.options.get(account.pk),
    )


def _asked(written: Written, preview: Preview) -> list[tuple[Any, str]]:
    """The choices of a platform with what was chosen."""
    chosen = written.options.get(preview.account.pk, {})
    return [(one, chosen.get(one.key, one.default)) for one in preview.asks]


def _answer_in_words(checks: list[Check], written: Written) -> str:
    """The answer to "is it right, does it fit": one sentence."""
    stops = sum(check.kind == "stop" for check in checks)
    minds = sum(check.kind == "mind" for check in checks)
    if not written.text and not written.texts and not written.pictures:
        return _("Begin with one thought.")
    if stops:
        said = ngettext("One thing must still be done.", "%(count)s things must still be done.", stops)
        return said % {"count": stops}
    if not written.accounts:
        return _("Choose where it goes.")
    if minds:
        said = ngettext("Except for one thing it is right.", "Except for %(count)s things it is right.", minds)
        return said % {"count": minds}
    return _("It is right, and it fits.")


def _goes_far(written: Written) -> bool:
    """One text to more places than go without a second pair of eyes."""
    public = [one for one in written.accounts if channels.connector(one.connector).manifest.public]
    return goes_far(written.words_for(one) for one in public)


def _button(request: SignedIn, found: Post | None, written: Written) -> str:
    """What letting go means for this colleague, now."""
    if found is not None and found.stage != Stage.DRAFT:
        return ""
    public = any(channels.connector(account.connector).manifest.public for account in written.accounts)
    if public and (not access.goes_alone(request.user) or _goes_far(written)):
        buddy = request.user.buddy
        return _("Let %(name)s read it") % {"name": buddy.first_name} if buddy else _("Let somebody read it first")
    return _("Plan it") if written.due_local else _("Post it now")
