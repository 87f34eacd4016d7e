"""What somebody took back, said otherwise, or was erased with, stands on no line and in no story."""

import pytest

from koor.flow.conversations import actions as conversations
from koor.flow.relations import actions
from koor.ground.governance import actions as governance
from koor.ground.people import actions as people
from koor.kernel import personal
from koor.kernel.access import SYSTEM
from koor.kernel.personal import erasing

pytestmark = pytest.mark.django_db
WANTS = "a heat pump for the school"


@pytest.fixture
def talk(karin, anneke, rob):
    governance.set_responsibility(by=SYSTEM, purpose="sales", person=rob, agreed="Rob belt terug")
    said = "Wat kost een warmtepomp?"
    return conversations.tell_by_hand(by=anneke, contact=karin, channel="telephone", direction="in", text=said)


def test_an_erased_colleague_is_not_in_the_story_any_more(karin, talk, anneke, rob, marloes):
    conversations.answer(by=anneke, conversation=talk, text=f"{rob.name} en {anneke.name} komen langs.")
    row = actions.make_lead(by=anneke, contact=karin, conversation=talk, wants=WANTS)
    name = anneke.name
    assert [one["who"] for one in row.story][-1] == name
    people.let_go(by=marloes, person=anneke)
    erasing.erase(personal.subject("colleague", anneke.pk))
    row.refresh_from_db()
    assert [one["who"] for one in row.story][-1] == "[…]"
    assert row.story[-1]["said"] == f"{rob.name} en […] komen langs."
