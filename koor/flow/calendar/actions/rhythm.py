"""The rhythm of a channel: on which weekdays, at what time."""

from datetime import time

from django.db import IntegrityError, transaction
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from koor.flow.calendar import access
from koor.flow.calendar.actions.rolling import roll_beats, untouched
from koor.flow.calendar.models import PostingTime
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require

MOST = 50  # beats of one channel


@transaction.atomic
def add_posting_time(*, by: Colleague, account: Account, weekday: int, at: time) -> PostingTime:
    """We post here on this weekday at this time; the coming slots appear at once."""
    require(access.may_plan(by))
    if account.posting_times.count() >= MOST:
        raise Refused(_("That is enough for one channel."), code="many", field="weekday")
    try:
        with transaction.atomic():
            beat = PostingTime.objects.create(
                account=account, weekday=weekday, time=at.replace(second=0, microsecond=0)
            )
    except IntegrityError:
        raise Refused(_("That one is there already."), code="exists", field="weekday") from None
    audit.record(by=by, verb="calendar.add_posting_time", target=account, when=_said(beat))
    roll_beats()
    return beat


def _said(beat: PostingTime) -> str:
    return f"{WEEKDAYS[beat.weekday]} {beat.time:%H:%M}"


@transaction.atomic
def remove_posting_time(*, by: Colleague, posting_time: PostingTime) -> int:
    """No longer; coming slots that nobody took yet go with it. How many."""
    require(access.may_plan(by))
    audit.record(by=by, verb="calendar.remove_posting_time", target=posting_time.account, when=_said(posting_time))
    open_ones = untouched().filter(posting_time=posting_time, agreement=None, person=None)
    gone = open_ones.update(dropped_at=clock.now())
    posting_time.delete()
    return gone
