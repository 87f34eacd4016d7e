"""Jobs of the governance room."""

from koor.ground.governance import actions
from koor.kernel import jobs
from koor.kernel.access import SYSTEM


@jobs.task("governance.make_export", queue="upkeep", retry=3)
def make_export(export: int) -> None:
    actions.personal.make_export(by=SYSTEM, export_id=export)


@jobs.task("governance.erase", queue="upkeep", retry=5)
def erase(erasing: int) -> None:
    actions.erasing.erase(by=SYSTEM, erasing_id=erasing)


@jobs.every("23 3 * * *", "governance.forget_exports", queue="upkeep")
def forget_exports(timestamp: int) -> None:
    actions.personal.forget_exports(by=SYSTEM)


@jobs.every("47 3 * * *", "governance.end_terms", queue="upkeep")
def end_terms(timestamp: int) -> None:
    actions.terms.end_terms(by=SYSTEM)
