"""What is held because its account is quiet, and letting it go again, one by one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from koor.flow.publishing import access, actions, queries
from koor.flow.publishing.queries import pausing, standing
from koor.ground.channels import queries as channels
from koor.ground.people.access import SignedIn
from koor.ground.people.queries import house
from koor.kernel import numbers, paging
from koor.kernel.access import Refused

A_PAGE = 100  # rows, all ticked at once if one likes


@require_GET
def held(request: SignedIn) -> HttpResponse:
    """Accounts that are quiet, and what waits there."""
    page = paging.page(pausing.held(request.user), request, per=A_PAGE)
    quiet = list(pausing.pauses())
    context = {
        "page": page,
        "rows": [(row, standing.standing_of(request.user, row, history=False)) for row in page.rows],
        "quiet": quiet,
        "ticked": "tick" in request.GET,
        "apart": round(600 / max(1, house().brake)),
        "may_hold": access.may_hold(request.user),
        "still": {one.account_id for one in quiet},
    }
    return render(request, "publishing/held_posts.html", context)


@require_POST
def release_many(request: SignedIn) -> HttpResponse:
    """Let go what was ticked, in one step."""
    ticked = pausing.held_of(request.user, numbers.rows(request.POST.getlist("row"), most=A_PAGE))
    if not ticked:
        messages.error(request, _("Tick the posts that may go."))
        return redirect("publishing:held")
    told = actions.release_many(by=request.user, targets=ticked)
    said = ngettext("%(count)s post goes.", "%(count)s posts go.", told["go"]) % {"count": told["go"]}
    if told["wait"]:
        more = ngettext(
            "%(count)s waits for something else; its page says what.",
            "%(count)s wait for something else; their pages say what.",
            told["wait"],
        )
        said = f"{said} {more % {'count': told['wait']}}"
    if told["not_held"]:
        less = ngettext(
            "%(count)s was not held any more: somebody was before you.",
            "%(count)s were not held any more: somebody was before you.",
            told["not_held"],
        )
        said = f"{said} {less % {'count': told['not_held']}}"
    (messages.success if told["go"] else messages.warning)(request, said)
    return redirect("publishing:held")


@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    """New posts go again on one account."""
    account = channels.account(request.user, pk)
    actions.end_pause([account], by=request.user)
    messages.success(request, _("New posts go on %(account)s again.") % {"account": account.name})
    return redirect("publishing:held")


@require_POST
def release(request: SignedIn, pk: int) -> HttpResponse:
    """Let one go."""
    target = queries.target(request.user, pk)
    try:
        after = actions.release_held(by=request.user, target=target)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        said = standing.standing_of(None, after, history=False).title
        messages.success(request, f"{after.account.name}: {said}.")
    if request.POST.get("place") == "held":
        return redirect("publishing:held")
    return redirect(f"{reverse('publishing:post', args=[target.post_id])}#row-{target.pk}")
