"""What the house can't make ready, however often it tries, is told to who sent it after some days and tried no more by
itself; what came in is kept, so that a person can have it tried again."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import access, tasks
from koor.flow.hub.actions.captures import develop_later
from koor.flow.hub.actions.films import refuse_medium
from koor.flow.hub.actions.mail_replies import answer_letter_of
from koor.flow.hub.choices import CaptureState
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.models import Capture, Medium
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock, jobs
from koor.kernel.access import Refused, require

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


@transaction.atomic
def try_capture_again(*, by: Colleague, capture: Capture) -> None:
    """Who showed it has the house try once more, from the files that it kept. Twice is once."""
    require(access.may_withdraw(by, capture), _("Only who showed it can have it tried again."))
    found = Capture.objects.select_for_update().get(pk=capture.pk)
    if found.state != CaptureState.REFUSED:
        return
    if found.withdrawn_at is not None or found.reason != Reason.NOT_NOW or not found.media.exists():
        raise Refused(_("Trying this again would not help. Send it anew."), code="no_use")
    found.state, found.reason, found.tries = CaptureState.RECEIVED, "", 0
    found.save(update_fields=["state", "reason", "tries"])
    audit.record(by=by, verb="hub.try_again", target=found)
    develop_later(found)


@transaction.atomic
def try_medium_again(*, by: Colleague, medium: Medium) -> bool:
    """The same for a film, voice note or document that is no part of a capture. Whether there was something to try."""
    require(access.may_try_again(by, medium))
    given_up = Medium.objects.filter(pk=medium.pk, capture=None, refused=Reason.NOT_NOW, upload__isnull=False)
    again = bool(given_up.update(refused="", tries=0, progress=0))
    if again:
        audit.record(by=by, verb="hub.try_film_again", target=medium.item, medium=medium.pk)
        jobs.later(tasks.develop_medium, medium=medium.pk)
    return again
