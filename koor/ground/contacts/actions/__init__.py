"""Writes of the contacts room, one verb a function."""

from koor.ground.contacts.actions.likeness import confirm_handle, join_on_proof, not_the_same
from koor.ground.contacts.actions.lists import checked_rows as checked_contacts
from koor.ground.contacts.actions.lists import read_contacts, take_in_contacts
from koor.ground.contacts.actions.meeting import Met, meet_contact, meet_contacts
from koor.ground.contacts.actions.merging import merge_contacts, undo_merge
from koor.ground.contacts.actions.people import (
    add_contact,
    add_handle,
    edit_contact,
    remove_handle,
)
from koor.ground.contacts.actions.ties import forget_acquaintance, hand_over, introduce, tie, untie
from koor.ground.contacts.actions.work import (
    add_organisation,
    add_project,
    edit_organisation,
    edit_project,
    join_project,
    leave_project,
)

__all__ = [
    "Met",
    "add_contact",
    "add_handle",
    "add_organisation",
    "add_project",
    "checked_contacts",
    "confirm_handle",
    "edit_contact",
    "edit_organisation",
    "edit_project",
    "forget_acquaintance",
    "hand_over",
    "introduce",
    "join_on_proof",
    "join_project",
    "leave_project",
    "meet_contact",
    "meet_contacts",
    "merge_contacts",
    "not_the_same",
    "read_contacts",
    "remove_handle",
    "take_in_contacts",
    "tie",
    "undo_merge",
    "untie",
]
