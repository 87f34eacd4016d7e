"""What one does while something burns. Each is a form on a page; refused, the page comes back with what was typed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.conversations import access
from koor.flow.conversations import queries as conversations
from koor.flow.conversations.actions import alarms, drills, fires_people, fires_said
from koor.flow.conversations.actions import fires as actions
from koor.flow.conversations.choices import FactKind, SayKind
from koor.flow.conversations.forms import fires as forms
from koor.flow.conversations.models import Fire
from koor.flow.conversations.queries import fire_room, signing
from koor.flow.conversations.queries import fires as queries
from koor.flow.conversations.views import fires as pages
from koor.flow.listening import queries as listening
from koor.flow.publishing.queries import pausing
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
from koor.kernel.access import NotFound, Refused
from koor.kernel.forms import refused_at

Again = Callable[..., HttpResponse]  # the page, with a form that was refused
To = Callable[[], HttpResponse]


def _to(pk: int, hash: str = "") -> HttpResponse:
    return redirect(reverse("conversations:fire", args=[pk]) + hash)


def _form(
    request: SignedIn,
    again: Again,
    form: Callable[..., Form],
    deed: Callable[..., object],
    to: Callable[[], HttpResponse],
) -> HttpResponse:
    """The one shape of these pages: asked for, a page is shown; sent, its deed is done; refused, it comes again with
    what was typed."""
    if request.method != "POST":
        return again()
    sent = form(request.POST)
    if sent.is_valid():
        with refused_at(sent):
            deed(**sent.cleaned_data)
            return to()
    return again(sent)


def _kept(request: SignedIn, sentence: str, where: str, *arguments: int) -> To:
    """Says that it was done, and goes on there."""

    def to() -> HttpResponse:
        if sentence:
            messages.success(request, sentence)
        return redirect(f"conversations:{where}", *arguments)

    return to


@require_POST
def fire_open(request: SignedIn) -> HttpResponse:
    """Something burns."""
    form = forms.FireForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            fire = actions.open_fire(by=request.user, once=request.POST.get("once", ""), **form.cleaned_data)
            return _to(fire.pk)
    return pages.list_page(request, form=form)


@require_POST
def fire_drill(request: SignedIn) -> HttpResponse:
    """An exercise begins."""
    form = forms.DrillForm(request.POST, language=people.house().language, auto_id="drill_%s")
    if form.is_valid():
        with refused_at(form):
            once = request.POST.get("once", "")
            return _to(drills.start_drill(by=request.user, scenario=form.cleaned_data["scenario"], once=once).pk)
    return pages.list_page(request, drill=form)


@require_POST
def fire_duty(request: SignedIn) -> HttpResponse:
    """PR takes turns, or all of them have duty."""
    if not access.may_open_fire(request.user):
        raise NotFound
    form = forms.DutyForm(request.POST, by=request.user, duty=None, auto_id="duty_%s")
    if form.is_valid():
        with refused_at(form):
            alarms.keep_duty(by=request.user, rota=form.cleaned_data["rota"])
            messages.success(request, _("Kept."))
            return redirect("conversations:fires")
    return pages.list_page(request, duty=form)


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
    deed = partial(actions.choose_speaker, by=request.user, fire=fire)
    again = partial(pages.speaker_page, request, fire)
    return _form(request, again, partial(forms.SpeakerForm, by=request.user), deed, partial(_to, pk))


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
    deed = partial(actions.add_task, by=request.user, fire=fire, once=request.POST.get("once", ""))
    form = partial(forms.TaskForm, by=request.user, auto_id="task_%s")
    return _form(
        request,
        lambda sent: pages.fire_page(request, fire, {"task_form": sent}),
        form,
        deed,
        partial(_to, pk, "#tasks"),
    )


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
    kind = SayKind.HOLDING if fire.burns else SayKind.CORRECTION
    deed = partial(fires_said.write_statement, by=request.user, fire=fire, kind=kind)
    told = _("It stands ready. Now somebody else reads it and signs.")

    def form(given: Any) -> Form:
        return forms.StatementForm(given, offered=pages.places_for(request.user, fire))

    if "begin" in request.POST:
        return pages.statement_page(request, fire)
    to = _kept(request, told, "fire_statement", pk)
    return _form(request, partial(pages.statement_page, request, fire), form, deed, to)


@require_POST
def fire_sign(request: SignedIn, pk: int) -> HttpResponse:
    """Sign it; it goes at once."""
    statement = queries.statement(request.user, pk)
    try:
        signed = fires_said.sign_statement(by=request.user, statement=statement, alone=request.POST.get("alone", ""))
    except Refused as refused:
        messages.error(request, str(refused))
        if statement.replaced_at is None and statement.signed_at is None:
            return pages.statement_page(request, statement.fire, alone=request.POST.get("alone", ""))
        return redirect("conversations:fire_statement", statement.fire_id)
    going = _("Signed. It goes out now.") if signed.post_id else _("Signed.")
    messages.success(request, going)
    return redirect("conversations:fire_statement", statement.fire_id)


def _still_burning(request: SignedIn, pk: int) -> Fire:
    """From a page that was left open nothing is held or told any more."""
    fire = queries.fire(request.user, pk)
    if request.method == "POST" and not fire.burns:
        raise Refused(_("It burns no longer."), code="out")
    return fire


@require_http_methods(["GET", "POST"])
def fire_posts(request: SignedIn, pk: int) -> HttpResponse:
    """Hold what was planned on the chosen accounts."""
    fire = _still_burning(request, pk)

    def form(given: Any) -> Form:
        return forms.PauseForm(given, offered=pausing.pausable(request.user, practice=fire.practice))

    def deed(accounts: Any) -> None:
        chosen = [] if "none" in request.POST else list(accounts)
        fires_said.pause_posts(by=request.user, fire=fire, accounts=chosen)
        if chosen:
            messages.success(request, _("Held. Nothing is lost; afterwards you let them go one by one."))

    return _form(request, partial(pages.posts_page, request, fire), form, deed, partial(_to, pk))


@require_http_methods(["GET", "POST"])
def fire_tell(request: SignedIn, pk: int) -> HttpResponse:
    """Tell every colleague."""
    fire = _still_burning(request, pk)
    exercise, real = _("It stands on Today for who takes part."), _("Everybody hears it, and it stands on Today.")
    deed = partial(fires_said.tell_colleagues, by=request.user, fire=fire)
    to = _kept(request, exercise if fire.practice else real, "fire", pk)
    return _form(request, partial(pages.tell_page, request, fire), forms.TellForm, deed, to)


@require_http_methods(["GET", "POST"])
def fire_answers(request: SignedIn, pk: int) -> HttpResponse:
    """What is asked most."""
    fire = queries.fire(request.user, pk)
    number = numbers.row(request.POST.get("known", ""))
    known = queries.prepared(request.user, number) if number else None
    if known is not None and known.fire_id != fire.pk:
        raise NotFound
    once = request.POST.get("once", "")
    deed = partial(fires_people.prepare_answer, by=request.user, fire=fire, known=known, once=once)
    again = partial(pages.answers_page, request, fire, known=number)
    form = partial(forms.PreparedForm, auto_id=pages.prepared_id(number))
    return _form(request, again, form, deed, _kept(request, "", "fire_answers", pk))


@require_POST
def fire_answer_drop(request: SignedIn, pk: int) -> HttpResponse:
    answer = queries.prepared(request.user, pk)
    fires_people.drop_answer(by=request.user, answer=answer)
    return redirect("conversations:fire_answers", answer.fire_id)


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
    deed = partial(actions.keep_learnt, by=request.user, fire=fire)
    to = partial(_afterwards, request, pk, _("Kept. It stands with the lessons, for everybody."))
    return _form(request, partial(pages.after_page, request, fire), forms.LearntForm, deed, to)


@require_POST
def fire_thank(request: SignedIn, pk: int) -> HttpResponse:
    fire = queries.fire(request.user, pk)
    deed = partial(fires_said.thank, by=request.user, fire=fire)
    to = partial(_afterwards, request, pk, _("Told. It stands on Today for three days."))
    return _form(request, lambda sent: pages.after_page(request, fire, thanks=sent), forms.ThanksForm, deed, to)


def _afterwards(request: SignedIn, pk: int, sentence: str) -> HttpResponse:
    """It was done; what else was typed on that page is still there."""
    messages.success(request, sentence)
    fire = queries.fire(request.user, pk)
    if pages.typed_afterwards(request, fire):
        return pages.after_page(request, fire)
    return redirect("conversations:fire_after", pk)


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
    deed = partial(fires_said.keep_holding_text, by=request.user)
    again = partial(pages.texts_page, request)
    return _form(request, again, forms.HoldingForm, deed, _kept(request, _("Kept."), "fire_texts"))


@require_POST
def fire_text_remove(request: SignedIn, pk: int) -> HttpResponse:
    """A text that nobody begins with any more."""
    text = signing.holding_text(request.user, pk)
    fires_said.remove_holding_text(by=request.user, text=text)
    undo = reverse("conversations:fire_text_back", args=[pk])
    messages.success(request, _("Removed: %(name)s.") % {"name": text.name}, extra_tags=f"undo={undo}")
    return redirect("conversations:fire_texts")


@require_POST
def fire_text_back(request: SignedIn, pk: int) -> HttpResponse:
    fires_said.put_holding_text_back(by=request.user, text=signing.holding_text(request.user, pk))
    return redirect("conversations:fire_texts")
