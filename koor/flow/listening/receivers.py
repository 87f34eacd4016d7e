"""Facts from below."""

from koor.flow.listening import actions
from koor.ground.channels.events import AccountAdded
from koor.kernel.access import SYSTEM
from koor.kernel.events import hears


@hears(AccountAdded)
def listen_to_a_new_account(fact: AccountAdded) -> None:
    actions.listen_to_account(by=SYSTEM, account_id=fact.account_id)
