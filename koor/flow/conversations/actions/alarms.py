"""An alarm goes to who has duty; a person opens a fire on it in one step, or waves it away."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.actions import fires, fires_people
from koor.flow.conversations.choices import AlarmAnswer
from koor.flow.conversations.logic import alarms as logic
from koor.flow.conversations.models import Alarm, Fire
from koor.flow.conversations.queries import alarms as queries
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel import audit, clock, notices
from koor.kernel.access import Refused, require


@transaction.atomic
def sound_alarm(*, by: Colleague) -> Alarm | None:
    """Look whether oh-ohs rise; then who has duty hears of it, once. It opens no fire."""
    rise = queries.risen()
    if rise is None:
        return None
    now = clock.now()
    one = Alarm.objects.create(
        query=queries.query_of(rise), posts=rise.posts, people=rise.people, usual=rise.usual, since=rise.since, at=now,
        quiet_until=now + logic.quiet_for(queries.waved_in_a_row(rise.query)),
    )  # fmt: skip
    audit.record(by=by, verb="conversations.sound_alarm", target=one, posts=rise.posts, people=rise.people)
    for person in on_duty():
        _tell(person, one)
    return one


def on_duty() -> list[Person]:
    """PR that is there today; else the curators; else who may open a fire at all."""
    away = people.away_on(people.today())
    for role in (Role.PR, Role.CURATOR):
        there = [one for one in people.with_role(role) if one.pk not in away and access.may_open_fire(one)]
        if there:
            return there
    return [one for one in people.everybody().filter(is_active=True) if access.may_open_fire(one)]


def _tell(person: Person, one: Alarm) -> None:
    """On the phone without a word of what was said; the letter counts them."""
    page = reverse("conversations:alarm", args=[one.pk])
    with translation.override(person.language):
        title = _("Does this burn? Many people say oh-oh")
        notices.push(to=person.pk, title=title, url=page, kind="fire", key=f"alarm:{one.pk}")
        notices.mail(
            to=person.email, subject=title, text=f"{queries.told(one)}\n\n{settings.KOOR_URL}{page}\n", kind="fire"
        )


@transaction.atomic
def open_fire_of_alarm(*, by: Person, alarm: Alarm) -> Fire:
    """It burns. What was said first is the first fact; conversations about it come along. Twice gives the same fire."""
    require(access.may_open_fire(by), _(fires.ONLY))
    row = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if row.fire is not None:
        return row.fire
    said = queries.of_alarm(by, row)
    if said:
        fire = fires.open_fire_from_mention(by=by, mention=said[0])
    else:
        fire = fires.open_fire(by=by, title=row.query.name if row.query else _("Something burns"))
    if row.query is not None and fire.query_id is None:
        fires_people.gather(by=by, fire=fire, query=row.query)
    row.answer, row.by, row.answered_at, row.fire = AlarmAnswer.FIRE, by, clock.now(), fire
    row.save(update_fields=["answer", "by", "answered_at", "fire"])
    audit.record(by=by, verb="conversations.open_fire_of_alarm", target=row, fire=fire.pk)
    return fire


@transaction.atomic
def wave_away(*, by: Person, alarm: Alarm) -> Alarm:
    """It does not burn. The next alarm about this waits twice as long."""
    require(access.may_open_fire(by), _(fires.ONLY))
    row = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if row.answer == AlarmAnswer.FIRE:
        raise Refused(_("A fire was opened on this already."), code="opened")
    if row.answer == AlarmAnswer.NONE:
        row.answer, row.by, row.answered_at = AlarmAnswer.WAVED, by, clock.now()
        row.quiet_until = max(row.quiet_until, clock.now() + logic.quiet_for(queries.waved_in_a_row(row.query_id) + 1))
        row.save(update_fields=["answer", "by", "answered_at", "quiet_until"])
        audit.record(by=by, verb="conversations.wave_away", target=row)
    return row
