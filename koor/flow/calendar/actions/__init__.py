"""Writes of the calendar, one verb a function."""

from koor.flow.calendar.actions.agreements import (
    agree,
    decline_change,
    end_agreement,
    propose_agreement,
    propose_change,
)
from koor.flow.calendar.actions.campaigns import change_campaign, plan_campaign, remove_campaign
from koor.flow.calendar.actions.feeds import close_feed, note_feed_use, open_feed
from koor.flow.calendar.actions.filling import ask_colleague, lay_out, move_into, put_away, say_yes
from koor.flow.calendar.actions.giving import see_given
from koor.flow.calendar.actions.holidays import (
    add_holidays,
    choose_region,
    erase_removed_holidays,
    read_again,
    read_all_again,
    remove_holidays,
    restore_holidays,
)
from koor.flow.calendar.actions.leaving import hand_over
from koor.flow.calendar.actions.lists import checked_plan, read_plan, take_in_plan
from koor.flow.calendar.actions.rhythm import add_posting_time, remove_posting_time
from koor.flow.calendar.actions.rolling import roll_agreement, roll_all, roll_by_itself
from koor.flow.calendar.actions.slots import (
    drop_slot,
    edit_slot,
    fill_slot,
    follow_post,
    leave_unready,
    let_go_of_item,
    move_slot,
    plan_slot,
    restore_slot,
    slot_for,
    take_slot,
    unfill_slot,
)

__all__ = [
    "add_holidays",
    "add_posting_time",
    "agree",
    "ask_colleague",
    "change_campaign",
    "checked_plan",
    "choose_region",
    "close_feed",
    "decline_change",
    "drop_slot",
    "edit_slot",
    "end_agreement",
    "erase_removed_holidays",
    "fill_slot",
    "follow_post",
    "hand_over",
    "lay_out",
    "leave_unready",
    "let_go_of_item",
    "move_into",
    "move_slot",
    "note_feed_use",
    "open_feed",
    "plan_campaign",
    "plan_slot",
    "propose_agreement",
    "propose_change",
    "put_away",
    "read_again",
    "read_all_again",
    "read_plan",
    "remove_campaign",
    "remove_holidays",
    "remove_posting_time",
    "restore_holidays",
    "restore_slot",
    "roll_agreement",
    "roll_all",
    "roll_by_itself",
    "say_yes",
    "see_given",
    "slot_for",
    "take_in_plan",
    "take_slot",
    "unfill_slot",
]
