"""Something with a message that came in, or with an answer of ours that is up. What is for good is asked twice."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.conversations import access, actions, queries
from koor.flow.conversations.actions import attaching
from koor.flow.conversations.choices import FORM, DeedKind
from koor.flow.conversations.models import Message
from koor.flow.conversations.queries.form import attached
from koor.flow.conversations.views.pages import where
from koor.flow.listening import actions as listening_actions
from koor.flow.listening import queries as listening
from koor.flow.publishing import actions as publishing
from koor.ground.channels import queries as channels
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound, Refused


@require_POST
def mark_ohoh(request: SignedIn, pk: int) -> HttpResponse:
    """It is an oh-oh, or none after all."""
    conversation = queries.conversation(request.user, pk)
    wanted = request.POST.get("wanted") != "no"
    marked = actions.mark_ohoh(by=request.user, conversation=conversation, wanted=wanted)
    said = _("Marked as an oh-oh. While somebody waits, PR is asked.") if wanted else _("It is no oh-oh any more.")
    messages.success(request, said)
    return redirect(where(request, marked))


@require_POST
def open_again(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """Once more a file that came with a message and could not be made ready."""
    message = queries.message(request.user, pk)
    try:
        if message.channel == FORM:
            attaching.open_attached_again(by=request.user, attached=attached(message, number))
        else:
            listening_actions.open_again(by=request.user, enclosure=listening.enclosure_of(message.mention_id, number))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Koor tries it again. In a moment it can be seen here, or why not."))
    return redirect(f"{where(request, message.conversation)}#m{pk}")


@require_POST
def act(request: SignedIn, pk: int) -> HttpResponse:
    """From its button; what can't be undone goes by the page that asks."""
    message = queries.message(request.user, pk)
    kind = request.POST.get("kind", "")
    kinds, back = _acts(message)
    if kind in kinds and kind not in back and "sure" not in request.POST:
        return redirect("conversations:act_sure", pk, kind)
    try:
        deed = actions.act_on(by=request.user, message=message, kind=kind, words=request.POST.get("words", ""))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{DeedKind(deed.kind).label}: {deed.get_state_display()}.")
    return redirect(f"{where(request, message.conversation)}#m{pk}")


@require_http_methods(["GET"])
def act_sure(request: SignedIn, pk: int, kind: str) -> HttpResponse:
    """Asks first."""
    message = queries.message(request.user, pk)
    if kind not in _acts(message)[0] or not access.may_answer(request.user, message.conversation):
        raise NotFound
    about = _about(request, message) | {"kind": kind, "label": DeedKind(kind).label, "words": kind == DeedKind.REPORT}
    return render(request, "conversations/act_sure.html", about)


@require_POST
def undo_act(request: SignedIn, pk: int) -> HttpResponse:
    deed = queries.deed(request.user, pk)
    try:
        actions.undo_act(by=request.user, deed=deed)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(f"{where(request, deed.message.conversation)}#m{deed.message_id}")


@require_POST
def act_again(request: SignedIn, pk: int) -> HttpResponse:
    """What did not work, with the words that were written for it."""
    deed = queries.deed(request.user, pk)
    try:
        if deed.undoing:
            again = actions.undo_act(by=request.user, deed=deed)
        else:
            again = actions.act_on(by=request.user, message=deed.message, kind=deed.kind, words=deed.words)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{DeedKind(again.kind).label}: {again.get_state_display()}.")
    return redirect(f"{where(request, deed.message.conversation)}#m{deed.message_id}")


@require_POST
def leave_act(request: SignedIn, pk: int) -> HttpResponse:
    """It did not work, and that is how it stays."""
    deed = actions.leave_act(by=request.user, deed=queries.deed(request.user, pk))
    return redirect(f"{where(request, deed.message.conversation)}#m{deed.message_id}")


@require_http_methods(["GET", "POST"])
def take_away(request: SignedIn, pk: int) -> HttpResponse:
    """An answer of ours that is up."""
    message = queries.message(request.user, pk)
    if message.target is None or message.direction != "out":
        raise NotFound
    if request.method == "GET":
        label = _("Take this answer away")
        return render(request, "conversations/act_sure.html", _about(request, message) | {"label": label, "ours": True})
    try:
        publishing.take_down(by=request.user, target=message.target)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is asked, and gone within minutes."))
    return redirect(f"{where(request, message.conversation)}#m{pk}")


def _acts(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return channels.acts_on(message.account.connector if message.account else "")


def _about(request: SignedIn, message: Message) -> dict[str, Any]:
    place = "inbox" if access.may_see_all(request.user) else "talk"
    back = reverse(f"conversations:{place}_one", args=[message.conversation_id]) + f"#m{message.pk}"
    return {"message": message, "place": place, "back": back}
