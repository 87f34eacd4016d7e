"""Somebody is erased from the whole house, unless the law says that it must be kept for now."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koor.ground.governance import queries
from koor.ground.governance.access import may_erase_personal
from koor.ground.governance.models import Erasing, LegalHold
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, jobs
from koor.kernel.access import Refused, require
from koor.kernel.personal import COLLEAGUE, OUTSIDE, Subject, erasing, spelled, tombstones

LONGEST = 300  # characters of a reason


def _may(by: Colleague) -> None:
    require(may_erase_personal(by), _("Whoever looks after personal data does this."))


@transaction.atomic
def ask_erasure(*, by: Colleague, subject: Subject, names: bool = True) -> Erasing:
    """Have somebody outside erased, or a colleague who left; the worker does it at once. Asked twice is once. A legal
    hold refuses."""
    _may(by)
    if subject.kind == COLLEAGUE and subject.row.is_active:
        raise Refused(_("They still work here. Let them go first, so that their people get a new face."), code="works")
    held = queries.personal.hold_on(subject)
    if held is not None:
        sentence = _("It must be kept for now: %(reason)s") % {"reason": held.reason}
        raise Refused(sentence, code="held")
    made, new = Erasing.objects.get_or_create(
        kind=subject.kind,
        subject_id=subject.pk,
        done_at=None,
        defaults={"erasure": uuid.uuid4(), "by_id": by.pk, "names": names, "at": clock.now()},
    )
    from koor.ground.governance import tasks

    if new:
        audit.record(by=by, verb="governance.ask_erasure", kind=subject.kind, number=subject.pk)
    jobs.later(tasks.erase, erasing=made.pk)  # asked again: the job of before may have failed
    return made


@transaction.atomic
def erase(*, by: Colleague, erasing_id: int) -> Erasing | None:
    """Do it, all or nothing. Done already, or gone: nothing."""
    _may(by)
    found = Erasing.objects.select_for_update().filter(pk=erasing_id, done_at=None).first()
    if found is None or found.subject_id is None:
        return found
    subject = queries.personal.subject(found.kind, found.subject_id)
    if subject is not None:
        if queries.personal.hold_on(subject) is not None:
            found.delete()  # the law came in between
            return None
        tombstones.set_up(tombstones.Stone(found.erasure, clock.now(), tombstones.of(subject), found.names))
        with translation.override(people.house().language):
            found.counts = erasing.erase(subject, names=found.names)
        found.left_in = erasing.left(subject)
        found.left = sum(found.left_in.values())
    found.subject_id, found.done_at = None, clock.now()
    found.save()
    audit.record(by=by, verb="governance.erase_personal", target=found, rows=found.total)
    return found


@transaction.atomic
def hold(*, by: Colleague, subject: Subject, reason: str) -> LegalHold:
    """What is kept on this person may not go for now. Said again it changes the reason."""
    _may(by)
    said = " ".join(reason.replace("\0", " ").split())
    if not said or len(said) > LONGEST:
        sentence = _("Say why in one sentence, of at most %(most)s characters.") % {"most": LONGEST}
        raise Refused(sentence, code="reason", field="reason")
    held, new = LegalHold.objects.get_or_create(
        kind=subject.kind,
        subject_id=subject.pk,
        ended_at=None,
        defaults={"reason": said, "by_id": by.pk, "at": clock.now()},
    )
    if not new and held.reason == said:
        return held
    held.reason = said
    held.save(update_fields=["reason"])
    audit.record(by=by, verb="governance.hold_personal", target=subject.row, reason=said)
    return held


@transaction.atomic
def release(*, by: Colleague, subject: Subject) -> None:
    """It may go again."""
    _may(by)
    rows = LegalHold.objects.filter(kind=subject.kind, subject_id__in=subject.pks, ended_at=None)
    if rows.update(ended_at=clock.now()):
        audit.record(by=by, verb="governance.release_personal", target=subject.row)


@transaction.atomic
def let_back(*, by: Colleague, platform: str, value: str) -> bool:
    """Somebody who was erased comes back by themselves: their address may be written down again."""
    _may(by)
    platform, value = platform.replace("\0", ""), value.replace("\0", "")
    known = tombstones.let_back((platform, spelled(OUTSIDE, platform, value)))
    if known:
        audit.record(by=by, verb="governance.let_back", platform=platform)
    return known
