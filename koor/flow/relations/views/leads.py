"""Pages of leads: the list, one with its story, a new one; and where they are sent to."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koor.flow.conversations import queries as conversations
from koor.flow.relations import access, actions, queries
from koor.flow.relations.choices import LeadState, SendingState
from koor.flow.relations.forms import HandForm, LeadForm, ReceiverForm, StandsForm
from koor.flow.relations.models import Lead
from koor.ground.contacts import queries as contacts
from koor.ground.people.access import SignedIn
from koor.kernel import numbers, tables
from koor.kernel.access import Refused, require
from koor.kernel.forms import refused_at
from koor.kernel.paging import page


@require_GET
def leads(request: SignedIn) -> HttpResponse:
    """Who may want work from us."""
    state = request.GET.get("state", "open")
    context = {
        "page": page(queries.leads(request.user, state=state), request),
        "state": state,
        "states": [("open", _("Going on")), *((one, one.label) for one in (LeadState.WON, LeadState.LOST))],
        "may_export": access.may_export_leads(request.user),
    }
    return render(request, "relations/leads.html", context)


@require_GET
def as_list(request: SignedIn) -> StreamingHttpResponse:
    """Leads for a spreadsheet, or for a system that takes in lists."""
    rows = queries.rows_of_list(request.user, state=request.GET.get("state", ""))
    answer = StreamingHttpResponse(tables.written(_first(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="leads.csv"'
    actions.note_export(by=request.user)
    return answer


def _first(rows: Any) -> Any:
    """Ask for the heading now: who may not is told so before the answer begins."""
    heading = next(rows)
    return (row for each in ([heading], rows) for row in each)


@require_http_methods(["GET", "POST"])
def new_lead(request: SignedIn, contact: int) -> HttpResponse:
    """Of one person outside; of a conversation when one comes from there."""
    who = contacts.contact(request.user, contact)
    require(access.may_make_lead(request.user, who), _("Who knows them or talks with them makes a lead of it."))
    number = numbers.row(request.POST.get("conversation") or request.GET.get("conversation") or "")
    talk = conversations.conversation(request.user, number) if number else None
    queries.require_theirs(talk, who)
    receiver = queries.receiver_on()
    seller = queries.who_sells()
    initial = {"wants": talk.asked if talk else "", "to": seller or request.user, "send": True}
    form = LeadForm(request.POST or None, initial=initial, receiver=receiver.name if receiver else "")
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            made = actions.make_lead(
                by=request.user, contact=who, conversation=talk, once=request.POST.get("once", ""), **form.cleaned_data
            )
            said = _("%(name)s has it, with the whole story.") % {"name": made.to.first_name if made.to else ""}
            messages.success(request, said)
            return redirect("relations:lead", made.pk)
    story = _told(queries.story_of(who, talk)[-6:])
    context = {"form": form, "contact": who, "conversation": talk, "story": story}
    return render(request, "relations/lead_new.html", context, status=422 if form.errors else 200)


def _told(story: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{**one, "at": parse_datetime(one["at"])} for one in story]


@require_GET
def lead(request: SignedIn, pk: int) -> HttpResponse:
    return _shown(request, queries.lead(request.user, pk))


def _shown(request: SignedIn, found: Lead, stands: StandsForm | None = None) -> HttpResponse:
    context = {
        "lead": found,
        "contact": found.contact,
        "story": _told(found.story),
        "stands": stands or StandsForm(initial={"state": found.state, "why": found.why}),
        "hand": HandForm(initial={"to": found.to_id}, auto_id="hand_%s"),
        "sending": getattr(found, "sending", None),
        "receiver": queries.receiver_on(),
    }
    return render(request, "relations/lead.html", context, status=422 if stands and stands.errors else 200)


@require_POST
def stands(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.lead(request.user, pk)
    form = StandsForm(request.POST)
    if form.is_valid():
        with refused_at(form):
            actions.change_lead(by=request.user, lead=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("relations:lead", found.pk)
    return _shown(request, found, form)


@require_POST
def hand(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.lead(request.user, pk)
    form = HandForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose a colleague who works here."), code="left")
    row = actions.hand_lead(by=request.user, lead=found, to=form.cleaned_data["to"])
    messages.success(
        request, _("%(name)s has it, with the whole story.") % {"name": row.to.first_name if row.to else ""}
    )
    return redirect("relations:leads")


@require_POST
def go_on(request: SignedIn, pk: int) -> HttpResponse:
    actions.go_on_with_lead(by=request.user, lead=queries.lead(request.user, pk))
    return redirect("relations:lead", pk)


@require_POST
def send(request: SignedIn, pk: int) -> HttpResponse:
    found = queries.lead(request.user, pk)
    actions.send_lead(by=request.user, lead=found)
    messages.success(request, _("On its way. Here you see when it arrived."))
    return redirect("relations:lead", found.pk)


# --- where they are sent to ---


@never_cache
@require_http_methods(["GET", "POST"])
def receiver(request: SignedIn) -> HttpResponse:
    """The system of sales: its address, its secret, and what did not arrive."""
    found = queries.receiver(request.user)
    initial = {"name": found.name, "url": found.url, "is_on": found.is_on} if found else {}
    form = ReceiverForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            secret = actions.arrange_receiver(by=request.user, **form.cleaned_data)
            return _receiver(request, ReceiverForm(initial=form.cleaned_data), secret)
    return _receiver(request, form)


def _receiver(request: SignedIn, form: ReceiverForm, secret: str = "") -> HttpResponse:
    waiting, failed = queries.how_many(request.user)
    context = {
        "form": form,
        "secret": secret,
        "receiver": queries.receiver(request.user),
        "waiting": waiting,
        "failed": failed,
        "rows": list(queries.sendings(request.user, SendingState.FAILED).order_by("-pk")[:20]),
    }
    return render(request, "relations/receiver.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def new_secret(request: SignedIn) -> HttpResponse:
    secret = actions.renew_secret(by=request.user)
    found = queries.receiver(request.user)
    assert found is not None
    return _receiver(
        request, ReceiverForm(initial={"name": found.name, "url": found.url, "is_on": found.is_on}), secret
    )


@require_POST
def try_it(request: SignedIn) -> HttpResponse:
    problem = actions.try_receiver(by=request.user)
    if problem:
        messages.error(request, _("It did not arrive: %(problem)s") % {"problem": problem})
    else:
        messages.success(request, _("It arrived."))
    return redirect("relations:receiver")


@require_POST
def failed_again(request: SignedIn) -> HttpResponse:
    number = actions.send_failed_again(by=request.user)
    messages.success(request, _("%(number)s on their way again.") % {"number": number})
    return redirect("relations:receiver")
