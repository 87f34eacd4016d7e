"""Writes of the relations room."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koor.flow.relations import access, logic
from koor.flow.relations.choices import BY_HAND, TouchKind
from koor.flow.relations.events import TouchRecorded
from koor.flow.relations.models import Rhythm, Touch
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events
from koor.kernel import once as kernel_once
from koor.kernel.access import Refused, require

BY_HAND_SOURCE = "relations.by_hand:"


@transaction.atomic
def record_touch(
    *,
    by: Colleague,
    contact: Contact,
    person: Person | None,
    kind: str,
    at: datetime,
    sentence: str = "",
    url: str = "",
    source: str,
) -> Touch:
    """Put a moment on the line. The same `source` again changes it and adds nothing."""
    require(access.may_note(by))
    values = {
        "contact": contacts.survivor(contact),
        "person": person,
        "kind": kind,
        "at": at,
        "sentence": logic.one_line(sentence),
        "url": url[:300],
    }
    found = Touch.objects.filter(source=source).first()
    if found is None:
        try:
            with transaction.atomic():
                touch = Touch.objects.create(source=source, **values)
        except IntegrityError:  # another worker was first
            return Touch.objects.get(source=source)
        events.tell(TouchRecorded(touch.pk))
        return touch
    if found.kind != TouchKind.MENTION and kind == TouchKind.MENTION:
        return found  # it is known already as something said to us
    Touch.objects.filter(pk=found.pk).update(**values)
    found.refresh_from_db()
    return found


def forget_source(*, by: Colleague, source: str) -> None:
    """What it came from is not there any more, or never happened."""
    Touch.objects.filter(source=source).delete()


def renew_sentence(*, by: Colleague, source: str, sentence: str) -> None:
    """What it came from says something else now."""
    Touch.objects.filter(source=source).update(sentence=logic.one_line(sentence))


def note_touch(
    *, by: Person, contact: Contact, kind: str, sentence: str, at: datetime | None = None, once: str = ""
) -> Touch:
    """A moment with somebody, noted by hand in one line."""
    require(access.may_note(by))
    said = logic.one_line(sentence)
    if kind not in BY_HAND:
        raise Refused(_("Choose what it was."), code="kind", field="kind")
    if kind == TouchKind.NOTE and not said:
        raise Refused(_("Write something first."), code="empty", field="sentence")
    if len(" ".join(sentence[:2000].split())) > logic.LONGEST_SENTENCE:
        raise Refused(_("Keep it to one line."), code="too_long", field="sentence")
    if at is not None and at > clock.now():
        raise Refused(_("This moment is still to come."), code="future", field="at")

    def make() -> Touch:
        with transaction.atomic():
            touch = record_touch(
                by=by,
                contact=contact,
                person=by,
                kind=kind,
                at=at or clock.now(),
                sentence=said,
                source=f"{BY_HAND_SOURCE}{uuid.uuid4()}",
            )
            Rhythm.objects.filter(person=by, contact=contact).update(later_until=None)
            audit.record(by=by, verb="relations.note_touch", target=contact, kind=kind)
            return touch

    content = {"contact": contact.pk, "kind": kind, "sentence": said}
    pk, _new = kernel_once.once(f"relations.note_touch:{by.pk}", once, content, make)
    return Touch.objects.get(pk=pk)


@transaction.atomic
def forget_touch(*, by: Person, touch: Touch) -> None:
    """Take back what one noted by hand."""
    by_hand = touch.source.startswith(BY_HAND_SOURCE)
    require(by_hand and access.may_forget(by, touch.person_id), _("Only who noted it takes it back."))
    touch.delete()
    audit.record(by=by, verb="relations.forget_touch", target=touch.contact, kind=touch.kind)


@transaction.atomic
def set_rhythm(*, by: Person, contact: Contact, every_days: int) -> Rhythm:
    """How often I want to be in touch with somebody; 0: no need to."""
    require(access.may_note(by))
    if every_days != logic.NO_NEED and every_days not in logic.RHYTHMS:
        raise Refused(_("Choose one of the list."), code="choice", field="every_days")
    row, _new = Rhythm.objects.update_or_create(
        person=by, contact=contact, defaults={"every_days": every_days, "later_until": None}
    )
    return row


@transaction.atomic
def put_off(*, by: Person, contact: Contact) -> Rhythm:
    """Not now: ask me again in a while."""
    require(access.may_note(by))
    until = people.today() + timedelta(days=logic.NOT_NOW)
    row, _new = Rhythm.objects.update_or_create(
        person=by, contact=contact, defaults={"later_until": until}, create_defaults={"later_until": until}
    )
    return row
