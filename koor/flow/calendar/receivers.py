"""What the calendar hears from below."""

from koor.flow.calendar import actions
from koor.flow.calendar.actions import alerts
from koor.flow.calendar.events import AgreementMade, ChangeProposed, ColleagueAsked
from koor.ground.people.events import PersonLeft
from koor.kernel.access import SYSTEM
from koor.kernel.events import hears


@hears(PersonLeft)
def hand_over(fact: PersonLeft) -> None:
    actions.hand_over(by=SYSTEM, person_id=fact.person_id, to_id=fact.to_id)


@hears(ChangeProposed)
def proposed(fact: ChangeProposed) -> None:
    alerts.tell_proposal(fact.change_id)


@hears(AgreementMade)
def agreed(fact: AgreementMade) -> None:
    alerts.tell_agreed(fact.agreement_id)


@hears(ColleagueAsked)
def asked(fact: ColleagueAsked) -> None:
    alerts.tell_ask(fact.ask_id)
