"""Jobs of the relations room."""

from koor.kernel import jobs
from koor.kernel.access import SYSTEM


@jobs.task("relations.send_lead_out")
def send_lead_out(sending: int) -> None:
    from koor.flow.relations import actions

    actions.deliver_lead(by=SYSTEM, sending_id=sending)


@jobs.every("*/2 * * * *", "relations.sweep_leads")
def sweep_leads(timestamp: int) -> None:
    from koor.flow.relations import actions

    actions.sweep_leads(by=SYSTEM)
