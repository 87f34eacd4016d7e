"""What was put on a place of the calendar becomes a post for its moment."""

from datetime import datetime, time

from django.db import transaction

from koor.flow.calendar import actions as calendar_actions
from koor.flow.calendar import queries as calendar
from koor.flow.calendar.models import Slot
from koor.flow.publishing import access
from koor.flow.publishing.actions.release import release_post
from koor.flow.publishing.actions.write import create_post
from koor.flow.publishing.choices import Stage
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, Refused

USUAL = time(9)  # where the place has no time of its own


def make_ready(slot_id: int, by_id: int) -> None:
    """A post of the item, in the name of who put it there, on the channels of the place where they may speak.

    What can't be released (no channel, a buddy first, a rule of the platform) waits as their draft with the place,
    which is a gap until then and says why. Repeating it makes nothing twice."""
    slot = Slot.objects.select_related("item", "account", "agreement").filter(pk=slot_id, dropped_at=None).first()
    by = Person.objects.filter(pk=by_id, is_active=True).first()
    if slot is None or slot.item is None or by is None or slot.filled:
        return
    if slot.posts.exclude(stage=Stage.WITHDRAWN).exists():
        return
    accounts = [account for account in calendar.channels_of(slot) if access.may_write(by, account)]
    try:
        post = create_post(
            by=by, text=slot.item.text or str(slot.item), accounts=accounts, item=slot.item, slot=slot,
            due_local=datetime.combine(slot.day, slot.time or USUAL), title=slot.title,
        )  # fmt: skip
    except (Refused, Forbidden) as refused:  # such as a moment that is past: they write it themselves
        _unready(slot, refused)
        return
    if not accounts or not access.may_release(by, post):
        calendar_actions.leave_unready(by=SYSTEM, slot=slot, code="buddy" if accounts else "nowhere")
        return
    try:
        with transaction.atomic():
            release_post(by=by, post=post)
    except (Refused, Forbidden) as refused:  # it stays a draft, and its page says why
        _unready(slot, refused)


def _unready(slot: Slot, refused: Refused | Forbidden) -> None:
    calendar_actions.leave_unready(by=SYSTEM, slot=slot, code=getattr(refused, "code", "") or "other")
