"""Nobody waits for a colleague who is away or who left."""

from datetime import timedelta

import pytest

from koor.flow.conversations import actions
from koor.ground.people.models import Absence, Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened()


def away(person, stand_in=None, days=3):
    today = clock.now().date()
    return Absence.objects.create(
        person=person, first_day=today, last_day=today + timedelta(days=days), stand_in=stand_in
    )


def test_the_stand_in_takes_over_what_waits(hers, henk, anneke):
    away(henk, anneke)
    assert actions.cover_absences(by=SYSTEM) == 1
    hers.refresh_from_db()
    assert (hers.assignee, hers.ground) == (anneke, "stand_in")
    assert hers.reasons == [["stand_in", henk.pk], ["until", "2026-11-27"], ["thread", henk.pk]]
    assert actions.cover_absences(by=SYSTEM) == 0


def test_what_does_not_wait_stays(hers, henk, anneke):
    actions.finish(by=henk, conversation=hers)
    away(henk, anneke)
    assert actions.cover_absences(by=SYSTEM) == 0
    actions.cover(hers.pk, by=SYSTEM)
    hers.refresh_from_db()
    assert hers.assignee == henk


def test_without_a_stand_in_it_is_for_the_curator(hers, henk):
    away(henk)
    actions.cover_absences(by=SYSTEM)
    hers.refresh_from_db()
    assert (hers.assignee, hers.ground) == (None, "unsure")
    assert ["away", henk.pk] in hers.reasons


def test_who_is_there_keeps_it(hers, henk):
    actions.cover(hers.pk, by=SYSTEM)
    hers.refresh_from_db()
    assert (hers.assignee, hers.ground) == (henk, "direct_line")


def test_who_left_hands_over_to_the_successor(hers, henk, bram):
    henk.is_active = False
    henk.save()
    actions.hand_over_from(by=SYSTEM, person_id=henk.pk, to_id=bram.pk)
    hers.refresh_from_db()
    assert (hers.assignee, hers.reasons) == (bram, [["left", henk.pk]])


def test_who_left_without_a_successor_is_routed_again(hers, henk, bram, knows):
    knows(bram)
    henk.is_active = False
    henk.save()
    actions.hand_over_from(by=SYSTEM, person_id=henk.pk, to_id=None)
    hers.refresh_from_db()
    assert (hers.assignee, hers.ground) == (bram, "knows")


def test_what_is_offered_to_nobody_who_is_there_goes_to_another(opened, knows, henk, bram, anneke):
    knows(henk)
    knows(bram)
    offered = opened()
    assert (offered.assignee, set(offered.offered)) == (None, {henk.pk, bram.pk})
    away(henk)
    actions.cover_absences(by=SYSTEM)
    offered.refresh_from_db()
    assert set(offered.offered) == {henk.pk, bram.pk}  # Bram is there
    bram.is_active = False
    bram.save()
    actions.hand_over_from(by=SYSTEM, person_id=bram.pk, to_id=anneke.pk)
    offered.refresh_from_db()
    assert (offered.assignee, offered.offered, offered.ground) == (None, [], "unsure")


def test_what_is_offered_to_who_left_goes_on_when_they_write_again(opened, knows, henk, bram):
    knows(henk)
    knows(bram)
    offered = opened()
    Person.objects.filter(pk__in=[henk.pk, bram.pk]).update(is_active=False)
    assert opened("Nog iemand daar?") == offered
    offered.refresh_from_db()
    assert (offered.assignee, offered.offered) == (None, [])
