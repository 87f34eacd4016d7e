"""Of a flood only what a saved query meets is kept, and of nobody more than a house can want."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from koor.flow.listening import queries
from koor.flow.listening.actions.changing import CHANGES
from koor.flow.listening.choices import EventState
from koor.flow.listening.logic.media import media_of
from koor.flow.listening.logic.post import Post
from koor.flow.listening.logic.reading import Entry
from koor.flow.listening.models import Mention, RawEvent, Source
from koor.ground.channels.contract import Broken, Incoming
from koor.kernel import clock

OF_ONE = 30  # posts a minute of one author that are kept from a flood
MOST_BROKEN = 200  # an hour and source that are kept to be mended
AN_HOUR = timedelta(hours=1)
_counted: dict[int, tuple[int, Counter[str]]] = {}  # by source: the minute, and how many of whom


def chosen(source: Source, items: Sequence[Incoming]) -> list[Incoming]:
    """What a query meets, and changes of what is here. `author:` knows only what the stream tells of who it is."""
    platform = queries.platform_of(source)
    asked = [one for one in items if one.kind not in CHANGES]
    found = queries.matcher().match_many(_post(one, source.name, platform) for one in asked)
    met = {id(one) for one, names in zip(asked, found, strict=True) if names and _within(source.pk, _who(one))}
    return [one for one in items if one.kind in CHANGES or id(one) in met]


def _post(one: Incoming, name: str, platform: str) -> Post:
    return Post(one.text, one.author, one.handle, one.language, name, platform, media_of(one))


def _who(one: Incoming) -> str:
    return one.handle or one.author


def _within(source: int, who: str) -> bool:
    minute = int(clock.now().timestamp()) // 60
    at, counts = _counted.get(source, (0, Counter[str]()))
    if at != minute:
        counts = Counter()
        _counted[source] = minute, counts
    counts[who] += 1
    return counts[who] <= OF_ONE


def about_ours(source: Source, items: Iterable[Incoming], coming: Callable[[], set[str]] = set) -> list[Incoming]:
    """Without changes of what is not here: a stream tells of the changes of everybody. `coming`: what is said in
    messages that wait to be read."""
    items = list(items)
    told = {one.in_reply_to for one in items if one.kind in CHANGES}
    here = {one.external_id for one in items if one.kind not in CHANGES}
    if told - here:
        rows = Mention.objects.filter(source=source, external_id__in=told)
        here |= set(rows.values_list("external_id", flat=True))
    if told - here:
        here |= coming()
    return [one for one in items if one.kind not in CHANGES or one.in_reply_to in here]


def with_room(source: Source, entries: Sequence[Entry]) -> list[Entry]:
    """The entries, of the broken ones no more than are kept in an hour: nobody mends ten thousand."""
    if not any(isinstance(one, Broken) for one in entries):
        return list(entries)
    since = clock.now() - AN_HOUR
    kept = RawEvent.objects.filter(source=source, state=EventState.QUARANTINED, received_at__gt=since)
    room, found = MOST_BROKEN - kept.count(), list[Entry]()
    for one in entries:
        if isinstance(one, Broken):
            room -= 1
            if room < 0:
                continue
        found.append(one)
    return found
