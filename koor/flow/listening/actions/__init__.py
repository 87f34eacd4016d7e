"""Writes of listening: what comes in is stored once, saved queries are held against it, people mark it."""

from koor.flow.listening.actions.asking import add_query, edit_query, look_back, pause_query, resume_query
from koor.flow.listening.actions.bringing_in import begin_import, go_on_importing, import_file, take_up_imports
from koor.flow.listening.actions.bursting import judge_burst, watch, watch_soon
from koor.flow.listening.actions.changing import forget_old_changes
from koor.flow.listening.actions.counting import fold_counts, fold_days, recount
from koor.flow.listening.actions.delivered import (
    note_greeted,
    note_refused,
    read_delivered,
    read_waiting,
    read_while_it_storms,
    take_delivery,
)
from koor.flow.listening.actions.enclosing import open_again, open_enclosure, open_waiting
from koor.flow.listening.actions.exporting import export
from koor.flow.listening.actions.fetching import fetch, fetch_now
from koor.flow.listening.actions.hearing import hold_lines
from koor.flow.listening.actions.marking import MOST_AT_ONCE, keep_in_library, mark, mark_many, note_wish
from koor.flow.listening.actions.marking_all import forget_markings, go_on_marking, mark_all, take_marking_back
from koor.flow.listening.actions.mending import (
    drop_event,
    drop_events,
    replay_event,
    replay_events,
    restore_event,
    restore_events,
)
from koor.flow.listening.actions.proposing import promise, propose
from koor.flow.listening.actions.removing import (
    forget_removed_queries,
    remove_query,
    remove_source,
    restore_query,
    restore_source,
    take_along,
)
from koor.flow.listening.actions.repeats import forget_fingerprints
from koor.flow.listening.actions.sources import (
    add_source,
    edit_source,
    listen_to_account,
    pause_source,
    resume_source,
)
from koor.flow.listening.actions.speaking import tell_language
from koor.flow.listening.actions.spooling import read_spooled
from koor.flow.listening.actions.storing import Tally, store_entries
from koor.flow.listening.actions.teaching import teach, word
from koor.flow.listening.actions.topics import change_topic, dismiss_topic, name_topic, sort_by_topic, tell_topic
from koor.flow.listening.actions.viewing import drop_view, keep_view
from koor.flow.listening.actions.wanting import note_wish_of_many, put_away_question, question_after_all

__all__ = [
    "MOST_AT_ONCE",
    "Tally",
    "add_query",
    "add_source",
    "begin_import",
    "change_topic",
    "dismiss_topic",
    "drop_event",
    "drop_events",
    "drop_view",
    "edit_query",
    "edit_source",
    "export",
    "fetch",
    "fetch_now",
    "fold_counts",
    "fold_days",
    "forget_fingerprints",
    "forget_markings",
    "forget_old_changes",
    "forget_removed_queries",
    "go_on_importing",
    "go_on_marking",
    "hold_lines",
    "import_file",
    "judge_burst",
    "keep_in_library",
    "keep_view",
    "listen_to_account",
    "look_back",
    "mark",
    "mark_all",
    "mark_many",
    "name_topic",
    "note_greeted",
    "note_refused",
    "note_wish",
    "note_wish_of_many",
    "open_again",
    "open_enclosure",
    "open_waiting",
    "pause_query",
    "pause_source",
    "promise",
    "propose",
    "put_away_question",
    "question_after_all",
    "read_delivered",
    "read_spooled",
    "read_waiting",
    "read_while_it_storms",
    "recount",
    "remove_query",
    "remove_source",
    "replay_event",
    "replay_events",
    "restore_event",
    "restore_events",
    "restore_query",
    "restore_source",
    "resume_query",
    "resume_source",
    "sort_by_topic",
    "store_entries",
    "take_along",
    "take_delivery",
    "take_marking_back",
    "take_up_imports",
    "teach",
    "tell_language",
    "tell_topic",
    "watch",
    "watch_soon",
    "word",
]
