"""What one does while something burns. Each is a form on a page; refused, the page comes back with what was typed."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.conversations import access
from koor.flow.conversations import queries as conversations
from koor.flow.conversations.actions import fires as actions
from koor.flow.conversations.actions import fires_people, fires_said
from koor.flow.conversations.choices import FactKind, SayKind
from koor.flow.conversations.forms import fires as forms
from koor.flow.conversations.queries import fire_room
from koor.flow.conversations.queries import fires as queries
from koor.flow.conversations.views import fires as pages
from koor.flow.listening import queries as listening
from koor.flow.publishing.queries import pausing
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at


def _to(pk: int, hash: str = "") -> HttpResponse:
    return redirect(reverse("conversations:fire", args=[pk]) + hash)


@require_POST
def fire_open(request: SignedIn) -> HttpResponse:
    """Something burns."""
    form = forms.FireForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            fire = actions.open_fire(by=request.user, once=request.POST.get("once", ""), **form.cleaned_data)
            return _to(fire.pk)
    return pages.list_page(request, form)


@require_POST
def fire_of_mention(request: SignedIn, pk: int) -> HttpResponse:
    """One tap, from what somebody said."""
    fire = actions.open_fire_from_mention(by=request.user, mention=listening.mention(request.user, pk).mention)
    return _to(fire.pk)


@require_POST
def fire_of_conversation(request: SignedIn, pk: int) -> HttpResponse:
    """One tap, from a conversation."""
    found = conversations.conversation(request.user, pk)
    return _to(actions.open_fire_from_conversation(by=request.user, conversation=found).pk)


@require_POST
def fire_title(request: SignedIn, pk: int) -> HttpResponse:
    fire = queries.fire(request.user, pk)
    try:
        actions.rename_fire(by=request.user, fire=fire, title=request.POST.get("title", ""))
    except Refused as refused:
        messages.error(request, str(refused))
    return _to(pk)


@require_http_methods(["GET", "POST"])
def fire_speaker(request: SignedIn, pk: int) -> HttpResponse:
    """Who speaks for us."""
    fire = queries.fire(request.user, pk)
    form = forms.SpeakerForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.choose_speaker(by=request.user, fire=fire, person=form.cleaned_data["person"])
            return _to(pk)
    return render(
        request, "conversations/fire_speaker.html", {"fire": fire, "form": form}, status=422 if form.errors else 200
    )


@require_POST
def fire_fact(request: SignedIn, pk: int) -> HttpResponse:
    """What we know; or what we do not know yet."""
    fire = queries.fire(request.user, pk)
    unknown = request.POST.get("kind") == FactKind.UNKNOWN
    name = "unknown_form" if unknown else "fact_form"
    form: Any = (forms.UnknownForm if unknown else forms.FactForm)(request.POST, auto_id=name.replace("form", "%s"))
    if form.is_valid():
        with refused_at(form):
            kind = FactKind.UNKNOWN if unknown else FactKind.KNOWN
            said = {"text": form.cleaned_data["text"], "source": form.cleaned_data.get("source", ""), "kind": kind}
            at = None if unknown else form.at
            actions.add_fact(by=request.user, fire=fire, at=at, once=request.POST.get("once", ""), **said)
            return _to(pk, "#unknown" if unknown else "#facts")
    return pages.fire_page(request, fire, {name: form})


@require_POST
def fire_fact_drop(request: SignedIn, pk: int) -> HttpResponse:
    fact = queries.fact(request.user, pk)
    actions.drop_fact(by=request.user, fact=fact)
    return _to(fact.fire_id, "#facts")


@require_POST
def fire_task(request: SignedIn, pk: int) -> HttpResponse:
    fire = queries.fire(request.user, pk)
    form = forms.TaskForm(request.POST, by=request.user, auto_id="task_%s")
    if form.is_valid():
        with refused_at(form):
            actions.add_task(by=request.user, fire=fire, once=request.POST.get("once", ""), **form.cleaned_data)
            return _to(pk, "#tasks")
    return pages.fire_page(request, fire, {"task_form": form})


@require_POST
def fire_task_done(request: SignedIn, pk: int) -> HttpResponse:
    task = queries.task(request.user, pk)
    actions.finish_task(by=request.user, task=task)
    return _to(task.fire_id, "#tasks")


# ── What the house says ──────────────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "POST"])
def fire_statement(request: SignedIn, pk: int) -> HttpResponse:
    """Write what the house says."""
    fire = queries.fire(request.user, pk)
    if request.method == "GET":
        return pages.statement_page(request, fire)
    form = forms.StatementForm(request.POST, offered=pages.places_for(request.user, fire))
    if form.is_valid():
        with refused_at(form):
            kind = SayKind.HOLDING if fire.burns else SayKind.CORRECTION
            fires_said.write_statement(by=request.user, fire=fire, kind=kind, **form.cleaned_data)
            messages.success(request, _("It stands ready. Now somebody else reads it and signs."))
            return redirect("conversations:fire_statement", pk)
    return pages.statement_page(request, fire, form, status=422)


@require_POST
def fire_sign(request: SignedIn, pk: int) -> HttpResponse:
    """Sign it; it goes at once."""
    statement = queries.statement(request.user, pk)
    try:
        signed = fires_said.sign_statement(by=request.user, statement=statement, alone=request.POST.get("alone", ""))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("conversations:fire_statement", statement.fire_id)
    going = _("Signed. It goes out now.") if signed.post_id else _("Signed.")
    messages.success(request, going)
    return redirect("conversations:fire_statement", statement.fire_id)


@require_http_methods(["GET", "POST"])
def fire_posts(request: SignedIn, pk: int) -> HttpResponse:
    """Hold what was planned on the chosen accounts."""
    fire = queries.fire(request.user, pk)
    if request.method == "GET":
        return pages.posts_page(request, fire)
    offered = pausing.pausable(request.user, practice=fire.practice)
    form = forms.PauseForm(request.POST, offered=offered)
    if form.is_valid():
        with refused_at(form):
            chosen = [] if "none" in request.POST else list(form.cleaned_data["accounts"])
            fires_said.pause_posts(by=request.user, fire=fire, accounts=chosen)
            if chosen:
                messages.success(request, _("Held. Nothing is lost; afterwards you let them go one by one."))
            return _to(pk)
    return pages.posts_page(request, fire, form, status=422)


@require_http_methods(["GET", "POST"])
def fire_tell(request: SignedIn, pk: int) -> HttpResponse:
    """Tell every colleague."""
    fire = queries.fire(request.user, pk)
    if request.method == "GET":
        return pages.tell_page(request, fire)
    form = forms.TellForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            fires_said.tell_colleagues(by=request.user, fire=fire, **form.cleaned_data)
            told = (
                _("It stands on Today for who takes part.")
                if fire.practice
                else _("Everybody hears it, and it stands on Today.")
            )
            messages.success(request, told)
            return _to(pk)
    return pages.tell_page(request, fire, form, status=422)


# ── Who asks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "POST"])
def fire_answers(request: SignedIn, pk: int) -> HttpResponse:
    """What is asked most."""
    fire = queries.fire(request.user, pk)
    if request.method == "GET":
        return pages.answers_page(request, fire)
    form = forms.PreparedForm(request.POST)
    number = numbers.row(request.POST.get("known", ""))
    known = queries.prepared(request.user, number) if number else None
    if known is not None and known.fire_id != fire.pk:
        raise NotFound
    if form.is_valid():
        with refused_at(form):
            prepare = partial(fires_people.prepare_answer, by=request.user, fire=fire, known=known)
            prepare(once=request.POST.get("once", ""), **form.cleaned_data)
            return redirect("conversations:fire_answers", pk)
    return pages.answers_page(request, fire, form, status=422)


@require_POST
def fire_answer_drop(request: SignedIn, pk: int) -> HttpResponse:
    answer = queries.prepared(request.user, pk)
    fires_people.drop_answer(by=request.user, answer=answer)
    return redirect("conversations:fire_answers", answer.fire_id)


@require_http_methods(["GET", "POST"])
def fire_people(request: SignedIn, pk: int) -> HttpResponse:
    """Gather who asks about it."""
    fire = queries.fire(request.user, pk)
    if request.method == "GET":
        return pages.people_page(request, fire)
    form = forms.GatherForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            said = form.cleaned_data
            found = fires_people.gather(by=request.user, fire=fire, sought=said["words"], query=said["query"])
            told = ngettext("%(count)s conversation came along.", "%(count)s conversations came along.", found)
            messages.success(request, told % {"count": found})
            return redirect("conversations:fire_people", pk)
    return pages.people_page(request, fire, form, status=422)


@require_POST
def fire_reply(request: SignedIn, pk: int) -> HttpResponse:
    """Answer several, each with their own words; who was not ticked waits on."""
    fire = queries.fire(request.user, pk)
    refused: dict[int, Form] = {}
    sent = 0
    for number in numbers.rows(request.POST.getlist("send"))[:10]:
        form = _replied(request, fire.pk, number)
        if form is None:
            sent += 1
        else:
            refused[number] = form
    if not sent and not refused:
        messages.warning(request, _("Tick whom you answer now."))
    if sent:
        told = ngettext("%(count)s answer is on its way.", "%(count)s answers are on their way.", sent)
        messages.success(request, told % {"count": sent})
    if refused:
        return pages.people_page(request, fire, replies=refused, status=422)
    return redirect("conversations:fire_people", pk)


def _replied(request: SignedIn, fire: int, number: int) -> Form | None:
    """One of them: None when it went, else the form with why not."""
    tie = queries.tie(request.user, number)
    if tie.fire_id != fire:
        raise NotFound
    names = ("text", "last_message")
    given = {name: request.POST.get(f"t{number}-{name}", "") for name in names}
    form = forms.ReplyForm(given, auto_id=f"t{number}_%s")
    if form.is_valid():
        with refused_at(form):
            once = f"{request.POST.get('once', '')}:{number}" if request.POST.get("once") else ""
            fires_people.answer_tied(by=request.user, tie=tie, once=once, **form.cleaned_data)
            return None
    return form


@require_POST
def fire_leave(request: SignedIn, pk: int) -> HttpResponse:
    tie = queries.tie(request.user, pk)
    fires_people.leave_out(by=request.user, tie=tie)
    return redirect("conversations:fire_people", tie.fire_id)


@require_POST
def fire_put(request: SignedIn, pk: int, conversation: int) -> HttpResponse:
    """This conversation is about it."""
    found = conversations.conversation(request.user, conversation)
    try:
        fires_people.put_with_fire(by=request.user, fire=queries.fire(request.user, pk), conversation=found)
    except Refused as refused:
        messages.error(request, str(refused))
    place = "inbox_one" if access.may_see_all(request.user) else "talk_one"
    return redirect(f"conversations:{place}", found.pk)


# ── Out, and after ───────────────────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "POST"])
def fire_end(request: SignedIn, pk: int) -> HttpResponse:
    """Put it out."""
    fire = queries.fire(request.user, pk)
    if request.method == "GET":
        room = fire_room.room(request.user, fire)
        return render(request, "conversations/fire_end.html", {"fire": fire, "room": room})
    actions.end_fire(by=request.user, fire=fire)
    undo = reverse("conversations:fire_reopen", args=[pk])
    messages.success(request, _("It is out. Now what was learnt."), extra_tags=f"undo={undo}")
    return _to(pk)


@require_POST
def fire_reopen(request: SignedIn, pk: int) -> HttpResponse:
    try:
        actions.reopen_fire(by=request.user, fire=queries.fire(request.user, pk))
    except Refused as refused:
        messages.error(request, str(refused))
    return _to(pk)


@require_http_methods(["GET", "POST"])
def fire_after(request: SignedIn, pk: int) -> HttpResponse:
    """Cause, what was done, what was learnt."""
    fire = queries.fire(request.user, pk)
    if request.method == "GET":
        return pages.after_page(request, fire)
    form = forms.LearntForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            actions.keep_learnt(by=request.user, fire=fire, **form.cleaned_data)
            messages.success(request, _("Kept. It stands with the lessons, for everybody."))
            return redirect("conversations:fire_after", pk)
    return pages.after_page(request, fire, {"form": form})


@require_POST
def fire_thank(request: SignedIn, pk: int) -> HttpResponse:
    fire = queries.fire(request.user, pk)
    form = forms.ThanksForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            fires_said.thank(by=request.user, fire=fire, **form.cleaned_data)
            messages.success(request, _("Told. It stands on Today for three days."))
            return redirect("conversations:fire_after", pk)
    return pages.after_page(request, fire, {"thanks": form})


@require_POST
def fire_to_story(request: SignedIn, pk: int) -> HttpResponse:
    """What was learnt goes with the draft of our story, among what we do."""
    try:
        actions.put_in_story(by=request.user, fire=queries.fire(request.user, pk))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It stands in the draft of our story, among what we do."))
    return redirect("conversations:fire_after", pk)


@require_http_methods(["GET", "POST"])
def fire_texts(request: SignedIn) -> HttpResponse:
    """Texts that statements begin with, as this house says them."""
    if not (access.may_open_fire(request.user) or access.may_sign(request.user)):
        raise NotFound
    if request.method == "GET":
        return pages.texts_page(request)
    form = forms.HoldingForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            fires_said.keep_holding_text(by=request.user, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("conversations:fire_texts")
    return pages.texts_page(request, form, status=422)
