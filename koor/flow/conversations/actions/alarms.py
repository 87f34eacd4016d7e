"""An alarm goes to who has duty; a person opens a fire on it in one step, or waves it away, which teaches."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.actions import fires, fires_people
from koor.flow.conversations.choices import AlarmAnswer
from koor.flow.conversations.models import Alarm, Duty, Fire
from koor.flow.conversations.queries import alarms as queries
from koor.flow.conversations.queries import signing
from koor.flow.conversations.queries.alarms import on_duty
from koor.flow.listening import actions as listening
from koor.flow.listening.models import Burst
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person, Rota
from koor.kernel import audit, clock, notices
from koor.kernel import once as kernel_once
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.templatetags.koor import when

CONFIRMED, WAVED = "confirmed", "waved"


@transaction.atomic
def sound_alarm(*, by: Colleague, burst_id: int) -> Alarm | None:
    """There is more of something than usual: who has duty hears of it, once. It opens no fire. While a fire about the
    same burns, it belongs to that."""
    burst = Burst.objects.select_for_update().filter(pk=burst_id).first()
    if burst is None or Alarm.objects.filter(burst=burst).exists():
        return None
    if queries.burns_already(burst):
        listening.judge_burst(by=SYSTEM, burst_id=burst.pk, answer=CONFIRMED)
        return None
    one = Alarm.objects.create(
        burst=burst, query=queries.query_of(burst), topic=burst.key if burst.kind == "topic" else "",
        posts=burst.posts, people=burst.people, usual=burst.usual, since=burst.since, at=clock.now(),
    )  # fmt: skip
    audit.record(by=by, verb="conversations.sound_alarm", target=one, posts=one.posts, people=one.people)
    for person in on_duty():
        _tell(person, one)
    return one


@transaction.atomic
def keep_duty(*, by: Colleague, rota: Rota | None) -> None:
    """PR takes turns by this rota; without one all of them have duty."""
    require(access.may_open_fire(by), _(fires.ONLY))
    if rota is not None:
        turns = [turn.person for turn in rota.turns.select_related("person")]
        if not any(access.may_open_fire(one) and access.may_conduct(one) for one in turns):
            raise Refused(_("Nobody of this rota may answer everybody and open a fire."), code="rota", field="rota")
    before = Duty.objects.select_for_update(of=("self",)).select_related("rota").first()
    if (before.rota if before else None) == rota:
        return
    if before is not None:
        audit.record(by=by, verb="conversations.leave_duty", target=before.rota)
        before.delete()
    if rota is not None:
        Duty.objects.create(pk=1, rota=rota)
        audit.record(by=by, verb="conversations.keep_duty", target=rota)


def call_others(*, by: Colleague) -> int:
    """Nobody decided within a quarter of an hour: the curators and who may sign hear it too, once. How many alarms."""
    now = clock.now()
    rows = Alarm.objects.filter(answer=AlarmAnswer.NONE, at__lte=now - queries.LOOKS_WITHIN, at__gt=now - queries.A_DAY)
    return sum(_others_called(one, by=by) for one in rows.select_related("query", "burst").order_by("pk"))


def _others_called(one: Alarm, *, by: Colleague) -> bool:
    def make() -> Alarm:
        told = {person.pk for person in on_duty()}
        others = [person for person in signing.who_is_called(None) if person.pk not in told]
        for person in others:
            _tell(person, one, late=True)
        if others:
            audit.record(by=by, verb="conversations.call_others", target=one)
        return one

    _pk, new = kernel_once.once("conversations.call_others", str(one.pk), "", make)
    return new


def _tell(person: Person, one: Alarm, *, late: bool = False) -> None:
    """On the phone without a word of what was said, also in hours of rest; the letter says what, since when, and three
    posts. `late`: nobody decided yet."""
    page = reverse("conversations:alarm", args=[one.pk])
    with translation.override(person.language), timezone.override(ZoneInfo(people.house().zone)):
        title = _("Does this burn? %(subject)s") % {"subject": one.about or _("Many people say oh-oh")}
        key = f"alarm:{one.pk}"
        notices.push(to=person.pk, title=title, text=queries.told(one), url=page, kind="alarm", key=key)
        since = _("The first: %(moment)s.") % {"moment": when(one.since, "at")}
        quoted = "\n".join(f"- {line}" for line in queries.in_letter(one))
        told = f"{queries.told(one)} {since}"
        if about := ", ".join(f"{name} ({number})" for name, _asked, number in queries.spoken_of(one)):
            told += "\n" + _("Most of it is about:") + " " + about
        if late:
            told = _("Nobody decided within a quarter of an hour.") + " " + told
        text = f"{told}\n\n{quoted}\n\n{settings.KOOR_URL}{page}\n"
        notices.mail(to=person.email, subject=title, text=text, kind="fire")


@transaction.atomic
def open_fire_of_alarm(*, by: Person, alarm: Alarm) -> Fire:
    """It burns. What was said first is the first fact; conversations about it come along. Twice gives the same fire."""
    require(access.may_open_fire(by), _(fires.ONLY))
    row = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if row.fire is not None:
        return row.fire
    subject = queries.subject_of(row)
    said = queries.first_said(row, subject)
    if said is not None:
        fire = fires.open_fire_from_mention(by=by, mention=said)
    else:
        fire = fires.open_fire(by=by, title=row.about or _("Something burns"))
    if subject is not None and fire.query_id is None:
        fires_people.gather(by=by, fire=fire, query=subject)
    row.answer, row.by, row.answered_at, row.fire = AlarmAnswer.FIRE, by, clock.now(), fire
    row.save(update_fields=["answer", "by", "answered_at", "fire"])
    _teach(row, CONFIRMED)
    audit.record(by=by, verb="conversations.open_fire_of_alarm", target=row, fire=fire.pk)
    return fire


@transaction.atomic
def wave_away(*, by: Person, alarm: Alarm) -> Alarm:
    """It does not burn. For a week as many as this are not told of again."""
    require(access.may_open_fire(by), _(fires.ONLY))
    row = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if row.answer == AlarmAnswer.FIRE:
        raise Refused(_("A fire was opened on this already."), code="opened")
    if row.answer == AlarmAnswer.NONE:
        row.answer, row.by, row.answered_at = AlarmAnswer.WAVED, by, clock.now()
        row.save(update_fields=["answer", "by", "answered_at"])
        _teach(row, WAVED)
        audit.record(by=by, verb="conversations.wave_away", target=row)
    return row


def _teach(row: Alarm, answer: str) -> None:
    """What a person made of it teaches what is usual; whoever may open a fire may say so."""
    if row.burst_id is not None:
        listening.judge_burst(by=SYSTEM, burst_id=row.burst_id, answer=answer)
