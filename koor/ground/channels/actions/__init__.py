"""Writes of the channels room: accounts and who may use them, connecting them on a platform's page, their tokens."""

from koor.ground.channels.actions.accounts import add_account as add_account
from koor.ground.channels.actions.accounts import change_secrets as change_secrets
from koor.ground.channels.actions.accounts import connect_again as connect_again
from koor.ground.channels.actions.accounts import disconnect_account as disconnect_account
from koor.ground.channels.actions.accounts import edit_account as edit_account
from koor.ground.channels.actions.accounts import hand_over as hand_over
from koor.ground.channels.actions.accounts import look_at as look_at
from koor.ground.channels.actions.accounts import look_soon as look_soon
from koor.ground.channels.actions.accounts import note_health as note_health
from koor.ground.channels.actions.accounts import pause_account as pause_account
from koor.ground.channels.actions.accounts import resume_account as resume_account
from koor.ground.channels.actions.accounts import set_member as set_member
from koor.ground.channels.actions.asked import try_account as try_account
from koor.ground.channels.actions.asked import try_secrets as try_secrets
from koor.ground.channels.actions.connecting import arrive as arrive
from koor.ground.channels.actions.connecting import begin_connecting as begin_connecting
from koor.ground.channels.actions.connecting import connect_again_by as connect_again_by
from koor.ground.channels.actions.connecting import connect_chosen as connect_chosen
from koor.ground.channels.actions.connecting import sweep_connecting as sweep_connecting
from koor.ground.channels.actions.registering import forget_application as forget_application
from koor.ground.channels.actions.registering import register_application as register_application
from koor.ground.channels.actions.renewing import fresh_tokens as fresh_tokens
