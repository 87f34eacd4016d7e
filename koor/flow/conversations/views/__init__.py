"""Pages of the conversations room: Talk in front, the inbox backstage, and what one does on both."""

from koor.flow.conversations.views.deeds import (
    answer,
    assign,
    by_hand,
    change,
    finish,
    handed,
    known,
    name_person,
    not_for_me,
    note,
    of_mention,
    reopen,
    snooze,
    take,
    wish,
)
from koor.flow.conversations.views.door import at_line
from koor.flow.conversations.views.lines import close_line, line, lines, new_line_link, open_line
from koor.flow.conversations.views.live import live
from koor.flow.conversations.views.pages import begin, inbox, inbox_one, talk, talk_one

__all__ = [
    "answer",
    "assign",
    "at_line",
    "begin",
    "by_hand",
    "change",
    "close_line",
    "finish",
    "handed",
    "inbox",
    "inbox_one",
    "known",
    "line",
    "lines",
    "live",
    "name_person",
    "new_line_link",
    "not_for_me",
    "note",
    "of_mention",
    "open_line",
    "reopen",
    "snooze",
    "take",
    "talk",
    "talk_one",
    "wish",
]
