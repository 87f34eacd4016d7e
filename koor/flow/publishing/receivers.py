"""What publishing hears from the rooms below."""

from koor.flow.calendar.events import SlotMoved
from koor.flow.publishing.actions.deliver import wake_account
from koor.flow.publishing.actions.release import follow_slot
from koor.ground.channels.events import AccountResumed
from koor.kernel.events import hears


@hears(SlotMoved)
def move_along(fact: SlotMoved) -> None:
    follow_slot(fact.slot_id)


@hears(AccountResumed)
def go_on(fact: AccountResumed) -> None:
    wake_account(fact.account_id)
