"""What one does with a conversation. Each is a form on a page; refused, the page comes back with the text."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.conversations import access, actions, logic, queries
from koor.flow.conversations.forms import AnswerForm, AssignForm, ByHandForm, KnownForm, NameForm, NoteForm
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.views.pages import onwards, show, tell_promised, where
from koor.flow.conversations.views.pictures import along, kept
from koor.flow.hub.views.wishes import note_wish_page
from koor.flow.listening import queries as listening
from koor.ground.contacts import access as contacts_access
from koor.ground.governance.permissions import allows
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import clock, hrefs, numbers
from koor.kernel.access import Refused
from koor.kernel.forms import refused_at
from koor.kernel.templatetags.koor import when


def _place(request: SignedIn) -> str:
    return "inbox" if request.POST.get("place") == "inbox" and access.may_see_all(request.user) else "talk"


def _done(
    request: SignedIn,
    conversation: Conversation,
    name: str,
    form: Form,
    deed: Callable[[dict[str, Any]], Any],
    also: Callable[[], dict[str, Any]] = dict,
) -> HttpResponse | None:
    """Do it when the form is right. None when it went; otherwise the page with what is wrong and what was typed."""
    refused: Refused | None = None
    if form.is_valid():
        try:
            deed(form.cleaned_data)
        except Refused as refusal:
            refused = refusal
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            form.code = refusal.code  # type: ignore[attr-defined]  # the page offers the way on
    if not form.errors:
        return None
    fresh = queries.conversation(request.user, conversation.pk)
    came_back: dict[str, Any] = {name: form, **also()}
    if refused is None or refused.code != "collision":
        return show(request, fresh, place=_place(request), forms=came_back, status=422)
    form.fields["text"].widget.attrs["autofocus"] = True  # there one reads what is new
    seen = form.cleaned_data.get("last_message") or 0
    came_back["newer"] = queries.said_since(request.user, fresh, seen)[::-1]
    return show(request, fresh, place=_place(request), forms=came_back, status=409)


@require_http_methods(["GET", "POST"])
def wish(request: SignedIn, pk: int) -> HttpResponse:
    """What the other would like to see or know."""
    conversation = queries.conversation(request.user, pk)
    place = "inbox_one" if access.may_see_all(request.user) else "talk_one"
    return note_wish_page(
        request,
        note=partial(actions.note_wish, conversation=conversation),
        first="",
        said=conversation.asked or conversation.preview,
        back=reverse(f"conversations:{place}", args=[conversation.pk]),
        wishes=queries.wished_in(request.user, conversation),
    )


@require_POST
def answer(request: SignedIn, pk: int) -> HttpResponse:
    conversation = queries.conversation(request.user, pk)
    form = AnswerForm(request.POST)
    seen = request.POST.get("last_message", "")
    if not numbers.row(seen):
        form.data = request.POST.copy()
        form.data["last_message"] = seen = ""

    def deed(said: dict[str, Any]) -> None:
        if "read" in request.POST:
            actions.confirm_read(by=request.user, conversation=conversation)
        message = actions.answer(
            by=request.user,
            conversation=conversation,
            text=said["text"],
            last_message=said["last_message"],
            anyway="anyway" in request.POST,
            media=along(request),
            once=request.POST.get("once", ""),
        )
        _told_of_answer(request, message)
        ready.append(message.delivery == "by_hand")

    ready: list[bool] = []
    shown = _done(request, conversation, "answer_form", form, deed, lambda: {"pictures": kept(request)})
    return shown or redirect(f"{where(request, conversation)}#ready" if any(ready) else onwards(request, conversation))


def _told_of_answer(request: SignedIn, message: Any) -> None:
    _told_how(request, message)
    tell_promised(request, message)


def _told_how(request: SignedIn, message: Any) -> None:
    name = message.contact.first_name if message.contact else _("them")
    if message.delivery == "by_hand":
        messages.info(request, _("Your answer stands ready. Copy it, send it yourself, then tap Sent."))
    elif message.delivery == "buddy":
        messages.info(request, _("Your buddy reads your answer first; then it goes."))
    else:
        messages.success(request, _("Your answer to %(name)s is on its way.") % {"name": name})


@require_POST
def send_template(request: SignedIn, pk: int) -> HttpResponse:
    """What the platform approved beforehand, when the hours for an answer are over."""
    conversation = queries.conversation(request.user, pk)
    try:
        message = actions.send_template(by=request.user, conversation=conversation, once=request.POST.get("once", ""))
        _told_of_answer(request, message)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(onwards(request, conversation))


@require_POST
def note(request: SignedIn, pk: int) -> HttpResponse:
    conversation = queries.conversation(request.user, pk)
    form = NoteForm(request.POST, auto_id="note_%s")
    once = request.POST.get("once", "")

    def deed(said: dict[str, Any]) -> None:
        actions.note(by=request.user, conversation=conversation, text=said["text"], once=once)

    return _done(request, conversation, "note_form", form, deed) or redirect(onwards(request, conversation))


@require_GET
def names(request: SignedIn) -> HttpResponse:
    """Colleagues whose name begins so, for whoever types an @ in a note."""
    found = queries.offered(request.user, request.GET.get("q", "")[:80])
    return JsonResponse({"names": [{"name": one.name, "job": one.job} for one in found]})


@require_POST
def noticed(request: SignedIn, pk: int) -> HttpResponse:
    conversation = queries.conversation(request.user, pk)
    actions.mark_noticed(by=request.user, conversation=conversation)
    return redirect(where(request, conversation))


@require_POST
def by_hand(request: SignedIn, pk: int) -> HttpResponse:
    """A call or a visit, noted in the conversation that one is looking at."""
    conversation = queries.conversation(request.user, pk)
    form = ByHandForm(request.POST, request.FILES, auto_id="hand_%s")
    once = request.POST.get("once", "")

    def deed(said: dict[str, Any]) -> None:
        if conversation.contact is None:
            raise Refused(_("We do not know yet who this is."), code="no_contact")
        message = actions.note_moment(by=request.user, contact=conversation.contact, once=once, **said)
        messages.success(request, _("Noted."))
        tell_promised(request, message)

    return _done(request, conversation, "by_hand_form", form, deed) or redirect(onwards(request, conversation))


@require_POST
def known(request: SignedIn, pk: int) -> HttpResponse:
    conversation = queries.conversation(request.user, pk)
    form = KnownForm(request.POST)

    def deed(said: dict[str, Any]) -> None:
        actions.keep_known(by=request.user, conversation=conversation, text=said["known"])

    return _done(request, conversation, "known_form", form, deed) or redirect(where(request, conversation))


@require_POST
def name_person(request: SignedIn, pk: int) -> HttpResponse:
    """Who it is. When we know people by these words, the page comes back once to ask whether it is one of them."""
    conversation = queries.conversation(request.user, pk)
    if conversation.contact is not None:
        words = _("It is known already who this is: %(name)s.") % {"name": conversation.contact.name}
        messages.info(request, words)
        return redirect(where(request, conversation))
    form = NameForm(request.POST, by=request.user)

    def deed(said: dict[str, Any]) -> None:
        once = request.POST.get("once", "")
        actions.name_person(
            by=request.user, conversation=conversation, contact=form.chosen, name=said["name"], once=once
        )
        messages.success(request, _("Now we know who this is."))

    return _done(request, conversation, "name_form", form, deed) or redirect(where(request, conversation))


@require_http_methods(["GET", "POST"])
def assign(request: SignedIn, pk: int) -> HttpResponse:
    """To a colleague, with a sentence and, for who arranges them, a direct line from now on."""
    conversation = queries.conversation(request.user, pk)
    form = AssignForm(
        request.POST or None,
        by=request.user,
        first=[known.person for known in queries.who_knows(conversation)],
        contact=conversation.contact,
        may_line=allows(request.user, contacts_access.DIRECT_LINES),
    )
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            said = form.cleaned_data
            actions.assign(by=request.user, conversation=conversation, **said)
            words = {"name": said["person"].first_name, "contact": _name(conversation)}
            line = _("Now with %(name)s, who is the direct line of %(contact)s from now on.")
            told = (line if said.get("direct_line") else _("Now with %(name)s.")) % words
            messages.success(request, told, extra_tags=_teach(request, conversation, said["person"].pk))
            return redirect(_onward(request))
    context = {
        "form": form,
        "conversation": conversation,
        "contact": conversation.contact,
        "may_pass": access.is_for(request.user, conversation),
        "place": request.POST.get("place") or request.GET.get("place", ""),
    }
    return render(request, "conversations/assign.html", context, status=422 if form.errors else 200)


def _teach(request: SignedIn, conversation: Conversation, person: int) -> str:
    """The way to a rule of it, for who may make rules."""
    if not access.may_rule(request.user):
        return ""
    return f"teach={reverse('conversations:add_rule')}?like={conversation.pk}&to={person}"


@require_POST
def not_for_me(request: SignedIn, pk: int) -> HttpResponse:
    """One tap; or with the colleague to whom it should have gone."""
    conversation = queries.conversation(request.user, pk)
    chosen = numbers.row(request.POST.get("person", ""))
    belongs_to = people.colleague(request.user, chosen) if chosen else None
    try:
        after = actions.not_for_me(
            by=request.user,
            conversation=conversation,
            belongs_to=belongs_to,
            sentence=request.POST.get("sentence", ""),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(where(request, conversation))
    who = after.assignee.first_name if after.assignee else ""
    sentence = _("Thank you. Now with %(name)s; Koor remembers.") if who else _("Thank you. Koor asks somebody else.")
    teach = f"teach={reverse('conversations:where_to', args=[pk])}"
    messages.success(request, sentence % {"name": who}, extra_tags=teach)
    return redirect(_onward(request))


@require_POST
def take(request: SignedIn, pk: int) -> HttpResponse:
    conversation = queries.conversation(request.user, pk)
    try:
        actions.take(by=request.user, conversation=conversation)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(where(request, conversation))


@require_POST
def snooze(request: SignedIn, pk: int) -> HttpResponse:
    conversation = queries.conversation(request.user, pk)
    house = people.house()
    choice = request.POST.get("until", "")
    now = clock.local(clock.now(), house.zone)
    until = logic.snooze_until(choice if choice in logic.SNOOZES else "tomorrow", now, house.opens)
    kept = actions.snooze(by=request.user, conversation=conversation, until=until)
    said = _("Put off. It comes back %(moment)s, or when they write.")
    if kept.snoozed_until is not None and kept.snoozed_until < until:
        said = _("Put off until %(moment)s: later, and our promise breaks.")
    _with_undo(request, conversation, said % {"moment": when(kept.snoozed_until)})
    return redirect(_onward(request))


@require_POST
def finish(request: SignedIn, pk: int) -> HttpResponse:
    conversation = queries.conversation(request.user, pk)
    actions.finish(by=request.user, conversation=conversation)
    _with_undo(request, conversation, _("Done: the conversation with %(name)s.") % {"name": _name(conversation)})
    return redirect(_onward(request))


@require_POST
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    conversation = queries.conversation(request.user, pk)
    try:
        actions.reopen(by=request.user, conversation=conversation)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(where(request, conversation))


@require_POST
def handed(request: SignedIn, pk: int) -> HttpResponse:
    """Sent by themselves."""
    message = queries.message(request.user, pk)
    actions.mark_handed(by=request.user, message=message)
    messages.success(request, _("Good. Nobody waits any more."))
    tell_promised(request, message)
    return redirect(where(request, message.conversation))


@require_POST
def change(request: SignedIn, pk: int) -> HttpResponse:
    """An answer that was not sent yet, or never went, comes back into the box; with its pictures."""
    message = queries.message(request.user, pk)
    shown = queries.went_along(message) if message.failed else []
    try:
        form = AnswerForm(initial={"text": actions.take_back(by=request.user, message=message)})
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(where(request, message.conversation))
    fresh = queries.conversation(request.user, message.conversation_id)
    return show(request, fresh, place=_place(request), forms={"answer_form": form, "pictures": shown})


@require_POST
def of_mention(request: SignedIn, pk: int) -> HttpResponse:
    """Make a conversation of what somebody said, and go there."""
    mention = listening.mention(request.user, pk).mention
    conversation = actions.open_from_mention(by=request.user, mention=mention)
    if not access.may_see(request.user, conversation):
        messages.success(request, _("It is a conversation now, with whom it fits."))
        return redirect(hrefs.own(request.POST.get("back", ""), "/"))
    place = "inbox_one" if access.may_see_all(request.user) else "talk_one"
    return redirect(f"conversations:{place}", conversation.pk)


def _name(conversation: Conversation) -> str:
    return conversation.contact.first_name if conversation.contact else _("this person")


def _with_undo(request: SignedIn, conversation: Conversation, sentence: str) -> None:
    undo = reverse("conversations:reopen", args=[conversation.pk])
    messages.success(request, sentence, extra_tags=f"undo={undo}")


def _onward(request: SignedIn) -> str:
    """After handing over, putting off or closing: the list."""
    return reverse("conversations:inbox" if _place(request) == "inbox" else "conversations:talk")
