"""`koor route explain`: each step with whom it asks, the rules with what of them does not hold, and no write."""

import pytest

from koor.flow.conversations import actions
from koor.flow.conversations.models import Assignment
from koor.kernel.access import NotFound

pytestmark = pytest.mark.django_db


def test_step_by_step(opened, knows, henk, anneke, marloes):
    actions.add_rule(by=marloes, when={"words": "boven", "language": "en"}, ask=[("person", anneke.pk)])
    knows(henk)
    conversation = opened("Boven blijft het koud.")
    told = actions.explained(conversation.pk)
    assert (told["with"], told["ground"]) == ("Henk Oonk", "knows")
    assert told["reason"] == "With Henk, who knows Fatma."
    assert [step["ground"] for step in told["steps"]][-1] == "knows"
    assert told["steps"][-1] == {"ground": "knows", "asked": ["Henk Oonk"], "decides": True}
    (rule,) = told["rules"]
    assert rule["sentence"].startswith("When somebody writes and it holds boven and it is in English, then ask Anneke")
    assert (rule["holds"], rule["unmet"]) == (False, ["language"])
    assert told["anew"]["with"] == "Henk Oonk"
    actions.not_for_me(by=henk, conversation=conversation)
    after = actions.explained(conversation.pk)
    assert (
        after["reason"] == after["anew"]["reason"] == "Not sure whose this is. The curator decides. Henk passed it on."
    )


def test_nothing_is_written_and_what_was_decided_by_hand_is_told_beside_it(opened, marloes, anneke):
    conversation = opened("Hallo", by="Els Vos")
    actions.assign(by=marloes, conversation=conversation, person=anneke)
    before = Assignment.objects.count()
    told = actions.explained(conversation.pk)
    conversation.refresh_from_db()
    assert (told["with"], told["anew"]["ground"], told["anew"]["with"]) == ("Anneke Boschker", "unsure", None)
    assert conversation.assignee == anneke
    assert Assignment.objects.count() == before


def test_one_that_is_not_there(house):
    with pytest.raises(NotFound):
        actions.explained(999_999)
