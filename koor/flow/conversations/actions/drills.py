"""An exercise: a fire on the practice stage alone, with messages that come in by themselves, and an end of its own."""

from datetime import timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.actions import fires, routing, threads
from koor.flow.conversations.actions import fires_log as log
from koor.flow.conversations.actions.stages import PAPER, stages
from koor.flow.conversations.choices import Direction, FactKind, Gathered
from koor.flow.conversations.events import MessageArrived
from koor.flow.conversations.logic import drills as logic
from koor.flow.conversations.models import Fire, FireTie, Message
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.ground.governance.choices import Purpose
from koor.ground.people.access import Colleague
from koor.ground.people.queries import house
from koor.kernel import clock, events, jobs
from koor.kernel import once as kernel_once
from koor.kernel.access import SYSTEM, Refused, require


def start_drill(
    *, by: Colleague, scenario: str, language: str = "", minutes: int = logic.LASTS, once: str = ""
) -> Fire:
    """Begin an exercise: the alarm sounds now, messages follow, and it ends by itself. One at a time. The same `once`
    again gives the one that it began."""
    require(access.may_open_fire(by), _("Ask the curator or PR on duty to open a fire."))

    def make() -> Fire:
        return _started(by, scenario, language, minutes)

    content = {"scenario": scenario, "language": language, "minutes": minutes}
    pk, _new = kernel_once.once(f"conversations.start_drill:{by.pk}", once, content, make)
    return Fire.objects.get(pk=pk)


@transaction.atomic
def _started(by: Colleague, scenario: str, language: str, minutes: int) -> Fire:
    spoken = language or house().language
    if scenario not in logic.SCENARIOS:
        names = ", ".join(logic.SCENARIOS)
        raise Refused(_("There is no such exercise. There are: %(names)s.") % {"names": names}, code="no_scenario")
    spoken = spoken if spoken in logic.LANGUAGES else "en"
    if not 1 <= minutes <= logic.LONGEST:
        raise Refused(_("An exercise takes 1 to %(most)s minutes.") % {"most": logic.LONGEST}, code="minutes")
    if Fire.objects.filter(ended_at=None).exclude(scenario="").exists():
        raise Refused(_("An exercise is going on already. It ends by itself."), code="drill")
    now, chosen = clock.now(), logic.SCENARIOS[scenario][spoken]
    ends = now + timedelta(minutes=minutes)
    fire = fires.begun(by=by, title=chosen.title, practice=True, scenario=scenario, ends_at=ends)
    Fire.objects.filter(pk=fire.pk).update(language=spoken)
    fires.add_fact(by=SYSTEM, fire=fire, text=chosen.fact, source=chosen.source)
    fires.add_fact(by=SYSTEM, fire=fire, text=chosen.unknown, kind=FactKind.UNKNOWN)
    stages(spoken)
    _plan(fire, chosen)
    return fire


def _plan(fire: Fire, chosen: logic.Scenario) -> None:
    """As many jobs as there are messages, and none after the end."""
    from koor.flow.conversations.tasks import drill_says

    for number, voice in enumerate(chosen.voices):
        at = fire.alarm_at + timedelta(seconds=voice.after)
        if fire.ends_at is not None and at < fire.ends_at:
            only_one = f"conversations.drill:{fire.pk}:{number}"
            jobs.later(drill_says, at=at if voice.after else None, only_one=only_one, fire=fire.pk, number=number)


@transaction.atomic
def say(*, by: Colleague, fire_id: int, number: int) -> Message | None:
    """One invented person says something. Twice gives it once; after the end nobody says anything."""
    fire = Fire.objects.select_for_update(of=("self",), no_key=True).filter(pk=fire_id, practice=True).first()
    if fire is None or not fire.burns or fire.scenario not in logic.SCENARIOS:
        return None
    chosen = logic.SCENARIOS[fire.scenario][fire.language]
    account, voice = stages(fire.language)[1], chosen.voices[number]
    external_id = f"drill-{fire.pk}-{number}"
    if Message.objects.filter(account=account, external_id=external_id).exists():
        return None
    return _said(fire, account, voice, external_id, by=by)


def _said(fire: Fire, account: Account, voice: logic.Voice, external_id: str, *, by: Colleague) -> Message:
    with translation.override(fire.language):
        name = _("%(name)s (exercise)") % {"name": voice.name}
    handle = f"drill {fire.scenario} {voice.name}"
    met = contacts.meet_contact(by=SYSTEM, name=name, platform=PAPER, handle=handle, invented=True)
    contact = threads.hold_contact(met)
    now = clock.now()
    conversation = threads.open_of(contact) or threads.begun(
        contact, last_at=now, account=account, purpose=Purpose.PRACTICE
    )
    message = Message.objects.create(
        conversation=conversation, direction=Direction.IN, contact=contact, account=account, text=voice.text,
        at=now, stored_at=now, channel=PAPER, kind="reply", external_id=external_id, waits_from=now,
    )  # fmt: skip
    threads.wake(conversation)
    threads.added(conversation, message)
    if conversation.assignee_id is None:
        routing.route(conversation, message, by=by)
    tie = {"how": Gathered.DRILL, "at": now}
    FireTie.objects.get_or_create(fire=fire, conversation=conversation, defaults=tie)
    events.tell(MessageArrived(message.pk))
    return message


def end_what_is_over(*, by: Colleague) -> int:
    """Exercises whose time has come; how many."""
    over = Fire.objects.filter(ended_at=None, ends_at__lte=clock.now()).exclude(scenario="")
    numbers = list(over.values_list("pk", flat=True))
    for pk in numbers:
        end_drill(by=by, fire_id=pk)
    return len(numbers)


@transaction.atomic
def end_drill(*, by: Colleague, fire_id: int) -> Fire:
    """It is over: nobody waits any more, and what was held goes on."""
    fire = log.held(fire_id)
    if fire.burns:
        fires.end_fire(by=by, fire=fire)
    return Fire.objects.get(pk=fire_id)
