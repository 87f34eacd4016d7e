"""What the channels room hears from below."""

from koor.ground.channels import actions
from koor.ground.people.events import PersonLeft
from koor.kernel.events import hears


@hears(PersonLeft)
def hand_over(fact: PersonLeft) -> None:
    actions.hand_over(person_id=fact.person_id, to_id=fact.to_id)
