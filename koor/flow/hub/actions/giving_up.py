"""What the house can't make ready, however often it tries, is told to who sent it after some days and tried no more."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from koor.flow.hub.actions.films import refuse_medium
from koor.flow.hub.actions.mail_replies import answer_letter_of
from koor.flow.hub.choices import CaptureState
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.models import Capture, Medium
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock
from koor.kernel.access import require

UNTIL = timedelta(days=2)  # so long it is tried by itself
TRIES = 48  # at least: an hour of them, after a weekend without a worker or with a backup of last month
AT_ONCE = 200


def give_up(*, by: Colleague) -> int:
    """Captures and films that have waited too long; what came in stays until its maker leaves it. How many."""
    require(is_system(by))
    before = clock.now() - UNTIL
    late = Capture.objects.filter(state=CaptureState.RECEIVED, withdrawn_at=None)
    late = late.filter(tries__gte=TRIES, received_at__lt=before)
    found = list(late.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in found:
        with transaction.atomic():
            if (made := late.select_for_update().filter(pk=pk).first()) is not None:
                made.state, made.reason = CaptureState.REFUSED, Reason.NOT_NOW.value
                made.save(update_fields=["state", "reason"])
                audit.record(by=by, verb="hub.give_up", target=made)
                answer_letter_of(made)
    late_media = Medium.objects.filter(capture=None, refused="", tries__gte=TRIES, upload__at__lt=before)
    left = late_media.order_by("pk")[:AT_ONCE]
    media = list(left.values_list("pk", flat=True))
    for pk in media:
        refuse_medium(by=by, medium_id=pk, reason=Reason.NOT_NOW)
    return len(found) + len(media)
