"""Writes of the relations room."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import actions as conversations
from koor.flow.relations import access, logic
from koor.flow.relations.choices import BY_HAND, IN_TOUCH, TouchKind
from koor.flow.relations.models import Rhythm, Touch
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, sql
from koor.kernel import once as kernel_once
from koor.kernel.access import Refused, require

BY_HAND_SOURCE = "relations.by_hand:"

# What is known already as something said to us stays that when it is heard of as a mention.
_RECORD = """
INSERT INTO relations_touch AS known (contact_id, person_id, kind, at, sentence, url, source)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[])
ON CONFLICT (source) DO UPDATE SET contact_id = excluded.contact_id, person_id = excluded.person_id,
    kind = excluded.kind, at = excluded.at, sentence = excluded.sentence, url = excluded.url
WHERE known.kind = 'mention' OR excluded.kind <> 'mention'"""


@dataclass(frozen=True)
class Moment:
    """A moment for somebody's line, as it is told."""

    contact: Contact
    kind: str
    at: datetime
    source: str
    person: Person | None = None
    sentence: str = ""
    url: str = ""


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
    record_touches(by=by, moments=[Moment(contacts.survivor(contact), kind, at, source, person, sentence, url)])
    return Touch.objects.get(source=source)


@transaction.atomic
def record_touches(*, by: Colleague, moments: Iterable[Moment]) -> None:
    """Several moments in one statement; of one source the last. Contacts are as they stand in the database now."""
    require(access.may_note(by))
    last = {one.source: one for one in moments}
    rows = [last[source] for source in sorted(last)]
    if not rows:
        return
    values: list[Any] = [
        [(one.contact if one.contact.merged_into_id is None else contacts.survivor(one.contact)).pk for one in rows],
        [one.person.pk if one.person else None for one in rows],
        [str(one.kind) for one in rows],
        [one.at for one in rows],
        [logic.one_line(one.sentence) for one in rows],
        [one.url[:300] for one in rows],
        [one.source for one in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)


def forget_source(*, by: Colleague, source: str) -> None:
    """What it came from is not there any more, or never happened."""
    forget_sources(by=by, sources=[source])


def forget_sources(*, by: Colleague, sources: Collection[str]) -> None:
    """The same of several."""
    if sources:
        Touch.objects.filter(source__in=sources).delete()


@transaction.atomic
def renew_sentences(*, by: Colleague, sentences: Mapping[str, str]) -> None:
    """What these came from says something else now."""
    rows = list(Touch.objects.select_for_update().filter(source__in=sentences).order_by("source"))
    for touch in rows:
        touch.sentence = logic.one_line(sentences[touch.source])
    sql.write_rows(rows, ["sentence"])


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
            if kind in IN_TOUCH:
                conversations.spoke_with(by=by, contact=contact, at=touch.at)
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
    conversations.did_not_speak(by=by, contact=touch.contact, at=touch.at)
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
