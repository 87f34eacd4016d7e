"""Two people outside who are one: found, laid beside each other, made one, taken apart again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.ground.contacts import access, actions, queries
from koor.ground.contacts.queries import likeness
from koor.ground.people.access import SignedIn
from koor.kernel.access import require


@require_GET
def doubles(request: SignedIn) -> HttpResponse:
    """Who may be one person, the surest first; and what Koor joined on proof."""
    pairs = likeness.proposed_pairs(request.user, queries.doubles(request.user))
    joined = likeness.joined_by_koor(request.user)
    return render(request, "contacts/doubles.html", {"pairs": pairs, "joined": joined})


@require_POST
def two(request: SignedIn, one: int, other: int) -> HttpResponse:
    """They are not one person."""
    pair = queries.contact(request.user, one), queries.contact(request.user, other)
    actions.not_the_same(by=request.user, one=pair[0], other=pair[1])
    messages.success(request, _("Two people. Koor does not ask again."))
    return redirect("contacts:doubles")


@require_POST
def confirm(request: SignedIn, id: int) -> HttpResponse:
    """This address is theirs, they said."""
    row = actions.confirm_handle(by=request.user, handle=queries.handle(request.user, id))
    messages.success(request, _("Kept."))
    return redirect("contacts:add_handle", row.contact_id)


@require_GET
def choose(request: SignedIn, id: int) -> HttpResponse:
    """With whom this contact may be one."""
    require(access.may_merge(request.user), _("The curator makes two people one."))
    contact = queries.contact(request.user, id)
    words = request.GET.get("q", "")
    if words.strip():
        found = list(queries.contacts(request.user, words=words).exclude(pk=contact.pk)[:12])
    else:
        found = queries.likely_doubles(request.user, contact)
    return render(request, "contacts/choose.html", {"contact": contact, "q": words, "found": found})


@require_http_methods(["GET", "POST"])
def merge(request: SignedIn, kept: int, gone: int) -> HttpResponse:
    """Both beside each other; the one kept is on the left."""
    one, other = queries.contact(request.user, kept), queries.contact(request.user, gone)
    require(access.may_join(request.user, one, other), _("The curator makes two people one."))
    if one == other:
        return redirect("contacts:contact", one.pk)  # done already, such as by a second click
    if request.method == "POST":
        said = None if access.may_merge(request.user) else {"reasons": ["said"]}
        made = actions.merge_contacts(by=request.user, kept=one, gone=other, proof=said)
        undo = reverse("contacts:undo_merge", args=[made.pk])
        messages.success(request, _("They are one person now."), extra_tags=f"undo={undo}")
        return redirect("contacts:contact", one.pk)
    pair = [(each, queries.acquaintances_of(each), queries.handles_of(each)) for each in (one, other)]
    return render(request, "contacts/merge.html", {"one": one, "other": other, "pair": pair})


@require_POST
def undo(request: SignedIn, id: int) -> HttpResponse:
    found = actions.undo_merge(by=request.user, merge=queries.merge(request.user, id))
    messages.success(request, _("They are two people again."))
    return redirect("contacts:contact", found.gone_id)
