"""When a source was not listened to: noted when it is listened to again, and filled forward."""

from __future__ import annotations

from datetime import datetime, timedelta

from koor.flow.listening.choices import SourceKind
from koor.flow.listening.models import Away, Source

# Between two visits that worked; a line is seen open every fifteen seconds
USUAL = {SourceKind.FEED: timedelta(minutes=45), SourceKind.ACCOUNT: timedelta(minutes=10)}
A_LINE = timedelta(seconds=60)
KEPT = 20  # of a source


def note_away(source: Source, since: datetime, until: datetime, *, by_visits: bool = False) -> None:
    """Nobody listened in between, if that was longer than usual."""
    usual = USUAL[SourceKind(source.kind)] if by_visits else A_LINE
    if until - since <= usual:
        return
    Away.objects.create(source=source, since=since, until=until)
    old = Away.objects.filter(source=source).order_by("-until", "-pk").values("pk")[KEPT:]
    Away.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()


def note_filled(source: Source, stored: int, *, done: bool, lost: bool = False) -> None:
    """What came in counts for the gap that is being filled, until it is."""
    found = Away.objects.filter(source=source, whole=None).order_by("-pk").first()
    if found is None:
        return
    found.mentions += stored
    if lost or done:
        found.whole = not lost
    if stored or lost or done:
        found.save(update_fields=["mentions", "whole"])
