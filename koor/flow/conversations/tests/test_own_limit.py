"""How much somebody wants in hand: chosen by themselves, kept by routing, and nobody else's business."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions
from koor.flow.conversations.models import OwnLimit
from koor.flow.conversations.queries import reasons
from koor.ground.governance import actions as governance
from koor.kernel.access import SYSTEM, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def service_is_with(db, house):
    def agree(person):
        governance.set_responsibility(by=SYSTEM, purpose="service", person=person, agreed="")

    return agree


def test_who_has_enough_in_hand_is_not_given_more(opened, service_is_with, bram):
    service_is_with(bram)
    actions.set_own_limit(by=bram, most=2)
    assert [opened("Hallo", by=f"Klant{n} Vos").assignee for n in range(3)] == [bram, bram, None]
    third = opened("Hallo", by="Els Pot")
    assert third.reasons == [["unsure", 0], ["full", bram.pk]]
    said = str(reasons.why(third, None, reasons.people_in([third])))
    assert said == "Not sure whose this is. The curator decides. Bram has enough in hand now."


def test_what_is_answered_or_done_counts_no_more(opened, service_is_with, bram):
    service_is_with(bram)
    actions.set_own_limit(by=bram, most=1)
    first = opened("Hallo", by="Els Vos")
    actions.finish(by=bram, conversation=first)
    assert opened("Hallo", by="Jan Pot").assignee == bram


def test_whoever_chose_them_reaches_them(opened, service_is_with, knows, bram, said):
    service_is_with(bram)
    actions.set_own_limit(by=bram, most=1)
    opened("Hallo", by="Els Vos")
    assert opened("Dag Bram, weet je dit?", by="Jan Pot").assignee == bram
    knows(bram, direct_line=True)
    assert opened("Boven koud").assignee == bram


def test_who_knows_them_is_asked_only_within_the_limit(opened, service_is_with, knows, bram, anneke):
    service_is_with(bram)
    opened("Hallo", by="Els Vos")
    actions.set_own_limit(by=bram, most=1)
    knows(bram)
    service_is_with(anneke)
    assert opened("Boven koud").assignee == anneke


@pytest.mark.parametrize("most", [0, -1, 201, 10**9])
def test_refused(bram, most):
    with pytest.raises(Refused):
        actions.set_own_limit(by=bram, most=most)


def test_chosen_on_me(visit, bram, anneke):
    browser = visit(bram)
    browser.post(reverse("conversations:own_limit"), {"most": "5"})
    assert OwnLimit.objects.get().most == 5
    assert reverse("conversations:own_limit") in browser.get(reverse("people:me")).content.decode()
    assert "at most 5" not in visit(anneke).get(reverse("people:colleague", args=[bram.pk])).content.decode()
    assert browser.post(reverse("conversations:own_limit"), {"most": "0"}).status_code == 422
    browser.post(reverse("conversations:own_limit"), {"most": ""})
    assert not OwnLimit.objects.exists()
    assert visit(None).get(reverse("conversations:own_limit")).status_code == 302


def test_the_same_person_twice_is_one_limit(bram):
    for most in (3, 4):
        actions.set_own_limit(by=bram, most=most)
    assert OwnLimit.objects.get().most == 4
