"""Rules in their order: changed, moved, paused, taken away; also when two do it at once."""

import pytest

from koor.flow.conversations import actions
from koor.flow.conversations.models import Rule
from koor.kernel.access import NotFound, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(marloes, anneke, bram, henk):
    people = (anneke, bram, henk)
    return [
        actions.add_rule(by=marloes, when={"words": word}, ask=[("person", one.pk)])
        for word, one in zip(("storing", "storing OR kapot", "factuur"), people, strict=True)
    ]


def order():
    return list(Rule.objects.values_list("pk", flat=True))


def test_the_first_that_holds_decides(opened, three, marloes, anneke, bram):
    first, second, third = three
    assert opened("Storing", by="Els Vos").assignee == anneke
    actions.move_rule(by=marloes, rule=second, up=True)
    assert order() == [second.pk, first.pk, third.pk]
    assert opened("Storing", by="Jan Pot").assignee == bram
    actions.move_rule(by=marloes, rule=second, up=True)  # it is the first already
    actions.move_rule(by=marloes, rule=third, up=False)  # and this one the last
    assert order() == [second.pk, first.pk, third.pk]


def test_paused_does_not_hold(opened, three, marloes, bram, anneke):
    actions.set_rule(by=marloes, rule=three[0], active=False)
    assert opened("Storing", by="Els Vos").assignee == bram
    actions.set_rule(by=marloes, rule=three[0], active=True)
    assert opened("Storing", by="Jan Pot").assignee == anneke


def test_one_whose_colleague_left_does_not_hold_again(three, marloes, anneke):
    actions.set_rule(by=marloes, rule=three[0], active=False)
    anneke.is_active = False
    anneke.save()
    with pytest.raises(Refused):
        actions.set_rule(by=marloes, rule=three[0], active=True)


def test_changed_and_taken_away_is_told(three, marloes, henk):
    actions.change_rule(by=marloes, rule=three[0], when={"words": "lek*"}, ask=[("person", henk.pk)])
    actions.change_rule(by=marloes, rule=three[0], when={"words": "lek*"}, ask=[("person", henk.pk)])
    three[0].refresh_from_db()
    assert three[0].when == {"words": "lek*"}
    actions.remove_rule(by=marloes, rule=three[0])
    verbs = list(AuditEntry.objects.filter(verb__endswith="_rule").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["conversations.add_rule"] * 3 + ["conversations.change_rule", "conversations.remove_rule"]
    with pytest.raises(NotFound):
        actions.remove_rule(by=marloes, rule=three[0])


def test_paused_twice_is_paused_once(three, marloes):
    for _click in range(2):
        actions.set_rule(by=marloes, rule=three[0], active=False)
    assert AuditEntry.objects.filter(verb="conversations.pause_rule").count() == 1
