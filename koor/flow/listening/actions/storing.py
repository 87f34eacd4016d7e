"""What came in is stored: raw first, then as mentions, matched with every saved query, each once, in batches.

Two imports of one file at the same moment, a fetch that repeats itself, a worker that runs twice: the unique keys
decide, and whoever comes second finds duplicates. Rows are written in the order of their keys, so that two at the
same moment wait for each other instead of locking each other out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import ngettext

from koor.flow.listening import queries
from koor.flow.listening.actions.changing import as_changed, change_what_is_here, note_changes
from koor.flow.listening.actions.copying import FEW, copied
from koor.flow.listening.actions.enclosing import keep_files
from koor.flow.listening.actions.proposing import propose_again, propose_soon
from koor.flow.listening.actions.reacting import tell_who_reacted
from koor.flow.listening.actions.repeats import compare_anew, fold_repeats, fold_twins
from koor.flow.listening.actions.topics import sort_again
from koor.flow.listening.choices import EventState
from koor.flow.listening.events import MentionStored
from koor.flow.listening.logic.match import AnyMatcher
from koor.flow.listening.logic.media import media_of
from koor.flow.listening.logic.post import Post
from koor.flow.listening.logic.reading import LONGEST_BODY, Entry, raw_of
from koor.flow.listening.models import About, Match, Mention, Proposal, RawEvent, Source
from koor.flow.publishing import actions as publishing
from koor.ground.channels.contract import Broken, Incoming
from koor.kernel import clock, events, locks
from koor.kernel.languages import language_of
from koor.kernel.personal import OUTSIDE, spelled, tombstones
from koor.kernel.templatetags.koor import thousands

BATCH = 500  # entries in one transaction
A_DAY = timedelta(days=1)  # that the learner looks back by itself
MOST_BROKEN = 1000  # entries of one file that are kept in quarantine: more than anybody mends by hand
# What others say. Likes, shares and follows repeat our own words: they are kept raw, and are no mentions.
SAID = frozenset({"mention", "reply", "direct", "hashtag", "article", "automatic", "bounce"})
ADDRESSED = frozenset({"mention", "reply", "direct"})
MACHINES = frozenset({"automatic", "bounce"})  # said by nobody: it answers something, or asks for nothing

_INSERT_EVENTS = """
INSERT INTO listening_rawevent (source_id, external_id, body, form, state, reason, received_at)
SELECT %(source)s, external_id, body, %(form)s, state, reason, %(now)s
FROM unnest(%(ids)s::text[], %(bodies)s::text[], %(states)s::text[], %(reasons)s::text[])
     AS entry (external_id, body, state, reason)
ON CONFLICT (source_id, external_id) DO NOTHING RETURNING external_id, id"""
# What could not be read before and can be now: mended at the other end, or understood since an upgrade.
_MEND_EVENTS = """
UPDATE listening_rawevent SET state = 'read', reason = '', body = entry.body, form = %(form)s
FROM unnest(%(ids)s::text[], %(bodies)s::text[]) AS entry (external_id, body)
WHERE source_id = %(source)s AND state = 'quarantined' AND listening_rawevent.external_id = entry.external_id
RETURNING listening_rawevent.external_id, id"""
_INSERT_MENTIONS = """
INSERT INTO listening_mention (source_id, event_id, external_id, kind, author, handle, text, url, language,
                               in_reply_to, said_at, stored_at, ours, label, media)
SELECT %(source)s, event, external_id, kind, author, handle, text, url, language, reply, said_at, %(now)s, ours, '',
       media
FROM unnest(%(events)s::bigint[], %(ids)s::text[], %(kinds)s::text[], %(authors)s::text[], %(handles)s::text[],
            %(texts)s::text[], %(urls)s::text[], %(languages)s::text[], %(replies)s::text[],
            %(moments)s::timestamptz[], %(ours)s::boolean[], %(media)s::text[])
     AS entry (event, external_id, kind, author, handle, text, url, language, reply, said_at, ours, media)
ON CONFLICT (source_id, external_id) DO NOTHING RETURNING external_id, id"""
_INSERT_MATCHES = """
INSERT INTO listening_match (query_id, mention_id, said_at)
SELECT met.query, met.mention, listening_mention.said_at
FROM unnest(%s::bigint[], %s::bigint[]) AS met (query, mention)
JOIN listening_mention ON listening_mention.id = met.mention
ON CONFLICT (query_id, mention_id) DO NOTHING"""


@dataclass(slots=True)
class Tally:
    """What became of the entries that were read:
    `read = stored + duplicates + quarantined + beside + passed_over + erased`.

    `beside` counts what is no mention (likes, shares, follows); `matched` counts stored ones that a query met;
    `passed_over` counts what could not be read either, when the quarantine was full."""

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    matched: int = 0
    quarantined: int = 0
    beside: int = 0
    passed_over: int = 0
    erased: int = 0  # of people who were erased here

    def add(self, other: Tally) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    def as_dict(self) -> dict[str, int]:
        """The five numbers that the command line shows, and how many were passed over when there were any; a file
        holds nothing beside mentions."""
        counts = asdict(self)
        counts.pop("beside")
        for rare in ("passed_over", "erased"):
            if not counts[rare]:
                counts.pop(rare)
        return counts

    def beyond(self) -> str:
        """How many more could not be read than were kept, in words; empty when there were none."""
        more = ngettext(
            "One more could not be read and was not kept: is this the right file?",
            "%(count)s more could not be read and were not kept: is this the right file?",
            self.passed_over,
        )
        return more % {"count": thousands(self.passed_over)} if self.passed_over else ""


def lock_queries(*, change: bool = False) -> None:
    """Until the end of the transaction: who stores sees one set of saved queries, and who changes them waits for
    those who store, so that no mention falls between the live matching and the look back."""
    locks.until_committed("listening.queries", shared=not change)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    entries = iter(entries)
    while batch := list(islice(entries, BATCH)):
        yield batch


def store_entries(source: Source, entries: Iterable[Entry], form: str) -> Tally:
    """Store entries as they come, a batch in a transaction. What was stored stays when a later one fails."""
    tally = Tally()
    for batch in _batches(entries):
        kept = with_few_broken(batch, MOST_BROKEN - tally.quarantined)
        with transaction.atomic():
            tally.add(store_batch(source, kept, form))
        beyond = len(batch) - len(kept)
        tally.add(Tally(read=beyond, passed_over=beyond))
    return tally


def with_few_broken(batch: Sequence[Entry], room: int) -> list[Entry]:
    """The entries of a batch, of the broken ones no more than there is room for."""
    kept = []
    for entry in batch:
        if isinstance(entry, Broken):
            room -= 1
            if room < 0:
                continue
        kept.append(entry)
    return kept


def store_batch(source: Source, batch: Sequence[Entry], form: str) -> Tally:
    """One batch, in the transaction of the caller. Tells the facts."""
    lock_queries()
    now, whole = clock.now(), len(batch)
    batch = without_erased(source, batch)
    without = whole - len(batch)
    batch, touched = note_changes(source, batch)
    changes = whole - without - len(batch)
    batch, changed = as_changed(source, batch)
    good = {entry.external_id: entry for entry in reversed(batch) if isinstance(entry, Incoming)}
    new, dealt_with = _store_events(source, batch, good, form, now)
    tell_who_reacted(source, good, new)
    said = {key: _in_its_language(entry) for key, entry in good.items() if key in new and entry.kind in SAID}
    handles = queries.own_handles()
    own = {key for key, entry in said.items() if queries.is_own(entry, handles)}
    mentions = _store_mentions(source, said, own, new, now)
    theirs = [(number, said[key]) for key, number in mentions.items() if key not in own]
    keep_files(said, mentions)
    _end_letters(said[key] for key in mentions)
    _say_again(source, touched | changed)
    tally = Tally(read=whole, stored=len(mentions), erased=without)
    tally.quarantined = sum(isinstance(entry, Broken) and entry.external_id not in dealt_with for entry in batch)
    tally.beside = changes + sum(good[key].kind not in SAID for key in new if key in good)
    tally.duplicates = tally.read - tally.stored - tally.quarantined - tally.beside - tally.erased
    tally.matched = _match(source, theirs)
    return tally


def _in_its_language(entry: Incoming) -> Incoming:
    """Where its source does not say which language it is, how it is spelt does."""
    language = language_of(entry.text, entry.language, (code for code, _name in settings.LANGUAGES))
    return entry if language == entry.language else replace(entry, language=language)


def _say_again(source: Source, touched: set[str]) -> None:
    """What was changed follows; what has other words is held against the saved queries anew."""
    if numbers := change_what_is_here(source, touched):
        compare_anew(numbers)
        hold_anew(numbers)


def hold_anew(numbers: Sequence[int]) -> None:
    """What has other words, or is in another language, is held against the queries anew, and Koor thinks again."""
    for table in (Match, Proposal):
        table.objects.filter(mention__in=numbers).delete()
    About.objects.filter(mention__in=numbers, by=None).delete()
    store_matches(queries.matcher(), queries.posts_of(numbers))
    old = list(Mention.objects.filter(pk__in=numbers, stored_at__lt=clock.now() - A_DAY))
    propose_again(old)
    sort_again(old)


def _end_letters(entries: Iterable[Incoming]) -> None:
    """A letter of the newsletter came back: its reader's address is not there any more, or did not take it for days."""
    for entry in entries:
        gone, not_now = entry.raw.get("gone") is True, entry.raw.get("not_now")
        if entry.kind == "bounce" and (gone or (isinstance(not_now, str) and not_now)):
            publishing.came_back(entry.in_reply_to, not_now="" if gone else str(not_now))


def _store_events(
    source: Source, batch: Sequence[Entry], good: Mapping[str, Incoming], form: str, now: datetime
) -> tuple[dict[str, int], set[str]]:
    """The new events by external id, and which broken entries are no longer in quarantine because somebody acted."""
    rows = {entry.external_id: entry for entry in reversed(batch)}
    ordered = [rows[key] for key in sorted(rows)]
    states = [EventState.READ if isinstance(entry, Incoming) else EventState.QUARANTINED for entry in ordered]
    values = {
        "source": source.pk,
        "form": form,
        "now": now,
        "ids": [entry.external_id for entry in ordered],
        "bodies": [_body(entry) for entry in ordered],
        "states": [state.value for state in states],
        "reasons": [entry.reason[:300] if isinstance(entry, Broken) else "" for entry in ordered],
    }
    new = _returned(_INSERT_EVENTS, values)
    again = [entry for entry in ordered if entry.external_id not in new]
    readable = [entry for entry in again if entry.external_id in good]
    if readable:
        mended = {"ids": [entry.external_id for entry in readable], "bodies": [_body(entry) for entry in readable]}
        new |= _returned(_MEND_EVENTS, values | mended)
    broken = {entry.external_id for entry in again if entry.external_id not in good}
    return new, broken & queries.dealt_with(source, broken)


def _body(entry: Entry) -> str:
    return entry.raw if isinstance(entry, Broken) else raw_of(entry.raw, LONGEST_BODY)


def _returned(statement: str, values: Mapping[str, Any]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


def _store_mentions(
    source: Source, said: Mapping[str, Incoming], own: set[str], new: Mapping[str, int], now: datetime
) -> dict[str, int]:
    """The new mentions by external id, in the order in which they came."""
    if not said:
        return {}
    entries = list(said.values())[::-1]  # `said` was made backwards, so that of two alike the first counts
    values = {
        "source": source.pk,
        "now": now,
        "events": [new[entry.external_id] for entry in entries],
        "ids": [entry.external_id for entry in entries],
        "kinds": [entry.kind for entry in entries],
        "authors": [entry.author for entry in entries],
        "handles": [entry.handle for entry in entries],
        "texts": [entry.text for entry in entries],
        "urls": [entry.url for entry in entries],
        "languages": [entry.language for entry in entries],
        "replies": [entry.in_reply_to for entry in entries],
        # A clock far ahead must not stand on top of the stream for ever
        "moments": [min(entry.created_at or now, now) for entry in entries],
        "ours": [entry.external_id in own for entry in entries],
        "media": [" ".join(sorted(media_of(entry))) for entry in entries],
    }
    found = copied(values) if len(entries) > FEW else None
    return found if found is not None else _returned(_INSERT_MENTIONS, values)


def _match(source: Source, theirs: Sequence[tuple[int, Incoming]]) -> int:
    """Hold the saved queries against new mentions (by id), and tell of those that ask for a look. How many were met.

    What came to an account of ours and is addressed to it asks for a look by itself."""
    live, platform = source.account_id is not None, queries.platform_of(source)
    met = store_matches(queries.matcher(), ((number, _post(entry, source.name, platform)) for number, entry in theirs))
    asked = [number for number, entry in theirs if number in met or (live and entry.kind in ADDRESSED | MACHINES)]
    events.tell_all(MentionStored(number) for number in asked)
    twins = fold_twins([number for number, _entry in theirs]) if live else set()
    fold_repeats([one for one in theirs if one[0] not in twins])
    if theirs:
        propose_soon()
    return len(met)


def _post(entry: Incoming, source: str, platform: str) -> Post:
    return Post(entry.text, entry.author, entry.handle, entry.language, source, platform, media_of(entry))


def without_erased(source: Source, batch: Sequence[Entry]) -> list[Entry]:
    """Without what people said who were erased. Who speaks to us again afterwards is heard: that is their choice."""
    if not tombstones.any_there():
        return list(batch)
    platform = queries.known_by(source)
    said = {id(entry): (platform, who) for entry in batch if (who := _who(entry, platform))}
    stopped = tombstones.stopped(set(said.values()))
    return [entry for entry in batch if not _stays_out(source, entry, stopped.get(said.get(id(entry), ("", ""))))]


def _who(entry: Entry, platform: str) -> str:
    return "" if isinstance(entry, Broken) else spelled(OUTSIDE, platform, entry.handle or entry.author)


def _stays_out(source: Source, entry: Entry, erased_at: datetime | None) -> bool:
    if erased_at is None or isinstance(entry, Broken):
        return False
    speaks_to_us = source.account_id is not None and entry.kind in ADDRESSED
    return not (speaks_to_us and entry.created_at is not None and entry.created_at > erased_at)


def store_mended(event: RawEvent, entry: Incoming) -> bool:
    """The mention of an event that was mended, in the transaction of the caller. False: it was there already."""
    lock_queries()
    there = as_changed(event.source, without_erased(event.source, [entry]))[0]
    if not there:
        event.delete()
        return False
    entry = next((one for one in there if isinstance(one, Incoming)), entry)
    own = {entry.external_id} if queries.is_own(entry, queries.own_handles()) else set()
    mentions = _store_mentions(
        event.source, {entry.external_id: entry}, own, {entry.external_id: event.pk}, clock.now()
    )
    _match(event.source, [(number, entry) for key, number in mentions.items() if key not in own])
    return bool(mentions)


def store_matches(matcher: AnyMatcher[int], posts: Iterable[tuple[int, Post]]) -> set[int]:
    """Write down which queries meet which mentions, given by their ids. The mentions that any query met."""
    posts = list(posts)
    met = matcher.match_many(post for _mention, post in posts)
    pairs = [(query, mention) for (mention, _post), found in zip(posts, met, strict=True) for query in found]
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_MATCHES, [[query for query, _ in pairs], [mention for _, mention in pairs]])
    return {mention for _, mention in pairs}
