"""What burns, and what may, on Today, beside a mention or a conversation, and in the log of the house."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations import access
from koor.flow.conversations.models import Alarm, Conversation, Fire, FireTask, Statement
from koor.flow.conversations.queries import alarms, fires
from koor.ground.people.models import Person
from koor.kernel import audit, written
from koor.kernel.panels import Todo, count, panel, todos

ABOVE = 3  # alarms above the stream

count("conversations:fires")(fires.burning)


@todos(fires.burning, fires.to_sign, written.of_person(fires.my_tasks))
def it_burns(person: Person, burning: list[Fire], to_sign: list[Statement], tasks: list[FireTask]) -> Iterable[Todo]:
    """What burns, before all else: a name that is waited for, a task, and the next thing to do."""
    for one in to_sign[:1]:
        page = reverse("conversations:fire_statement", args=[one.fire_id])
        title = fires.as_told(one.fire, _("A statement waits for your name"))
        yield Todo(rank=0, title=title, text=one.fire.title, button=_("Read and sign"), url=page, waiting_since=one.at)
    for task in tasks[:1]:
        page = reverse("conversations:fire", args=[task.fire_id])
        title = fires.as_told(task.fire, task.text)
        yield Todo(rank=1, title=title, text=task.fire.title, button=_("Look"), url=f"{page}#tasks", icon="ohoh")
    for fire in burning[:1]:
        burns = _("Something burns, and you speak for us") if fire.speaker_id == person.pk else _("Something burns")
        title = _("An exercise is going on") if fire.practice else burns
        page = reverse("conversations:fire", args=[fire.pk])
        yield Todo(rank=1, title=title, text=fire.title, button=_("To the fire"), url=page, icon="ohoh")


@todos(lambda person: rows[:1] if (rows := alarms.waiting_alarms(person)) is not None else None)
def it_may_burn(person: Person, waiting: list[Alarm]) -> Iterable[Todo]:
    """There is more than usual of something: who may open a fire looks."""
    for one in waiting:
        yield Todo(
            rank=0,
            title=_("Does this burn? %(subject)s") % {"subject": one.about or _("Many people say oh-oh")},
            text=alarms.told(one),
            button=_("Look, and decide") if access.may_open_fire(person) else _("Look"),
            url=reverse("conversations:alarm", args=[one.pk]),
            icon="ohoh",
            waiting_since=one.at,
        )


@panel("listening.burns", order=10)
def it_may_burn_now(request: Any, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """The same above the stream, also while it is open."""
    rows = alarms.waiting_alarms(request.user)
    waiting = list(rows[:ABOVE]) if rows is not None else []
    return ("conversations/panel_burns.html", {"alarms": waiting}) if waiting else None


@panel("today.notice", order=10)
def what_we_say(request: Any, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """What every colleague says while it burns, and where to point."""
    rows = list(fires.notices(request.user)[:2])
    return ("conversations/fire_notice.html", {"fires": rows}) if rows else None


@panel("publishing.held", order=10)
def back_to_the_fire(request: Any, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """From what is held to the fire for which it is, where the next step stands."""
    rows = list(fires.that_hold(request.user)[:2])
    return ("conversations/panel_held.html", {"fires": rows}) if rows else None


@panel("listening.mention", order=20)
def it_burns_here(request: Any, mention: Any, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """One tap from what somebody said to a fire, where it is an oh-oh."""
    may = access.may_open_fire(request.user) and mention.label == "ohoh" and not mention.ours
    return ("conversations/fire_begin.html", {"mention": mention}) if may else None


@panel("conversations.conversation", order=10)
def fire_of_this(request: Any, conversation: Conversation, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    """The fire that a conversation is about, or one tap to say so."""
    if not access.may_open_fire(request.user):
        return None
    tied, burning = fires.fires_beside(request.user, conversation)
    context = {"conversation": conversation, "tied": tied, "burning": burning}
    return ("conversations/fire_beside.html", context) if tied or burning or conversation.ohoh else None


def _fire_said(entry: Any) -> str:
    """A deed of a fire, as the log of the house tells it."""
    verb = entry.verb.removeprefix("conversations.fire_")
    return f"{entry.actor_name} {fires.DEEDS[verb]} (“{entry.target_name}”)"


audit.sentences(
    {f"conversations.fire_{verb}": _fire_said for verb in fires.DEEDS}
    | {
        "conversations.keep_holding_text": gettext_lazy("%(by)s changed the text “%(target)s” for statements"),
        "conversations.remove_holding_text": gettext_lazy("%(by)s removed the text “%(target)s” for statements"),
        "conversations.put_holding_text_back": gettext_lazy("%(by)s put the text “%(target)s” for statements back"),
        "conversations.sound_alarm": gettext_lazy("Koor asked whether “%(target)s” burns"),
        "conversations.call_others": gettext_lazy("nobody decided on the alarm “%(target)s”, so others were called"),
        "conversations.keep_duty": gettext_lazy("%(by)s let PR take turns by the rota %(target)s"),
        "conversations.leave_duty": gettext_lazy("%(by)s ended the turns of PR by the rota %(target)s"),
        "conversations.open_fire_of_alarm": gettext_lazy("%(by)s opened a fire on the alarm “%(target)s”"),
        "conversations.wave_away": gettext_lazy("%(by)s waved the alarm “%(target)s” away"),
    },
    pages={
        "conversations.fire": lambda id: reverse("conversations:fire", args=[id]),
        "conversations.alarm": lambda id: reverse("conversations:alarm", args=[id]),
    },
)
