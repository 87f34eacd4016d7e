"""Jobs of the contacts room."""

from koor.kernel import jobs
from koor.kernel.access import SYSTEM


@jobs.task("contacts.join_on_proof")
def join_on_proof(contact: int) -> None:
    from koor.ground.contacts import actions

    actions.join_on_proof(by=SYSTEM, contact_id=contact)
