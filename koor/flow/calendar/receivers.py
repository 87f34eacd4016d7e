"""What the calendar hears from below."""

from koor.flow.calendar import actions
from koor.ground.people.events import PersonLeft
from koor.kernel.access import SYSTEM
from koor.kernel.events import hears


@hears(PersonLeft)
def hand_over(fact: PersonLeft) -> None:
    actions.hand_over(by=SYSTEM, person_id=fact.person_id, to_id=fact.to_id)
