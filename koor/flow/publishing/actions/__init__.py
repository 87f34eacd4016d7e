"""Writes of publishing, one verb a function."""

from koor.flow.publishing.actions.alike import confirm_alike
from koor.flow.publishing.actions.answer import record_past_post, reply
from koor.flow.publishing.actions.archiving import bring_in, drop_archive, hide_said, read_archive, show_said
from koor.flow.publishing.actions.by_hand import note_effect
from koor.flow.publishing.actions.checks import Fresh
from koor.flow.publishing.actions.comment import comment_on_post
from koor.flow.publishing.actions.content import picture_to_save
from koor.flow.publishing.actions.correcting import correct_post, tell_corrected
from koor.flow.publishing.actions.examples import keep_example
from koor.flow.publishing.actions.heard import heard_no, heard_of
from koor.flow.publishing.actions.linking import choose_link, count_click, drop_tags, keep_tags, set_manner
from koor.flow.publishing.actions.newsletter import (
    ask_for_newsletter,
    bring_in_readers,
    say_yes,
    stop_newsletter,
    take_off,
)
from koor.flow.publishing.actions.pausing import end_pause, pause_accounts, release_held, release_many, speak
from koor.flow.publishing.actions.release import (
    agree,
    approve_post,
    ask_to_read,
    cancel_target,
    let_go,
    let_go_new,
    release_post,
    reschedule,
    retry,
    send_to_buddy,
    take_back,
)
from koor.flow.publishing.actions.remove import take_down, tell_removed
from koor.flow.publishing.actions.repeat import go_on_with_series, pause_series, repeat_post, stop_series
from koor.flow.publishing.actions.settle import (
    hold_publishing,
    leave_target,
    link_target,
    resume_publishing,
    send_again,
)
from koor.flow.publishing.actions.share import (
    decline_offer,
    go_round,
    more_of,
    offer_to,
    pass_on,
    posted_by_hand,
    reopen_offer,
    share_on,
    share_what_is_up,
    stop_sharing,
    take_offer,
)
from koor.flow.publishing.actions.undelivered import came_back
from koor.flow.publishing.actions.versions import MEANWHILE, agree_seen, approve_seen, edit_seen
from koor.flow.publishing.actions.write import (
    KEEP,
    create_post,
    edit_post,
    restore_post,
    withdraw_post,
)

__all__ = [
    "KEEP",
    "MEANWHILE",
    "Fresh",
    "agree",
    "agree_seen",
    "approve_post",
    "approve_seen",
    "ask_for_newsletter",
    "ask_to_read",
    "bring_in",
    "bring_in_readers",
    "came_back",
    "cancel_target",
    "choose_link",
    "comment_on_post",
    "confirm_alike",
    "correct_post",
    "count_click",
    "create_post",
    "decline_offer",
    "drop_archive",
    "drop_tags",
    "edit_post",
    "edit_seen",
    "end_pause",
    "go_on_with_series",
    "go_round",
    "heard_no",
    "heard_of",
    "hide_said",
    "hold_publishing",
    "keep_example",
    "keep_tags",
    "leave_target",
    "let_go",
    "let_go_new",
    "link_target",
    "more_of",
    "note_effect",
    "offer_to",
    "pass_on",
    "pause_accounts",
    "pause_series",
    "picture_to_save",
    "posted_by_hand",
    "read_archive",
    "record_past_post",
    "release_held",
    "release_many",
    "release_post",
    "reopen_offer",
    "repeat_post",
    "reply",
    "reschedule",
    "restore_post",
    "resume_publishing",
    "retry",
    "say_yes",
    "send_again",
    "send_to_buddy",
    "set_manner",
    "share_on",
    "share_what_is_up",
    "show_said",
    "speak",
    "stop_newsletter",
    "stop_series",
    "stop_sharing",
    "take_back",
    "take_down",
    "take_off",
    "take_offer",
    "tell_corrected",
    "tell_removed",
    "withdraw_post",
]
