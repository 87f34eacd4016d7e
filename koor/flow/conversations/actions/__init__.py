"""Writes of the conversations room."""

from koor.flow.conversations.actions.acting import act_on, leave_act, undo_act
from koor.flow.conversations.actions.answering import (
    answer,
    mark_failed,
    mark_handed,
    mark_released,
    take_back,
    wait_again,
)
from koor.flow.conversations.actions.arriving import channel_of, hear_all, open_from_mention
from koor.flow.conversations.actions.by_hand import note, note_moment, tell_by_hand
from koor.flow.conversations.actions.closing import finish, keep_known, reopen, snooze, wake_due
from koor.flow.conversations.actions.explaining import explained
from koor.flow.conversations.actions.following import cover_absences, hand_over_from
from koor.flow.conversations.actions.form import set_contact_form, write_in_form
from koor.flow.conversations.actions.handing import assign, cover, make_direct_line, not_for_me, take, tell_where
from koor.flow.conversations.actions.joining import join_histories, part_again
from koor.flow.conversations.actions.line_letters import leave_address, stop_letters
from koor.flow.conversations.actions.lines import (
    change_line,
    close_line,
    did_not_speak,
    find_new_face,
    follow_direct_line,
    greet,
    new_link,
    open_line,
    pass_project_lines_on,
    spoke_with,
)
from koor.flow.conversations.actions.lines_back import leave_line, take_up_line
from koor.flow.conversations.actions.looking import forget_who_looked, look, look_away
from koor.flow.conversations.actions.machines import MACHINES, touch_for_enclosure
from koor.flow.conversations.actions.mentioning import mark_noticed
from koor.flow.conversations.actions.merging import merge, split, unmerge, unsplit
from koor.flow.conversations.actions.naming import name_person
from koor.flow.conversations.actions.ohoh import mark_ohoh
from koor.flow.conversations.actions.on_the_line import write_first, write_on_line
from koor.flow.conversations.actions.products import keep_products
from koor.flow.conversations.actions.promises import (
    ask_the_next,
    hold_all_to_it,
    keep_evenings,
    promise_answer,
    withdraw_promise,
)
from koor.flow.conversations.actions.reading_along import give_back, let_stand
from koor.flow.conversations.actions.rules import add_rule, change_rule, move_rule, remove_rule, set_own_limit, set_rule
from koor.flow.conversations.actions.saved import change_saved, put_saved_back, remove_saved, save_answer
from koor.flow.conversations.actions.told import (
    confirm_read,
    drop_told,
    keep_found,
    keep_promise,
    not_kept_yet,
    notice_repeats,
    put_aside,
    tell,
)
from koor.flow.conversations.actions.too_late import send_template
from koor.flow.conversations.actions.wishing import note_wish

__all__ = [
    "MACHINES",
    "act_on",
    "add_rule",
    "answer",
    "ask_the_next",
    "assign",
    "change_line",
    "change_rule",
    "change_saved",
    "channel_of",
    "close_line",
    "confirm_read",
    "cover",
    "cover_absences",
    "did_not_speak",
    "drop_told",
    "explained",
    "find_new_face",
    "finish",
    "follow_direct_line",
    "forget_who_looked",
    "give_back",
    "greet",
    "hand_over_from",
    "hear_all",
    "hold_all_to_it",
    "join_histories",
    "keep_evenings",
    "keep_found",
    "keep_known",
    "keep_products",
    "keep_promise",
    "leave_act",
    "leave_address",
    "leave_line",
    "let_stand",
    "look",
    "look_away",
    "make_direct_line",
    "mark_failed",
    "mark_handed",
    "mark_noticed",
    "mark_ohoh",
    "mark_released",
    "merge",
    "move_rule",
    "name_person",
    "new_link",
    "not_for_me",
    "not_kept_yet",
    "note",
    "note_moment",
    "note_wish",
    "notice_repeats",
    "open_from_mention",
    "open_line",
    "part_again",
    "pass_project_lines_on",
    "promise_answer",
    "put_aside",
    "put_saved_back",
    "remove_rule",
    "remove_saved",
    "reopen",
    "save_answer",
    "send_template",
    "set_contact_form",
    "set_own_limit",
    "set_rule",
    "snooze",
    "split",
    "spoke_with",
    "stop_letters",
    "take",
    "take_back",
    "take_up_line",
    "tell",
    "tell_by_hand",
    "tell_where",
    "touch_for_enclosure",
    "undo_act",
    "unmerge",
    "unsplit",
    "wait_again",
    "wake_due",
    "withdraw_promise",
    "write_first",
    "write_in_form",
    "write_on_line",
]
