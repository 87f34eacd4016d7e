"""Who asks about a fire: gathered, answered together, left out. All boxes of the page come along with every button, so
that nothing typed is lost."""

from dataclasses import replace
from functools import partial
from itertools import islice

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from koor.flow.conversations import access
from koor.flow.conversations.actions import fires_people as actions
from koor.flow.conversations.choices import Delivery
from koor.flow.conversations.forms import fires as forms
from koor.flow.conversations.models import Fire, FireTie, Message
from koor.flow.conversations.queries import fires as queries
from koor.flow.conversations.views.fires import at_one
from koor.ground.people.access import SignedIn
from koor.kernel import numbers
from koor.kernel.access import Forbidden
from koor.kernel.forms import refused_at

MOST_BOXES = 40  # that one page can bring along
Boxes = dict[int, forms.ReplyForm]  # by the number of the tie


@require_http_methods(["GET", "POST"])
def fire_people(request: SignedIn, pk: int) -> HttpResponse:
    """Who waits; and gather who else asks about it."""
    fire = queries.fire(request.user, pk)
    if request.method == "GET":
        return people_page(request, fire, {})
    boxes = _boxes(request, fire)
    form = forms.GatherForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            said = form.cleaned_data
            found = actions.gather(by=request.user, fire=fire, sought=said["words"], query=said["query"])
            told = ngettext("%(count)s conversation came along.", "%(count)s conversations came along.", found)
            messages.success(request, told % {"count": found})
            return _again(request, fire, boxes)
    return people_page(request, fire, boxes, form, status=422)


@require_POST
def fire_reply(request: SignedIn, pk: int) -> HttpResponse:
    """Answer several, each with their own words; who was not ticked waits on."""
    fire = queries.fire(request.user, pk)
    boxes = _boxes(request, fire)
    ticked = [number for number in numbers.rows(request.POST.getlist("send"), most=MOST_BOXES) if number in boxes]
    went = [tie.answer for number in ticked if (tie := _replied(request, number, boxes)) and tie.answer]
    if not ticked:
        messages.warning(request, _("Tick whom you answer now."))
    _tell(request, went)
    return _again(request, fire, boxes)


def _tell(request: SignedIn, went: list[Message]) -> None:
    """How many go by themselves, wait for a buddy, or are sent by hand."""
    hand, buddy = (sum(one.delivery == how for one in went) for how in (Delivery.BY_HAND, Delivery.BUDDY))
    gone = len(went) - hand - buddy
    told = (
        (gone, ngettext("%(count)s answer is on its way.", "%(count)s answers are on their way.", gone)),
        (hand, ngettext("%(count)s answer is yours to send.", "%(count)s answers are yours to send.", hand)),
        (buddy, ngettext("A buddy reads %(count)s answer first.", "A buddy reads %(count)s answers first.", buddy)),
    )
    for count, sentence in told:
        if count:
            messages.success(request, sentence % {"count": count})


def _replied(request: SignedIn, number: int, boxes: Boxes) -> FireTie | None:
    """The conversation of this one, when it went; else its form says why not."""
    form = boxes[number] = forms.ReplyForm(boxes[number].initial, auto_id=f"t{number}_%s")
    if form.is_valid():
        tie = queries.tie(request.user, number)
        once = f"{request.POST.get('once', '')}:{number}" if request.POST.get("once") else ""
        deed = partial(actions.answer_tied, by=request.user, tie=tie, once=once)
        try:
            with refused_at(form):
                told = deed(text=form.cleaned_data["text"], last_message=form.cleaned_data["last_message"])
                del boxes[number]
                return told
        except Forbidden as forbidden:
            form.add_error("text", forbidden.sentence)
    return None


@require_POST
def fire_leave(request: SignedIn, pk: int) -> HttpResponse:
    """This one is about something else."""
    tie = queries.tie(request.user, pk)
    actions.leave_out(by=request.user, tie=tie)
    undo = reverse("conversations:fire_back", args=[pk])
    return _again(request, tie.fire, _boxes(request, tie.fire), _("Left out."), undo=undo)


@require_POST
def fire_back(request: SignedIn, pk: int) -> HttpResponse:
    """It is about this after all."""
    tie = queries.tie(request.user, pk)
    actions.put_with_fire(by=request.user, fire=tie.fire, conversation=tie.conversation)
    return _again(request, tie.fire, _boxes(request, tie.fire))


def _again(request: SignedIn, fire: Fire, boxes: Boxes, sentence: str = "", *, undo: str = "") -> HttpResponse:
    """The page anew; with the boxes as they are when somebody typed in them."""
    refused = any(form.is_bound for form in boxes.values())
    if refused or any(form.typed for form in boxes.values()):
        if sentence:
            messages.success(request, sentence)
        return people_page(request, fire, boxes, status=422 if refused else 200)
    if sentence:
        messages.success(request, sentence, extra_tags=f"undo={undo}")
    return redirect("conversations:fire_people", fire.pk)


def _boxes(request: SignedIn, fire: Fire) -> Boxes:
    """What stands in the boxes that came along, of this fire alone."""
    names = (name[1:-5] for name in request.POST if name.startswith("t") and name.endswith("-text"))
    given = numbers.rows(islice(names, MOST_BOXES))
    known = queries.ties_among(request.user, fire, given)
    fields = ("text", "last_message", "begun")
    return {
        number: forms.ReplyForm(
            initial={field: request.POST.get(f"t{number}-{field}", "") for field in fields}, auto_id=f"t{number}_%s"
        )
        for number in given
        if number in known
    }


def people_page(
    request: SignedIn, one: Fire, boxes: Boxes, gather: Form | None = None, *, status: int = 200
) -> HttpResponse:
    """Who waits, each with words to begin with; who got an answer; and what gathers more of them."""
    seen = queries.may_read(request.user, one)
    typed = [number for number, form in boxes.items() if form.typed or form.is_bound]
    answers = list(one.answers.all())
    ready = list(queries.unsent_ties(one).filter(conversation__in=seen))
    rows = queries.asked(one, answers, seen=seen, also=typed, ready={tie.pk for tie in ready})
    rows = [replace(row, shown=row.tie.conversation_id in seen) for row in rows]
    refused = {number: form.latest for number, form in boxes.items() if form.is_bound}
    since = queries.said_meanwhile(request.user, [row for row in rows if row.shown], refused)
    rows = [replace(row, since=since.get(row.tie.pk, ())) for row in rows if row.shown or row.tie.pk in typed]
    waiting = queries.waiting_ties(one).values_list("conversation", "conversation__assignee")
    others = [bool(assignee) for conversation, assignee in waiting if conversation not in seen]
    context = {
        "fire": one,
        "asked": [(row, boxes.get(row.tie.pk) or _begun(row)) for row in rows],
        "waiting": len(waiting),
        "ready": ready,
        "with_others": sum(others),
        "with_nobody": others.count(False),
        "prepared": bool(answers),
        "one_at": at_one(request.user),
        "answered": list(queries.answered_ties(one).filter(conversation__in=seen)[:30]),
        "gather": gather or forms.GatherForm(initial={"words": one.words, "query": one.query_id}),
        "conducts": access.may_open_fire(request.user),
    }
    return render(request, "conversations/fire_people.html", context, status=status)


def _begun(row: queries.Asked) -> Form:
    initial = {"text": row.proposal, "last_message": row.last_message, "begun": forms.mark_of(row.proposal)}
    return forms.ReplyForm(initial=initial, auto_id=f"t{row.tie.pk}_%s")
