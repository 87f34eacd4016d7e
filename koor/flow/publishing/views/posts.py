"""Posts: the list, one post with how it stands everywhere, and what one can do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.publishing import access, actions, queries
from koor.flow.publishing.choices import Stage, State
from koor.flow.publishing.forms import CommentForm, HoldForm, MomentForm, ReaderForm
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import corrections, links, lists, standing
from koor.flow.publishing.queries.previews import Preview, preview_of
from koor.flow.publishing.queries.versions import typed_in, version_of
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import paging
from koor.kernel.access import Refused, require
from koor.kernel.forms import refused_at

STANDS = (State.SENDING, State.UNKNOWN, State.RECONCILING, State.NEEDS_PERSON, State.PUBLISHED)
LAST_LOOK = 30  # counted no further
SELDOM = 30  # seconds between two looks at most


def frame(request: SignedIn) -> str:
    """Backstage for who works there, else the front stage: the same page, another way in."""
    return "frame/back.html" if request.user.is_backstage else "frame/front.html"


def switch(person: Person) -> dict[str, Any]:
    """Whether nothing is posted now, and whether this colleague may change that."""
    return {"held": house().why_held, "may_hold": access.may_hold(person)}


@require_GET
def posts(request: SignedIn) -> HttpResponse:
    """What stands ready, what is up. Who does not conduct gets their own."""
    if not access.may_oversee(request.user):
        return redirect("publishing:mine")
    show = request.GET.get("show", "")
    show = show if show in lists.SHOWN else ""
    words = request.GET.get("q", "").strip()
    page = paging.page(lists.posts(request.user, show, words), request)
    context = {
        "page": page,
        "rows": [(one, standing.whole_of(one)) for one in page.rows],
        "counts": lists.counts(request.user),
        "show": show,
        "words": words,
        **switch(request.user),
        "hold": HoldForm(),
    }
    return render(request, "publishing/posts.html", context)


@require_GET
def mine(request: SignedIn) -> HttpResponse:
    """A colleague's own posts, and those that they read along with."""
    page = paging.page(lists.own_posts(request.user), request)
    context = {
        "page": page,
        "rows": [(one, standing.whole_of(one)) for one in page.rows],
        "to_read": list(lists.to_read(request.user)[:10]),
        "frame": frame(request),
        **switch(request.user),
        "hold": HoldForm(),
    }
    return render(request, "publishing/mine.html", context)


@require_GET
def post(request: SignedIn, pk: int) -> HttpResponse:
    return post_page(request, queries.post(request.user, pk))


def post_page(
    request: SignedIn,
    found: Post,
    *,
    comment: CommentForm | None = None,
    problem: str = "",
    status: int = 200,
    own: dict[str, Any] | None = None,
) -> HttpResponse:
    """One post: the idea, each place as it looks there, how it stands, and what was said about it."""
    context = {
        "post": found,
        "title_in_text": not found.title or found.text.startswith(found.title),
        "pictures": [(one.medium, one.alt) for one in found.media.all()],
        "comments": list(found.comments.select_related("by__picture")),
        "comment": comment or CommentForm(),
        "clicks": links.clicks_of(found),
        "corrections": corrections.of_post(request.user, found),
        "made_own": list(lists.made_own(found)[:6]) if found.stage == Stage.RELEASED else [],
        "problem": problem,
        "version": version_of(found) if found.stage == Stage.WITH_BUDDY else "",
        "frame": frame(request),
        **(own or {}),
        **switch(request.user),
        **_stands(request, found),
        **_rights(request.user, found),
    }
    return render(request, "publishing/post.html", context, status=status)


def _stands(request: SignedIn, found: Post) -> dict[str, Any]:
    """How it stands everywhere. While it is on its way the page looks again, the longer it takes the less often."""
    places = _places(request.user, found)
    going = any(standing.is_going(one.target) for _shown, one in places)
    looked = request.GET.get("looked", "")
    number = int(looked) if looked.isdecimal() and len(looked) < 3 else len(looked)
    return {
        "places": places,
        "whole": standing.whole_of(found),
        "answer": standing.answer_of(found, [one for _shown, one in places]),
        "look_again": min(number + 1, LAST_LOOK) if going else 0,
        "look_after": min(2**number, SELDOM),
    }


def _places(person: Person, found: Post) -> list[tuple[Preview, standing.Standing]]:
    pictures = [(one.medium, one.alt) for one in found.media.all()]
    places = []
    for target in found.targets.all():
        target.post = found
        said = {"title": found.title, "link": found.link, "options": target.options, "went": as_it_went(target)}
        shown = preview_of(target.account, target.text, pictures=pictures, **said)
        places.append((shown, standing.standing_of(person, target)))
    return places


def as_it_went(target: Target) -> dict[str, Any]:
    """How its pictures were cut, of a row that is up or may be up."""
    return target.shown_as if target.state in STANDS else {}


def _rights(person: Person, found: Post) -> dict[str, bool]:
    rows = found.targets.all()
    return {
        "may_edit": access.may_edit(person, found) and found.stage != Stage.WITHDRAWN,
        "may_comment": access.may_comment(person, found),
        "may_approve": found.stage == Stage.WITH_BUDDY and access.may_approve(person, found),
        "may_take_back": found.stage == Stage.WITH_BUDDY and all(row.state != State.PUBLISHED for row in rows),
        "may_correct": access.may_correct(person, found)
        and any(row.published_at for row in corrections.rows_of(found)),
        "goes_alone": access.may_release(person, found),
        "may_choose": access.may_choose_reader(person, found),
        "may_keep_example": access.may_keep_example(person, found) and found.example_id is None,
    }


def _post_verb(do: Callable[..., Post], said: Callable[[Post], str]) -> Callable[[SignedIn, int], HttpResponse]:
    """A button on a post: do it, say so, or say why not on the same page."""

    @require_POST
    def view(request: SignedIn, pk: int) -> HttpResponse:
        found = queries.post(request.user, pk)
        try:
            after = do(by=request.user, post=found)
        except Refused as refused:
            return post_page(request, queries.post(request.user, pk), problem=str(refused), status=409)
        _tell(request, said(after))
        return redirect("publishing:post", after.pk)

    return view


def _tell(request: SignedIn, said: str) -> None:
    """What was done, unless the page itself shows it."""
    if said:
        messages.success(request, said)


def _went(post: Post) -> str:
    if post.stage == Stage.WITH_BUDDY:
        name = post.buddy.first_name if post.buddy else _("Somebody who reads along")
        return _("%(name)s reads it first. You hear as soon as it goes.") % {"name": name}
    return ""


let_go = _post_verb(actions.let_go, _went)


@require_http_methods(["GET", "POST"])
def ask(request: SignedIn, pk: int) -> HttpResponse:
    """Whom to ask; who showed what it is about is named first."""
    found = queries.post(request.user, pk)
    require(access.may_choose_reader(request.user, found))
    showed = found.item.by_id if found.item else None
    form = ReaderForm(request.POST or None, initial={"person": showed}, maker=request.user)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            after = actions.ask_to_read(by=request.user, post=found, reader=form.cleaned_data["person"])
            _tell(request, _went(after))
            return redirect("publishing:post", after.pk)
    context = {"post": found, "form": form, "frame": frame(request), "place": "publishing:posts"}
    return render(request, "publishing/ask.html", context)


@require_POST
def approve(request: SignedIn, pk: int) -> HttpResponse:
    """The buddy says yes to what they read."""
    found = queries.post(request.user, pk)
    try:
        actions.approve_seen(by=request.user, post=found, seen=request.POST.get("version", "")[:20])
    except Refused as refused:
        return post_page(request, queries.post(request.user, pk), problem=str(refused), status=409)
    _tell(request, _("Thank you. It goes now, in %(name)s's name.") % {"name": found.by.first_name})
    return redirect("publishing:post", found.pk)


take_back = _post_verb(actions.take_back, lambda post: _("It is a draft again."))
restore = _post_verb(actions.restore_post, lambda post: _("It is back."))


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.post(request.user, pk)
    try:
        after = actions.withdraw_post(by=request.user, post=found)
    except Refused as refused:
        return post_page(request, found, problem=str(refused), status=409)
    if after.stage == Stage.RELEASED:
        messages.success(request, _("What had not gone does not go. What is up stays."))
        return redirect("publishing:post", pk)
    undo = reverse("publishing:restore", args=[pk])
    messages.success(request, _("Put away."), extra_tags=f"undo={undo}")
    return redirect("publishing:posts")


@require_POST
def comment(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.post(request.user, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return post_page(request, found, comment=form, status=422)
    try:
        text = form.cleaned_data["text"]
        actions.comment_on_post(by=request.user, post=found, text=text, once=request.POST.get("once", ""))
    except Refused as refused:
        form.add_error("text", str(refused))
        return post_page(request, found, comment=form, status=422)
    return redirect(reverse("publishing:post", args=[pk]) + "#said")


@require_POST
def pass_on(request: SignedIn, pk: int) -> HttpResponse:
    actions.pass_on(by=request.user, post=queries.post(request.user, pk))
    return redirect("/")


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _row_verb(do: Callable[..., Target], said: Callable[[Target], str]) -> Callable[[SignedIn, int], HttpResponse]:
    """A button on a row."""

    @require_POST
    def view(request: SignedIn, pk: int) -> HttpResponse:
        found = queries.target(request.user, pk)
        try:
            after = do(by=request.user, target=found)
        except Refused as refused:
            page = queries.post(request.user, found.post_id)
            return post_page(request, page, problem=str(refused), status=409)
        _tell(request, said(after))
        return redirect("publishing:post", found.post_id)

    return view


def _at_once(**given: Any) -> Target:
    return actions.reschedule(due_local=None, **given)


go_now = _row_verb(_at_once, lambda row: "")  # the page says that it is on its way, and then that it is up
retry = _row_verb(actions.retry, lambda row: "")
cancel = _row_verb(actions.cancel_target, lambda row: _("It does not go on %(place)s.") % {"place": row.account.name})
send_again = _row_verb(actions.send_again, lambda row: _("Thank you. It goes again now."))
leave = _row_verb(actions.leave_target, lambda row: _("Left as it is."))
take_down = _row_verb(actions.take_down, lambda row: "")  # the page says how far that is
tell_removed = _row_verb(actions.tell_removed, lambda row: _("Thank you. It is noted as taken away."))


@require_POST
def agree(request: SignedIn, pk: int) -> HttpResponse:
    """Who speaks for an account says yes, in other words if they like; those are kept where it is refused."""
    found = queries.target(request.user, pk)
    text, seen = request.POST.get("text", ""), request.POST.get("version", "")[:30]
    try:
        actions.agree_seen(by=request.user, target=found, text=text, seen=seen)
    except Refused as refused:
        page = queries.post(request.user, found.post_id)
        own = {"own_row": pk, "own_words": typed_in(queries.target(request.user, pk), text, seen)}
        return post_page(request, page, problem=str(refused), status=409, own=own)
    messages.success(request, _("Thank you. It goes in your name."))
    return redirect("publishing:post", found.post_id)


@require_POST
def confirm_alike(request: SignedIn, pk: int) -> HttpResponse:
    """Two colleagues say almost the same; somebody says why both are fine."""
    found = queries.target(request.user, pk)
    try:
        actions.confirm_alike(by=request.user, target=found, why=request.POST.get("why", "")[:400])
    except Refused as refused:
        return post_page(request, queries.post(request.user, found.post_id), problem=str(refused), status=409)
    messages.success(request, _("Thank you. It goes on, and nobody is asked about these two again."))
    return redirect("publishing:post", found.post_id)


@require_POST
def move(request: SignedIn, pk: int) -> HttpResponse:
    """Another moment."""
    found = queries.target(request.user, pk)
    form = MomentForm(request.POST)
    page = queries.post(request.user, found.post_id)
    if not form.is_valid():
        return post_page(request, page, problem=_("Choose a day and a time."), status=422)
    try:
        after = actions.reschedule(by=request.user, target=found, due_local=form.due_local)
    except Refused as refused:
        return post_page(request, page, problem=str(refused), status=409)
    messages.success(request, standing.standing_of(None, after, history=False).title + ".")
    return redirect("publishing:post", found.post_id)


# ── The switch ───────────────────────────────────────────────────────────────────────────────────────────────────────


@require_POST
def hold(request: SignedIn) -> HttpResponse:
    form = HoldForm(request.POST)
    try:
        actions.hold_publishing(by=request.user, why=form.data.get("why", ""))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.warning(request, _("Nothing is posted from this house now."))
    return redirect("publishing:posts")


@require_POST
def resume(request: SignedIn) -> HttpResponse:
    actions.resume_publishing(by=request.user)
    messages.success(request, _("Posting goes on."))
    return redirect("publishing:posts")
