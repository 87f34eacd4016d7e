"""Voice notes with what was noted."""

from collections.abc import Iterable

from koor.flow.conversations.models import Recording


def recordings_of(message_ids: Iterable[int]) -> dict[int, Recording]:
    """By message. One query; none without messages."""
    wanted = list(message_ids)
    rows = Recording.objects.filter(message__in=wanted).select_related("file") if wanted else ()
    return {row.message_id: row for row in rows}
