"""What the people room hears: its own facts, for who asked for messages on their phone."""

from koor.ground.people.actions.alerts import tell_step
from koor.ground.people.events import AutonomyChanged
from koor.kernel.events import hears


@hears(AutonomyChanged)
def changed(fact: AutonomyChanged) -> None:
    tell_step(fact.person_id)
