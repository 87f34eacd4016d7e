"""Writes of the hub, one verb a function."""

from koor.flow.hub.actions.answer_links import answer_by_link
from koor.flow.hub.actions.blurring import (
    agree_faces,
    blur_faces,
    forget_unblurred,
    look_for_faces,
    open_unblurred,
    restore_unblurred,
    tell_unseen,
)
from koor.flow.hub.actions.captures import (
    add_picture,
    capture,
    develop_capture,
    erase_withdrawn,
    restore_capture,
    withdraw_capture,
)
from koor.flow.hub.actions.collections import (
    edit_collection,
    make_collection,
    move_in,
    put_in,
    remove_collection,
    restore_collection,
    take_out,
)
from koor.flow.hub.actions.comparing import compare_pictures
from koor.flow.hub.actions.consent import add_portrayed, end_terms, record_consent, remove_portrayed, tell_who
from koor.flow.hub.actions.copies import compare_again, keep_both, keep_one
from koor.flow.hub.actions.crops import cropped, drop_picture, drop_pictures, forget_crops, set_focus
from koor.flow.hub.actions.documents import add_document, pages_as_pictures
from koor.flow.hub.actions.examples import choose_example, decline_example, remove_example
from koor.flow.hub.actions.faces import show_face, show_logo
from koor.flow.hub.actions.films import add_medium, develop_medium
from koor.flow.hub.actions.giving_up import give_up, try_capture_again, try_medium_again
from koor.flow.hub.actions.ideas import move_idea, want_too
from koor.flow.hub.actions.items import (
    add_text_item,
    describe_pictures,
    edit_item,
    keep_find,
    keep_item,
    keep_post,
    note_use,
    reconsider_item,
    shelve_item,
)
from koor.flow.hub.actions.links import name_link
from koor.flow.hub.actions.mailbox import make_address, read_mailbox, set_mailbox, try_mailbox
from koor.flow.hub.actions.mailed import confirm_letter, discard_letter, forget_letters, keep_letter
from koor.flow.hub.actions.occasions import pass_occasion, remove_occasion, switch_occasion, write_occasion
from koor.flow.hub.actions.prompts import Ground, answer_prompt, ask_colleagues, close_prompt, keep_answer
from koor.flow.hub.actions.removing import erase_removed, remove_item, restore_item
from koor.flow.hub.actions.signing import Signed, ask_to_sign, decline, sign, withdraw_consent
from koor.flow.hub.actions.wishes import answer_wish, close_wish, merge_wishes, note_wish, part_wish

__all__ = [
    "Ground",
    "Signed",
    "add_document",
    "add_medium",
    "add_picture",
    "add_portrayed",
    "add_text_item",
    "agree_faces",
    "answer_by_link",
    "answer_prompt",
    "answer_wish",
    "ask_colleagues",
    "ask_to_sign",
    "blur_faces",
    "capture",
    "choose_example",
    "close_prompt",
    "close_wish",
    "compare_again",
    "compare_pictures",
    "confirm_letter",
    "cropped",
    "decline",
    "decline_example",
    "describe_pictures",
    "develop_capture",
    "develop_medium",
    "discard_letter",
    "drop_picture",
    "drop_pictures",
    "edit_collection",
    "edit_item",
    "end_terms",
    "erase_removed",
    "erase_withdrawn",
    "forget_crops",
    "forget_letters",
    "forget_unblurred",
    "give_up",
    "keep_answer",
    "keep_both",
    "keep_find",
    "keep_item",
    "keep_letter",
    "keep_one",
    "keep_post",
    "look_for_faces",
    "make_address",
    "make_collection",
    "merge_wishes",
    "move_idea",
    "move_in",
    "name_link",
    "note_use",
    "note_wish",
    "open_unblurred",
    "pages_as_pictures",
    "part_wish",
    "pass_occasion",
    "put_in",
    "read_mailbox",
    "reconsider_item",
    "record_consent",
    "remove_collection",
    "remove_example",
    "remove_item",
    "remove_occasion",
    "remove_portrayed",
    "restore_capture",
    "restore_collection",
    "restore_item",
    "restore_unblurred",
    "set_focus",
    "set_mailbox",
    "shelve_item",
    "show_face",
    "show_logo",
    "sign",
    "switch_occasion",
    "take_out",
    "tell_unseen",
    "tell_who",
    "try_capture_again",
    "try_mailbox",
    "try_medium_again",
    "want_too",
    "withdraw_capture",
    "withdraw_consent",
    "write_occasion",
]
