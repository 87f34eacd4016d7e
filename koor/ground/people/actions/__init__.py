"""Writes of the people room, one verb a function."""

from koor.ground.people.actions.absences import change_absence, declare_absence, end_absence
from koor.ground.people.actions.alerts import hear_alerts, mute_device, set_quiet, try_alert
from koor.ground.people.actions.house import (
    add_discipline,
    change_house,
    make_house,
    remove_discipline,
    rename_discipline,
    set_logo,
)
from koor.ground.people.actions.invitations import accept_invitation, invite, refuse_unless_open, withdraw_invitation
from koor.ground.people.actions.lists import checked_rows as checked_colleagues
from koor.ground.people.actions.lists import keep_draft, read_colleagues, take_in_colleagues
from koor.ground.people.actions.managing import (
    add_person,
    arrange_person,
    change_autonomy,
    change_buddy,
    change_email,
    change_roles,
    let_back,
    let_go,
    move_to_discipline,
)
from koor.ground.people.actions.profile import declare_skill, edit_profile, set_picture, withdraw_skill
from koor.ground.people.actions.provider import come_in, forget_links, look_at_provider, remove_provider, set_provider
from koor.ground.people.actions.teams import (
    change_rota,
    change_team,
    end_group,
    join,
    leave,
    make_rota,
    make_team,
    turn_earlier,
)
from koor.ground.people.actions.tokens import make_token, note_token_use, revoke_token

__all__ = [
    "accept_invitation",
    "add_discipline",
    "add_person",
    "arrange_person",
    "change_absence",
    "change_autonomy",
    "change_buddy",
    "change_email",
    "change_house",
    "change_roles",
    "change_rota",
    "change_team",
    "checked_colleagues",
    "come_in",
    "declare_absence",
    "declare_skill",
    "edit_profile",
    "end_absence",
    "end_group",
    "forget_links",
    "hear_alerts",
    "invite",
    "join",
    "keep_draft",
    "leave",
    "let_back",
    "let_go",
    "look_at_provider",
    "make_house",
    "make_rota",
    "make_team",
    "make_token",
    "move_to_discipline",
    "mute_device",
    "note_token_use",
    "read_colleagues",
    "refuse_unless_open",
    "remove_discipline",
    "remove_provider",
    "rename_discipline",
    "revoke_token",
    "set_logo",
    "set_picture",
    "set_provider",
    "set_quiet",
    "take_in_colleagues",
    "try_alert",
    "turn_earlier",
    "withdraw_invitation",
    "withdraw_skill",
]
