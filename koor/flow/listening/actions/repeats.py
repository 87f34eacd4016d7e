"""Copies and repeats of what was said point at the first of them, so that the stream shows it once, with a count.

Only what was said within `WINDOW` is compared, and with firsts alone, so that what is kept to compare with stays small:
a storm of repeats is one. Two batches stored at the same moment may each keep a first of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction

from koor.flow.listening.logic.repeats import Finder, Shape, shapes
from koor.flow.listening.models import Fingerprint, Mention
from koor.ground.channels.contract import Incoming
from koor.kernel import clock

WINDOW = timedelta(days=7)
FOLDED = frozenset({"mention", "reply", "hashtag", "article"})  # never what was said to us alone, or by machines
_MOST_LIKE = 5_000  # firsts that one batch is compared with

_LIKE = """
SELECT m.id, m.text FROM listening_fingerprint f JOIN listening_mention m ON m.id = f.mention_id
WHERE f.exact = ANY(%s) OR f.bands && %s::bigint[] ORDER BY m.id LIMIT %s"""
_KEEP = """
INSERT INTO listening_fingerprint (mention_id, exact, bands, said_at)
SELECT m.id, entry.exact, entry.bands::bigint[], m.said_at
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS entry (id, exact, bands)
JOIN listening_mention m ON m.id = entry.id ON CONFLICT (mention_id) DO NOTHING"""
_TWINS = """
UPDATE listening_mention m SET copy_of_id = coalesce(twin.copy_of_id, twin.id),
    label = CASE WHEN m.labelled_at IS NULL THEN twin.label ELSE m.label END,
    labelled_by_id = CASE WHEN m.labelled_at IS NULL THEN twin.labelled_by_id ELSE m.labelled_by_id END,
    labelled_at = coalesce(m.labelled_at, twin.labelled_at)
FROM listening_source own JOIN listening_source other ON other.account_id = own.account_id AND other.id <> own.id
JOIN listening_mention twin ON twin.source_id = other.id
WHERE m.id = ANY(%s) AND own.id = m.source_id AND twin.external_id = m.external_id
    AND coalesce(twin.copy_of_id, twin.id) <> m.id
RETURNING m.id"""
_POINT = """
UPDATE listening_mention m SET copy_of_id = entry.first
FROM unnest(%s::bigint[], %s::bigint[]) AS entry (id, first) WHERE m.id = entry.id"""


def fold_twins(mentions: Sequence[int]) -> set[int]:
    """Let mentions that another source of the same account brought too point at that one, however short they are, and
    be marked as that one is: it is one post, heard twice. Which did."""
    if not mentions:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_TWINS, [list(mentions)])
        return {row[0] for row in cursor.fetchall()}


def fold_repeats(entries: Sequence[tuple[int, Incoming]]) -> int:
    """Let new mentions (by id) that say what was said before point at it, in the transaction of the caller. How many
    did."""
    since = clock.now() - WINDOW
    asked = [(pk, one.text) for pk, one in entries if one.kind in FOLDED and (one.created_at or since) >= since]
    made = {pk: shape for (pk, _), shape in zip(asked, shapes([text for _, text in asked]), strict=True) if shape}
    if not made:
        return 0
    finder, copies, firsts = _known(list(made.values())), dict[int, int](), dict[int, Shape]()
    for pk in sorted(made):
        first = finder.first_like(made[pk])
        if first is None or first == pk:
            finder.add(pk, made[pk])
            firsts[pk] = made[pk]
        else:
            copies[pk] = first
    _keep(firsts)
    _point(copies)
    return len(copies)


def _known(asked: Sequence[Shape]) -> Finder:
    """The firsts that could say the same as one of these."""
    finder = Finder()
    bands = sorted({band for shape in asked for band in shape.bands.tolist()})
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, [[shape.exact for shape in asked], bands, _MOST_LIKE])
        rows = cursor.fetchall()
    for (pk, _text), shape in zip(rows, shapes([text for _pk, text in rows]), strict=True):
        if shape is not None:
            finder.add(pk, shape)
    return finder


def _keep(firsts: dict[int, Shape]) -> None:
    if firsts:
        bands = ["{" + ",".join(map(str, shape.bands.tolist())) + "}" for shape in firsts.values()]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [list(firsts), [shape.exact for shape in firsts.values()], bands])


def _point(copies: dict[int, int]) -> None:
    if copies:
        with connection.cursor() as cursor:
            cursor.execute(_POINT, [list(copies), list(copies.values())])


def compare_anew(mentions: Sequence[int]) -> None:
    """These have other words now. What said the same as before stays together, without them."""
    hand_on_copies(mentions)
    Fingerprint.objects.filter(mention__in=mentions).delete()
    Mention.objects.filter(pk__in=mentions).exclude(copy_of=None).update(copy_of=None)
    since = clock.now() - WINDOW
    rows = Mention.objects.filter(pk__in=set(mentions) - fold_twins(mentions), said_at__gte=since, ours=False)
    told = rows.values_list("pk", "text", "kind", "said_at")
    fold_repeats([(pk, Incoming("", "", text=text, kind=kind, created_at=at)) for pk, text, kind, at in told])


def hand_on_copies(mentions: Sequence[int]) -> None:
    """These go, or say something else: the oldest copy of each takes its place, and what comes is compared with that.
    In the transaction of the caller."""
    rows = Mention.objects.filter(copy_of__in=mentions).exclude(pk__in=mentions).order_by("said_at", "pk")
    heirs: dict[int, list[int]] = {}
    for pk, first in rows.values_list("pk", "copy_of"):
        heirs.setdefault(first or 0, []).append(pk)
    for oldest, *others in heirs.values():
        Mention.objects.filter(pk=oldest).update(copy_of=None)
        Mention.objects.filter(pk__in=others).update(copy_of=oldest)
    _compare_with([oldest for oldest, *_others in heirs.values()])


def _compare_with(firsts: Sequence[int]) -> None:
    """Keep the fingerprints of these, as far as they are of the last days."""
    rows = Mention.objects.filter(pk__in=firsts, said_at__gte=clock.now() - WINDOW)
    told = list(rows.values_list("pk", "text")) if firsts else []
    made = zip(told, shapes([text for _pk, text in told]), strict=True)
    _keep({pk: shape for (pk, _text), shape in made if shape is not None})


@transaction.atomic
def forget_fingerprints() -> int:
    """What is older than the window is not compared with any more."""
    return Fingerprint.objects.filter(said_at__lt=clock.now() - WINDOW).delete()[0]
