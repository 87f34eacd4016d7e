"""What the calendar hears from below."""

from koor.flow.calendar import actions
from koor.flow.calendar.actions import alerts
from koor.flow.calendar.events import AgreementMade, ChangeProposed, ColleagueAsked, PlacesGiven
from koor.flow.hub.events import ItemRemoved
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


@hears(ItemRemoved)
def not_laid_out_any_more(fact: ItemRemoved) -> None:
    actions.let_go_of_item(by=SYSTEM, item_id=fact.item_id)


@hears(PlacesGiven)
def given(fact: PlacesGiven) -> None:
    alerts.tell_given(fact.slot_id, fact.person_id)
