"""What one looks at: the inbox in three panes, Talk as a list and as one conversation, a conversation begun by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from koor.flow.conversations import access, actions, queries
from koor.flow.conversations.choices import ByHand, ConversationState
from koor.flow.conversations.forms import AnswerForm, ByHandForm, KnownForm, NameForm, NoteForm, ToldForm
from koor.flow.conversations.models import Conversation, Message
from koor.ground.contacts import actions as contacts_actions
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import numbers
from koor.kernel.access import NotFound
from koor.kernel.forms import refused_at
from koor.kernel.paging import page
from koor.kernel.templatetags.koor import when

Forms = dict[str, Any]  # a form that came back by its name, and what is shown with it
BESIDE = {"name_form", "known_form", "told_form"}  # stand in the pane beside the conversation


@require_GET
def inbox(request: SignedIn) -> HttpResponse:
    """The queue. On a wide screen whoever waits longest with you is open beside it."""
    person = request.user
    if not access.may_see_all(person):
        raise NotFound
    state, group = request.GET.get("state", ""), request.GET.get("group", "")
    if state in {ConversationState.SNOOZED, ConversationState.DONE} or group in {"mine", "theirs", "unsure", "calm"}:
        return _listed(request, person, state, group)
    queue = queries.inbox(person)
    first = queue.rows[0].conversation if queue.rows else None
    context = _queue(person, queue) | {"pane": "queue"}
    if first is not None:
        context |= about(request, queries.conversation(person, first.pk), named=queue.named)
    else:
        context["list_mark"] = queries.list_mark(person)
    return render(request, "conversations/inbox.html", context)


@require_GET
def inbox_one(request: SignedIn, pk: int) -> HttpResponse:
    """One conversation, with the queue beside it."""
    if not access.may_see_all(request.user):
        raise NotFound
    return show(request, queries.conversation(request.user, pk), place="inbox")


@require_GET
def talk(request: SignedIn) -> HttpResponse:
    """My conversations, and those that fit me."""
    if (state := request.GET.get("state", "")) in ConversationState.values:
        return _listed_in_talk(request, state)
    rows = queries.talk(request.user)
    mine = [row for row in rows if row.conversation.assignee_id is not None]
    fitting = [row for row in rows if row.conversation.assignee_id is None]
    more = len(rows) == queries.IN_TALK
    waiting, maybe = queries.waits_in_talk(request.user) if more else (_waiting(mine), _waiting(fitting))
    context: dict[str, Any] = {"mine": mine, "fitting": fitting, "more": more, "state": "open"}
    context |= {"waiting": waiting, "maybe": maybe, "list_mark": queries.list_mark(request.user)}
    return render(request, "conversations/talk.html", context)


def _listed_in_talk(request: SignedIn, state: str) -> HttpResponse:
    """One's own that were put off, that are done, or all that are open; page by page."""
    shown = page(queries.listed(request.user, state=state, own=True), request)
    context = {"page": shown, "rows": queries.as_rows(request.user, shown.rows), "state": state}
    return render(request, "conversations/talk_listed.html", context)


def _waiting(rows: list[queries.Row]) -> int:
    return sum(row.conversation.waiting_since is not None for row in rows)


@require_GET
def talk_one(request: SignedIn, pk: int) -> HttpResponse:
    """One conversation on a phone: the person's story above the answer box."""
    return show(request, queries.conversation(request.user, pk), place="talk")


def show(
    request: SignedIn, conversation: Conversation, *, place: str, forms: Forms | None = None, status: int = 200
) -> HttpResponse:
    """The page of a conversation, front stage or backstage; with forms that were refused, if any."""
    if place != "inbox":
        context = about(request, conversation, forms, whole=False)
        return render(request, "conversations/talk_one.html", context, status=status)
    queue = queries.inbox(request.user, also=conversation)
    context = _queue(request.user, queue) | about(request, conversation, forms, named=queue.named)
    beside = request.GET.get("look") == "relation" or not BESIDE.isdisjoint(forms or {})
    context["pane"] = "relation" if beside else "conversation"
    return render(request, "conversations/inbox.html", context, status=status)


def about(
    request: SignedIn,
    conversation: Conversation,
    forms: Forms | None = None,
    *,
    named: dict[int, Person] | None = None,
    whole: bool = True,
) -> dict[str, Any]:
    """What is known of one conversation, and what one can do with it."""
    asked = request.GET.get("earlier", "")
    steps = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    beside = queries.beside_answer(request.user, conversation)
    thread = queries.thread(
        request.user, conversation, further_back=steps, named=named, whole=whole, called=beside.called_in
    )
    wishes = queries.wished_in(request.user, conversation)
    return {
        "thread": thread,
        **{"saved_answers": beside.saved, "list_mark": beside.list_mark, "beside": beside.others},
        "told": queries.summary(request.user, conversation, thread.messages, thread.on_behalf_of),
        "told_form": ToldForm(auto_id="told_%s"),
        "wishes": wishes,
        "conversation": conversation,
        "contact": conversation.contact,
        "steps_back": steps + 1,
        "may_pass": access.is_with(request.user, conversation),
        "answer_form": AnswerForm(initial={"text": _answer_to(wishes, request.GET.get("wish", ""))}),
        "note_form": NoteForm(auto_id="note_%s"),
        "known_form": KnownForm(initial={"known": conversation.known}),
        "name_form": NameForm(by=request.user),
        "by_hand_form": ByHandForm(auto_id="hand_%s"),
        **(forms or {}),
    }


def _answer_to(wishes: list[queries.Wished], asked: str) -> str:
    """Where the answer to this wish can be read, to begin a message with; nothing for another."""
    return next((one.up[0].url for one in wishes if one.up and str(one.wish.pk) == asked), "")


def _queue(person: Person, queue: queries.Queue) -> dict[str, Any]:
    return {
        "queue": queue,
        "may_promise": access.may_promise(person),
        "state": "open",
        "groups": [
            ("mine", _("With you"), queue.mine, queue.counts.get("mine", 0)),
            ("theirs", _("With a colleague"), queue.theirs, queue.counts.get("theirs", 0)),
            ("unsure", _("Not sure"), queue.unsure, queue.counts.get("unsure", 0)),
            ("calm", _("Open, nobody waits"), queue.calm, queue.counts.get("calm", 0)),
        ],
    }


def _listed(request: SignedIn, person: Person, state: str, group: str) -> HttpResponse:
    """One state or one group of the inbox, page by page."""
    shown = page(queries.listed(person, state=state, group=group), request)
    context = {
        "page": shown,
        "rows": queries.as_rows(person, shown.rows),
        "state": "" if group else state,
        "group": group,
    }
    return render(request, "conversations/listed.html", context)


@require_http_methods(["GET", "POST"])
def begin(request: SignedIn) -> HttpResponse:
    """Note a moment with somebody: look them up, then one line."""
    given = request.GET if request.method == "GET" else request.POST
    contact = _chosen(request.user, given.get("contact", ""))
    name = given.get("name", "").strip()[:160]
    if contact is None and not name:
        words = request.GET.get("q", "").strip()
        found = list(contacts.contacts(request.user, words=words)[:12]) if words else []
        context = {"words": words, "found": found, "text": given.get("text", ""), "ways": ByHand.choices}
        return render(request, "conversations/begin.html", context | {"lately": queries.lately_met(request.user)})
    form = ByHandForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            return _begun(request, form, contact, name)
    status = 200 if request.method == "GET" else 422
    return render(
        request, "conversations/begin_one.html", {"form": form, "contact": contact, "name": name}, status=status
    )


def _begun(request: SignedIn, form: ByHandForm, contact: Contact | None, name: str) -> HttpResponse:
    once = request.POST.get("once", "")
    if contact is None:
        contact = contacts_actions.add_contact(by=request.user, name=name, once=once)
    message = actions.note_moment(by=request.user, contact=contact, once=once, **form.cleaned_data)
    messages.success(request, _("Noted. It stands in the story of %(name)s.") % {"name": contact.first_name})
    tell_promised(request, message)
    return redirect(where(request, message.conversation))


@require_GET
def letter(request: SignedIn, pk: int) -> HttpResponse:
    """A letter whole, with what the conversation leaves out of it."""
    message, whole = queries.letter(request.user, pk)
    at_inbox = request.GET.get("place") == "inbox" and access.may_see_all(request.user)
    back = reverse(f"conversations:{'inbox_one' if at_inbox else 'talk_one'}", args=[message.conversation_id])
    return render(request, "conversations/letter.html", {"message": message, "whole": whole, "back": back})


def tell_promised(request: SignedIn, message: Message) -> None:
    """What was promised for a day is kept without asking: it says so, with a way back."""
    for one in queries.promised_with(request.user, message):
        said = {"day": when(one.due, "day"), "promise": one.text}
        undo = reverse("conversations:told_one", args=[one.pk])
        words = _("Promised for %(day)s, and on Today then: “%(promise)s”")
        messages.info(request, words % said, extra_tags=f"undo={undo}")


def where(request: SignedIn, conversation: Conversation) -> str:
    """Where one goes on: the conversation while one may see it, else one's own list."""
    place = request.POST.get("place", "")
    if not access.may_see(request.user, conversation):
        return reverse("conversations:talk")
    return reverse("conversations:inbox_one" if place == "inbox" else "conversations:talk_one", args=[conversation.pk])


def onwards(request: SignedIn, conversation: Conversation) -> str:
    """The same, and on a phone at what was said last."""
    address = where(request, conversation)
    newest = reverse("conversations:talk_one", args=[conversation.pk])
    return f"{address}#newest" if address == newest else address


def _chosen(person: Person, number: str) -> Contact | None:
    chosen = numbers.row(number)
    return contacts.contact(person, chosen) if chosen else None
