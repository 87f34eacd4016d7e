"""Fires: the list, the page of one with what comes next, what the house says, and what was learnt."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from koor.flow.conversations import access
from koor.flow.conversations.choices import SayKind
from koor.flow.conversations.forms import fires as forms
from koor.flow.conversations.logic.holding import Text
from koor.flow.conversations.models import Fire, FireAnswer
from koor.flow.conversations.queries import alarms, fire_room, ruling, signing
from koor.flow.conversations.queries import fires as queries
from koor.flow.publishing.queries import pausing
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel import clock, paging

Forms = dict[str, Form]
AFTERWARDS = ("cause", "done", "learnt", "thanks")  # what is typed on the page of what was learnt


@require_GET
def fires(request: SignedIn) -> HttpResponse:
    """What burns, and how earlier ones went."""
    return list_page(request)


def list_page(request: SignedIn, **refused: Form) -> HttpResponse:
    """`refused`: one of its forms, as it was sent."""
    page = paging.page(queries.fires(request.user), request)
    context: dict[str, Any] = {
        "page": page,
        "burning": [one for one in page.rows if one.burns],
        "out": [one for one in page.rows if not one.burns],
        "may_open": access.may_open_fire(request.user),
        "alarms": alarms.waiting_alarms(request.user) or (),
        "earlier": alarms.earlier_alarms(request.user)[:20],
        "form": forms.FireForm(),
    }
    if context["may_open"]:
        duty = ruling.duty()
        context["drill"] = forms.DrillForm(language=people.house().language, auto_id="drill_%s")
        context["duty"] = forms.DutyForm(by=request.user, duty=duty, auto_id="duty_%s")
    return render(request, "conversations/fires.html", context | refused, status=422 if refused else 200)


@require_GET
def fire(request: SignedIn, pk: int) -> HttpResponse:
    return fire_page(request, queries.fire(request.user, pk))


def fire_page(request: SignedIn, one: Fire, refused: Forms | None = None) -> HttpResponse:
    """One page: what comes next, what we know and do not, who speaks, what to do, what was done."""
    room = fire_room.room(request.user, one)
    conducts = access.may_open_fire(request.user)
    context: dict[str, Any] = {
        "fire": one,
        "room": room,
        "seen": queries.may_read_of(request.user, room.known),
        "one_at": at_one(request.user),
        "steps": [(step, *said(step.key, one)) for step in room.steps],
        "now": next(((step, *said(step.key, one)) for step in room.steps if step.now), None),
        "conducts": conducts,
        "may_sign": access.may_sign(request.user),
        "fact_form": forms.FactForm(auto_id="fact_%s"),
        "unknown_form": forms.UnknownForm(auto_id="unknown_%s"),
    }
    if conducts:
        context["task_form"] = forms.TaskForm(by=request.user, auto_id="task_%s")
        context["speakers"] = signing.who_could_speak() if one.speaker is None else []
    context |= _meanwhile(request.user, room) | (refused or {})
    return render(request, "conversations/fire.html", context, status=422 if refused else 200)


def _meanwhile(person: Person, room: fire_room.Room) -> dict[str, Any]:
    """While a statement waits for another's name: for whose, and what who wrote it does in the meantime."""
    if room.now != "sign" or room.in_hand is None:
        return {}
    may, why = queries.may_sign_it(person, room.in_hand)
    left = [step.key for step in room.steps if not step.done and step.key in ("tell", "answers", "people")]
    if may or not left:
        return {}
    names = ", ".join(one.first_name for one in signing.others_to_sign(person)[:3])
    asked = _("Who may sign: %(names)s. They see it on Today.") % {"names": names}
    return {"waits_for": why or asked, "next": said(left[0], room.fire)}


def at_one(person: Person) -> str:
    """The page of a conversation, for who may see it."""
    return f"conversations:{'inbox_one' if access.may_see_all(person) else 'talk_one'}"


def said(key: str, one: Fire) -> tuple[str, str, str]:
    """A step in a few words, why, and the page where it is done."""
    told = {
        "speaker": (
            _("Choose who speaks"),
            _("One person, often the captain. Everybody else points there."),
            "speaker",
        ),
        "posts": (_("Hold what was planned"), _("A cheerful post now makes it worse. Nothing is lost."), "posts"),
        "facts": (_("Write down one fact"), _("With who told it. What you don't know you say too."), "fire"),
        "statement": (_("Write what we say"), _("Begin from a text. Promise only what you know."), "statement"),
        "sign": (_("Have it signed"), _("Another than who wrote it reads it once and signs."), "statement"),
        "channels": (_("See that it stands"), _("Signed, it goes by itself. Three places is enough."), "statement"),
        "tell": (_("Tell colleagues what to say"), _("Everybody is asked tonight. Give them one sentence."), "tell"),
        "answers": (_("Prepare answers"), _("To what is asked most, ten at most."), "answers"),
        "people": (_("Answer who asked"), _("Together, and each in their own words."), "people"),
        "end": (_("Put it out"), _("When nobody waits and nothing new comes in."), "end"),
        "after": (_("Write down what was learnt"), _("Cause, what was done, what we do otherwise."), "after"),
        "release": (_("Let held posts go"), _("One by one, with your eyes on each."), "release"),
        "thanks": (_("Thank everybody"), _("And say that it is out."), "after"),
    }
    title, why, page = told[key]
    if page == "release":
        return title, why, reverse("publishing:held")
    if page == "fire":
        return title, why, "#fact"
    return title, why, reverse(f"conversations:fire_{page}", args=[one.pk])


def speaker_page(request: SignedIn, one: Fire, form: Form | None = None) -> HttpResponse:
    """Who speaks for us."""
    context = {"fire": one, "form": form or forms.SpeakerForm(by=request.user)}
    return render(request, "conversations/fire_speaker.html", context, status=_status(form))


# ── What the house says ──────────────────────────────────────────────────────────────────────────────────────────────


def statement_page(request: SignedIn, one: Fire, form: Form | None = None, *, alone: str | None = None) -> HttpResponse:
    """Write it, or sign what stands there; and see where it went."""
    room = fire_room.room(request.user, one)
    kind = SayKind.CORRECTION if request.GET.get("kind") == SayKind.CORRECTION or not one.burns else SayKind.HOLDING
    offered = places_for(request.user, one)
    texts = signing.holding_texts(request.user, one.language)
    chosen, begun = _typed(request, texts) or (None, _begun(room, offered))
    may, why = queries.may_sign_it(request.user, room.in_hand) if room.in_hand else (False, "")
    context = {
        "fire": one,
        "room": room,
        "kind": kind,
        "folded": bool(room.in_hand or (room.signed and kind == SayKind.HOLDING)),
        "texts": texts,
        "chosen": chosen,
        "form": form or forms.StatementForm(offered=offered, initial=begun),
        "may_write": access.may_open_fire(request.user) or access.may_sign(request.user),
        "may_sign": may,
        "why": why,
        "asks_why": may and bool(why) and bool(signing.others_to_sign(request.user)),
        "to_sign": [person.first_name for person in signing.others_to_sign(request.user)[:3]],
        "goes_to": [account.name for account in offered if room.in_hand and account.pk in room.in_hand.accounts],
        "alone": alone or "",
    }
    return render(request, "conversations/fire_statement.html", context, status=_status(form, alone))


def _status(*refused: object) -> int:
    return 200 if all(one is None for one in refused) else 422


def _typed(request: SignedIn, texts: list[Text]) -> tuple[Text | None, dict[str, Any]] | None:
    """Which text they chose to begin with, and what stood in the form then: it stays, and the text comes after it."""
    if "begin" not in request.POST:
        return None
    chosen = next((text for text in texts if text.key == request.POST["begin"]), None)
    said = request.POST.get("text", "").strip().replace("\r\n", "\n")
    kept = "" if said in {text.text for text in texts} else said
    words = "\n\n".join(part for part in (kept, chosen.text if chosen else "") if part)
    whole = {name: request.POST.get(name, "") for name in ("title", "short")}
    return chosen, {"text": words, "accounts": request.POST.getlist("accounts"), **whole}


def _begun(room: fire_room.Room, offered: list[Account]) -> dict[str, Any]:
    """The words in hand; the places where news and service are."""
    if room.in_hand is not None:
        return {name: getattr(room.in_hand, name) for name in ("title", "text", "short", "accounts")}
    usual = [one.pk for one in offered if one.purpose in {Purpose.NEWS, Purpose.SERVICE, Purpose.PRACTICE}]
    return {"text": "", "accounts": usual, "title": ""}


def places_for(person: Person, one: Fire) -> list[Account]:
    """Where the house can speak with words alone: its own accounts; of an exercise the practice stage alone."""
    house = [account for account in channels.accounts_to_draft_for(person) if not account.personal]
    rows = [account for account in house if not channels.limits_of(account).needs_media]
    return [account for account in rows if (account.purpose == Purpose.PRACTICE) == one.practice]


def posts_page(request: SignedIn, one: Fire, form: Form | None = None) -> HttpResponse:
    """What was planned: where nothing goes now."""
    offered = pausing.pausable(request.user, practice=one.practice)
    free = [row.account.pk for row in offered if not row.paused]
    context = {
        "fire": one,
        "offered": offered,
        "paused": [row for row in offered if row.paused],
        "free": free,
        "form": form or forms.PauseForm(offered=offered, initial={"accounts": free}),
        "conducts": access.may_open_fire(request.user),
    }
    return render(request, "conversations/fire_posts.html", context, status=_status(form))


def tell_page(request: SignedIn, one: Fire, form: Form | None = None) -> HttpResponse:
    """What colleagues say and where they point to."""
    initial = {"say": one.say or _usual(one), "point": one.point}
    context = {
        "fire": one,
        "form": form or forms.TellForm(initial=initial),
        "conducts": access.may_open_fire(request.user),
    }
    return render(request, "conversations/fire_tell.html", context, status=_status(form))


def _usual(one: Fire) -> str:
    """Words to begin with."""
    if one.speaker is None:
        return ""
    return _("We know about it and are on it. I don't know more myself; %(name)s speaks for us.") % {
        "name": one.speaker.name
    }


@require_GET
def fire_say(request: SignedIn, pk: int) -> HttpResponse:
    """For every colleague: what we say, where to point, who speaks."""
    one = queries.notice(request.user, pk)
    seen = access.may_open_fire(request.user) or access.may_sign(request.user)
    return render(request, "conversations/fire_say.html", {"fire": one, "may_see": seen})


# ── Who asks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def answers_page(request: SignedIn, one: Fire, form: Form | None = None, *, known: int = 0) -> HttpResponse:
    """What is asked most, with an answer that stands ready. A change that was refused stands with what it changes."""
    context = {
        "fire": one,
        "rows": [(row, form if form and row.pk == known else _prepared(row)) for row in one.answers.all()],
        "form": form if form and not known else forms.PreparedForm(auto_id=prepared_id(0)),
        "conducts": access.may_open_fire(request.user) or access.may_sign(request.user),
    }
    return render(request, "conversations/fire_answers.html", context, status=_status(form))


def prepared_id(number: int) -> str:
    return f"prepared{number}_%s"


def _prepared(row: FireAnswer) -> Form:
    return forms.PreparedForm(initial={"question": row.question, "answer": row.answer}, auto_id=prepared_id(row.pk))


# ── Afterwards ───────────────────────────────────────────────────────────────────────────────────────────────────────


def after_page(request: SignedIn, one: Fire, form: Form | None = None, *, thanks: Form | None = None) -> HttpResponse:
    """Cause, what was done, what was learnt, a correction in the open, thanks. One form: what is typed in one half
    stays when the other goes."""
    typed = {name: request.POST.get(name, getattr(one, name)) for name in AFTERWARDS}
    context: dict[str, Any] = {
        "fire": one,
        "room": fire_room.room(request.user, one),
        "form": form or forms.LearntForm(initial=typed),
        "typed": typed_afterwards(request, one),
        "thanks": thanks or forms.ThanksForm(initial=typed),
        "conducts": access.may_open_fire(request.user),
    }
    return render(request, "conversations/fire_after.html", context, status=_status(form or thanks))


def typed_afterwards(request: SignedIn, one: Fire) -> bool:
    """Whether something came along that is not kept yet."""
    return any(
        " ".join(request.POST.get(name, "").split()) not in {"", " ".join(getattr(one, name).split())}
        for name in AFTERWARDS
    )


@require_GET
def fire_log(request: SignedIn, pk: int) -> HttpResponse:
    """Every deed, in order; and whether the log is as it was written."""
    one = queries.fire(request.user, pk)
    lines, broken = queries.log_of(one)
    return render(request, "conversations/fire_log.html", {"fire": one, "lines": queries.told(lines), "broken": broken})


def texts_page(request: SignedIn, form: Form | None = None) -> HttpResponse:
    rows: list[tuple[Any, Form]] = [(one, forms.of_text(one)) for one in signing.holding_texts(request.user)]
    fresh = forms.HoldingForm(
        initial={"key": f"own-{int(clock.now().timestamp())}", "language": people.house().language}
    )
    changed = (form["key"].value(), form["language"].value()) if form else None
    rows = [(one, form if form and changed == (one.key, one.language) else change) for one, change in rows]
    own = None if any(form is change for _one, change in rows) else form
    context = {"rows": rows, "form": own or fresh, "may": access.may_open_fire(request.user)}
    return render(request, "conversations/fire_texts.html", context, status=_status(form))
