"""Writes of the relations room."""

from koor.flow.relations.actions.after import pass_after, told_after, undo_after, write_after
from koor.flow.relations.actions.following import (
    follow_capture,
    follow_mention,
    follow_message,
    follow_project,
    forget_capture,
    forget_message,
)
from koor.flow.relations.actions.line import (
    forget_source,
    forget_touch,
    note_touch,
    put_off,
    record_touch,
    set_rhythm,
)

__all__ = [
    "follow_capture",
    "follow_mention",
    "follow_message",
    "follow_project",
    "forget_capture",
    "forget_message",
    "forget_source",
    "forget_touch",
    "note_touch",
    "pass_after",
    "put_off",
    "record_touch",
    "set_rhythm",
    "told_after",
    "undo_after",
    "write_after",
]
