"""Of a flood only what a saved query meets is kept, and of nobody more than a house can want."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from koor.flow.listening import queries
from koor.flow.listening.actions.changing import CHANGES
from koor.flow.listening.actions.storing import with_few_broken
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
MOST_COUNTED = 20_000  # minutes of authors that are remembered
_counted: OrderedDict[tuple[int, str, int], set[str]] = OrderedDict()  # which posts, by source, author and minute
_counting = threading.Lock()  # each line is a thread


def chosen(source: Source, items: Sequence[Incoming]) -> list[Incoming]:
    """What a query meets, and changes of what is here. `author:` knows only what the stream tells of who it is."""
    platform = queries.platform_of(source)
    asked = [one for one in items if one.kind not in CHANGES]
    found = queries.matcher().match_many(_post(one, source.name, platform) for one in asked)
    met = {id(one) for one, names in zip(asked, found, strict=True) if names and _within(source.pk, one)}
    return [one for one in items if one.kind in CHANGES or id(one) in met]


def _post(one: Incoming, name: str, platform: str) -> Post:
    return Post(one.text, one.author, one.handle, one.language, name, platform, media_of(one))


def _within(source: int, one: Incoming) -> bool:
    """By the minute in which it was said, for a gap of hours is fetched in a moment; what is read twice counts once."""
    minute = int((one.created_at or clock.now()).timestamp()) // 60
    key = source, one.handle or one.author, minute
    with _counting:
        posts = _counted.setdefault(key, set())
        _counted.move_to_end(key)
        if len(_counted) > MOST_COUNTED:
            _counted.popitem(last=False)
        if len(posts) < OF_ONE:
            posts.add(one.external_id)
        return one.external_id in posts


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
    return with_few_broken(entries, MOST_BROKEN - kept.count())
