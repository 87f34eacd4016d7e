"""What becomes of something that was said: its writer changed it, or took it back. Platforms tell of it in any order
and more than once, also before what it is about; what stands in the end is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from koor.flow.listening.actions.repeats import hand_on_copies
from koor.flow.listening.events import MentionChanged
from koor.flow.listening.logic.reading import Entry
from koor.flow.listening.models import Change, Enclosure, Mention, RawEvent, Source
from koor.ground.channels.contract import Incoming
from koor.kernel import clock, events, files, locks, personal
from koor.kernel.models import StoredFile

EDITED, DELETED = "edited", "deleted"
CHANGES = frozenset({EDITED, DELETED})
WAITS_FOR = timedelta(days=7)  # that the words of a change are kept for a message that never came
LOCK = "listening.changes"  # shared while messages are stored, alone while changes are

_UPSERT = """
INSERT INTO listening_change AS known (source_id, external_id, event, author, handle, text, deleted, at, stored_at)
SELECT %(source)s, external_id, event, author, handle, text, deleted, at, %(now)s
FROM unnest(%(ids)s::text[], %(events)s::text[], %(authors)s::text[], %(handles)s::text[], %(texts)s::text[],
            %(deleted)s::boolean[], %(moments)s::timestamptz[])
     AS entry (external_id, event, author, handle, text, deleted, at)
ON CONFLICT (source_id, external_id) DO UPDATE SET event = excluded.event, text = excluded.text, at = excluded.at,
    deleted = excluded.deleted, stored_at = excluded.stored_at
WHERE NOT known.deleted AND (excluded.deleted OR (excluded.at, excluded.event) > (known.at, known.event))
RETURNING external_id"""
_SAY = """
UPDATE listening_mention SET text = c.text, edited_at = least(c.at, %(now)s)
FROM listening_change c
WHERE c.source_id = %(source)s AND c.external_id = ANY(%(ids)s) AND NOT c.deleted AND c.text <> ''
  AND listening_mention.source_id = c.source_id AND listening_mention.external_id = c.external_id
RETURNING c.id, listening_mention.id, listening_mention.ours"""
_KEPT = {"text": "", "author": "", "handle": ""}  # of a change that was dealt with


def lock_changes(*, change: bool = False) -> None:
    """Until the end of the transaction: what was said keeps its words for who reads it, and who changes it waits."""
    locks.until_committed(LOCK, shared=not change)


def note_changes(source: Source, batch: Sequence[Entry]) -> tuple[list[Entry], set[str]]:
    """Keep the changes of a batch, in the transaction of the caller: what else is in it, and of which messages
    something new became known. Who stores messages and who stores changes of them wait for each other."""
    told = [one for one in batch if isinstance(one, Incoming) and one.kind in CHANGES and one.in_reply_to]
    lock_changes(change=bool(told))
    rest = [one for one in batch if not (isinstance(one, Incoming) and one.kind in CHANGES)]
    return rest, _kept(source, told) if told else set()


def _kept(source: Source, told: Sequence[Incoming]) -> set[str]:
    now = clock.now()
    last: dict[str, Incoming] = {}
    for one in told:
        known = last.get(one.in_reply_to)
        if known is None or _rank(one, now) > _rank(known, now):
            last[one.in_reply_to] = one
    rows = [last[key] for key in sorted(last)]
    values: dict[str, Any] = {
        "source": source.pk, "now": now, "ids": [one.in_reply_to for one in rows],
        "events": [one.external_id for one in rows], "authors": [one.author for one in rows],
        "handles": [one.handle for one in rows],
        "texts": ["" if one.kind == DELETED else one.text for one in rows],
        "deleted": [one.kind == DELETED for one in rows], "moments": [one.created_at or now for one in rows],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, values)
        return {row[0] for row in cursor.fetchall()}


def _rank(one: Incoming, now: datetime) -> tuple[bool, datetime, str]:
    """Taken back is for good; of edits the last moment counts, and of one moment always the same one."""
    return one.kind == DELETED, one.created_at or now, one.external_id


def as_changed(source: Source, batch: Sequence[Entry]) -> tuple[list[Entry], set[str]]:
    """Messages of which a change came before they did: with its words, or not at all. Also which have other words."""
    ids = [one.external_id for one in batch]
    rows = Change.objects.filter(source=source, external_id__in=ids).values_list("external_id", "deleted", "text")
    known: Mapping[str, tuple[bool, str]] = {key: (deleted, text) for key, deleted, text in rows} if ids else {}
    found: list[Entry] = []
    changed: set[str] = set()
    for one in batch:
        deleted, text = known.get(one.external_id, (False, ""))
        if text and not deleted and isinstance(one, Incoming):
            changed.add(one.external_id)
            found.append(replace(one, text=text))
        elif not deleted:
            found.append(one)
    return found, changed


def change_what_is_here(source: Source, ids: set[str]) -> list[int]:
    """Let what is stored follow from its changes, in the transaction of the caller, and tell of it. The numbers of
    what has other words now."""
    if not ids:
        return []
    gone = Change.objects.filter(source=source, external_id__in=ids, deleted=True)
    touched = Mention.objects.filter(source=source, external_id__in=ids).order_by("pk")
    list(touched.select_for_update().values_list("pk"))  # in this order, as who hears them does
    taken = list(touched.filter(external_id__in=gone.values("external_id")))
    ids_of = dict(gone.values_list("external_id", "pk"))
    facts = dict.fromkeys(ids_of.values()) | {ids_of[one.external_id]: one.pk for one in taken}
    _take_away(taken)
    with connection.cursor() as cursor:
        cursor.execute(_SAY, {"source": source.pk, "ids": list(ids), "now": clock.now()})
        said = cursor.fetchall()
    facts |= {row[0]: row[1] for row in said}
    Change.objects.filter(pk__in=facts).update(**_KEPT)  # the words stand in the mention now, or nowhere
    events.tell_all(MentionChanged(number, mention) for number, mention in sorted(facts.items()))
    return [number for _change, number, ours in said if not ours]


def _take_away(mentions: list[Mention]) -> None:
    """What was said is no longer anywhere, with what came with it."""
    if not mentions:
        return
    pks = [one.pk for one in mentions]
    loose: set[Any] = set()
    for way in ("upload", "file"):
        loose |= set(Enclosure.objects.filter(mention__in=pks).exclude(**{way: None}).values_list(way, flat=True))
    hand_on_copies(pks)
    personal.they_go("listening.Mention", pks)
    Mention.objects.filter(pk__in=pks).delete()
    RawEvent.objects.filter(pk__in=[one.event_id for one in mentions if one.event_id]).delete()
    for stored in StoredFile.objects.filter(pk__in=loose):
        files.forget(stored)


@transaction.atomic
def forget_old_changes() -> int:
    """The words of a change for which no message came do not wait for ever, nor does who said them."""
    rows = Change.objects.filter(stored_at__lt=clock.now() - WAITS_FOR).exclude(**_KEPT)
    return rows.update(**_KEPT)
