"""Who leaves leaves no promises behind that nobody keeps."""

from datetime import date, datetime

from koor.flow.calendar import actions
from koor.flow.calendar.models import Slot
from koor.flow.calendar.receivers import hand_over
from koor.ground.people import actions as people
from koor.ground.people.events import PersonLeft
from koor.ground.people.models import Person, Rota, RotaTurn
from koor.kernel.access import SYSTEM

TODAY = date(2026, 11, 24)  # a Tuesday


def test_what_was_promised_is_open_or_goes_to_who_takes_over(
    noon: datetime, marloes: Person, bram: Person, henk: Person, rob: Person
) -> None:
    own = Slot.objects.create(day=date(2026, 12, 1), person=bram)
    ready = Slot.objects.create(day=date(2026, 12, 1), person=bram, filled=True)
    before = Slot.objects.create(day=date(2026, 11, 20), person=bram)
    rota = Rota.objects.create(name="Photos", first_week=date(2026, 11, 23))
    for place, person in enumerate((bram, henk, rob)):
        RotaTurn.objects.create(rota=rota, person=person, place=place)
    promise = actions.propose_agreement(by=marloes, rota=rota, content="work", first_day=TODAY, weekday=3)
    actions.agree(by=henk, agreement=promise)
    turns = list(Slot.objects.filter(agreement=promise).order_by("day"))
    assert [slot.person for slot in turns[:4]] == [bram, henk, rob, bram]
    hand_over(PersonLeft(bram.pk, henk.pk))
    assert Slot.objects.filter(person=bram).count() == 6  # still here: it was taken back
    people.let_go(by=SYSTEM, person=bram)
    hand_over(PersonLeft(bram.pk, None))
    assert set(Slot.objects.filter(person=bram)) == {ready, before}
    own.refresh_from_db()
    assert actions.take_slot(by=rob, slot=own).person == rob
    assert [slot.person for slot in Slot.objects.filter(agreement=promise).order_by("day")[:4]] == [
        henk,
        henk,
        rob,
        henk,
    ]
    people.let_go(by=SYSTEM, person=rob)
    hand_over(PersonLeft(rob.pk, henk.pk))
    own.refresh_from_db()
    assert own.person == henk
