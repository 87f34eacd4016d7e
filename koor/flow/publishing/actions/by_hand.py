"""What somebody posts themselves: they are reminded twice and no more, and may note what came of it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.calendar import queries as calendar
from koor.flow.publishing import access
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.checks import linked_there
from koor.flow.publishing.actions.settle import digits_at, free_number
from koor.flow.publishing.actions.write import locked
from koor.flow.publishing.events import EffectNoted
from koor.flow.publishing.logic import by_hand as logic
from koor.flow.publishing.models import Effect, Reminder, Target
from koor.flow.publishing.queries import by_hand as queries
from koor.ground.people.models import Person
from koor.ground.people.queries import house, is_away
from koor.kernel import audit, clock, events, notices
from koor.kernel.access import Refused, require

LATELY = timedelta(days=1)  # what is ready for longer had its moment before anybody could be reminded
LASTS = timedelta(hours=23)  # longer than any hours of rest, and over before the next one comes
MOST_REACTED = 10_000_000
LONGEST = 300  # characters of what somebody said


# ── Reminders ────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def remind(target_id: int) -> bool:
    """It is ready for somebody's hands now: they hear of it, once for its moment. Whether that was now."""
    row = queries.ready().select_for_update(of=("self",)).filter(pk=target_id).first()
    if row is None or row.due_at is None:
        return False
    kept, new = Reminder.objects.get_or_create(target=row, due_at=row.due_at)
    if new:
        _tell(row, kept)
    return new


def remind_due() -> int:
    """The second reminder, and after that none; how many were told. Also what became ready and nobody heard of."""
    told = sum(_again(pk) for pk in queries.reminders_due().values_list("pk", flat=True)[:500])
    return told + sum(remind(pk) for pk in queries.untold(since=clock.now() - LATELY).values_list("pk", flat=True))


@transaction.atomic
def _again(reminder_id: int) -> bool:
    due = queries.reminders_due().select_for_update(of=("self",), skip_locked=True)
    kept = due.filter(pk=reminder_id).first()
    if kept is None:
        return False
    row = queries.ready().filter(pk=kept.target_id, due_at=kept.due_at).first()
    if row is not None and kept.told < logic.REMINDERS:
        return _tell(row, kept)
    kept.next_at, kept.left = None, row is not None  # done or moved; or left, and never asked again
    kept.save(update_fields=["next_at", "left"])
    return False


def _tell(row: Target, kept: Reminder) -> bool:
    """Whose hands it needs: on Today, which reaches who has no device too, and on their phones after their hours of
    rest. Not counted while nobody is there to do it. Whether somebody was told; and when it comes up again."""
    person, ours = queries.hands_for(row), house()

    def works(day: date) -> bool:
        return not calendar.free_days(ours, day, day) and not (person and is_away(person, day))

    if person is not None:
        again = person.pk == kept.reached_id or not kept.told
        kept.told, kept.reached = (kept.told + 1 if again else 1), person  # another begins anew
    kept.next_at = logic.next_reminder(clock.now(), kept.due_at, ours.zone, works)
    kept.save(update_fields=["told", "reached", "next_at"])
    if person is not None:
        _push(row, kept, person)
    return person is not None


def _push(row: Target, kept: Reminder, person: Person) -> None:
    with translation.override(person.language):
        last = kept.told >= logic.REMINDERS
        text = _("This is the last reminder. It stays ready for you.") if last else _("Everything stands ready.")
        notices.push(
            to=person.pk,
            title=_("For you to post: %(place)s") % {"place": row.account.name},
            text=text,
            url=reverse("publishing:row", args=[row.pk]),
            kind="by_hand",
            key=f"by_hand:{row.pk}:{kept.due_at:%Y%m%d%H%M}:{kept.told}",
            lasts=LASTS,
        )


# ── What came of it ──────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def note_effect(
    *, by: Person, target: Target, url: str = "", reacted: int | None = None, said: str = "", who: str = ""
) -> Target:
    """What somebody noted of a post where Koor can't look; the same again changes it, nothing takes it back."""
    locked(target.post)
    row = ledger.row(target)
    require(access.may_settle(by, row), _("Its maker, the owner of the account and the curator say this."))
    if not queries.asks_for_effect(row):
        raise Refused(_("Only of what is up, where Koor can't look."), code="not_up")
    said, who = " ".join(said.split()), " ".join(who.split())
    if len(said) > LONGEST:
        raise Refused(_("Keep it to one line."), code="too_long", field="said")
    if reacted is not None and not 0 <= reacted <= MOST_REACTED:
        raise Refused(_("A number of people."), code="number", field="reacted")
    contact = queries.contact_called(by, who) if who else None
    if url.strip() not in ("", row.url):
        row.url = linked_there(url, row.account)
        row.remote_id = row.remote_id or free_number(row, digits_at(row.url))
        row.save(update_fields=["url", "remote_id"])
    noted = {"reacted": reacted, "said": said, "contact": contact, "by_id": by.pk, "at": clock.now()}
    Effect.objects.update_or_create(target=row, defaults=noted)  # nothing is an answer too: it is not asked again
    audit.record(by=by, verb="publishing.note_effect", target=row.post, account=row.account_id)
    events.tell(EffectNoted(row.pk))
    return row
