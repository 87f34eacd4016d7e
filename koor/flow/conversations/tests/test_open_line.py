"""A colleague opens a direct line: their choice, their hours, their limit."""

from datetime import date, datetime, time

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, logic, queries
from koor.flow.conversations.models import Line
from koor.ground.contacts import queries as contacts
from koor.ground.people import actions as people
from koor.ground.people.choices import Autonomy
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, Mail

pytestmark = pytest.mark.django_db
TUESDAY, FRIDAY = datetime(2026, 11, 24, 7), date(2026, 11, 27)


def test_it_makes_them_the_direct_line(henk, fatma):
    line = actions.open_line(by=henk, person=henk, contact=fatma, about="Heat pumps")
    assert contacts.direct_line_of(fatma) == henk
    assert line.days == [1, 2, 3, 4, 5]
    assert (line.opens, line.closes, line.answers, line.shows_phone) == (time(8), time(17), "", False)
    assert queries.address_of(line).startswith("/line/line_")
    again = actions.open_line(by=henk, person=henk, contact=fatma)
    assert not Mail.objects.exists()
    assert (again.pk, Line.objects.count(), line.links.count()) == (line.pk, 1, 1)


def test_whose_it_was_hears_of_it(henk, anneke, fatma):
    actions.open_line(by=henk, person=henk, contact=fatma)
    assert actions.open_line(by=anneke, person=anneke, contact=fatma).before == henk
    told = Mail.objects.get()
    assert (told.to, told.subject) == (henk.email, f"{anneke.name} took over a direct line of yours")
    assert "Fatma Kaya" in told.text


def test_the_address_is_not_kept_in_the_open(henk, fatma):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    token = queries.address_of(line).split("/")[2]
    link = line.links.get()
    assert token.encode() not in bytes(link.sealed)
    assert token not in link.digest
    assert queries.line_by_link(token).line == line


def test_everybody_opens_their_own(henk, bram, fatma):
    with pytest.raises(Forbidden):
        actions.open_line(by=bram, person=henk, contact=fatma)


@pytest.mark.parametrize("autonomy", [Autonomy.PRACTISE, Autonomy.BUDDY])
def test_who_does_not_answer_alone_waits(henk, fatma, autonomy):
    henk.autonomy = autonomy
    henk.save()
    with pytest.raises(Forbidden):
        actions.open_line(by=henk, person=henk, contact=fatma)


@pytest.mark.parametrize(
    ("wish", "field"),
    [({"closes": time(7)}, "closes"), ({"days": []}, "days"), ({"days": [8]}, "days")],
)
def test_hours_that_cannot_be(henk, fatma, wish, field):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    with pytest.raises(Refused) as refused:
        actions.change_line(by=henk, line=line, **wish)
    assert refused.value.field == field


def test_a_new_address_ends_the_old_one(henk, fatma, visit):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    old = queries.address_of(line)
    actions.new_link(by=henk, line=line)
    new = queries.address_of(line)
    assert new != old
    gone = visit(None).get(old)
    assert gone.status_code == 410
    assert "This page has another address now" in gone.content.decode()
    assert new not in gone.content.decode()
    assert visit(None).get(new).status_code == 200


def test_closed_it_says_kindly_where_to_go(henk, fatma, visit):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    address = queries.address_of(line)
    actions.close_line(by=henk, line=line)
    gone = visit(None).get(address)
    assert gone.status_code == 410
    assert "Henk Oonk" in gone.content.decode()
    assert visit(None).post(address, {"text": "Hello"}).status_code == 410
    again = actions.open_line(by=henk, person=henk, contact=fatma)
    assert again.pk != line.pk


def test_another_colleague_may_not_change_it(henk, bram, fatma):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    with pytest.raises(NotFound):
        queries.line(bram, line.pk)
    with pytest.raises(Forbidden):
        actions.close_line(by=bram, line=line)


def test_from_the_page_of_somebody(henk, fatma, visit):
    client = visit(henk)
    page = client.get(reverse("contacts:contact", args=[fatma.pk])).content.decode()
    address = f"{reverse('conversations:open_line')}?contact={fatma.pk}"
    assert address in page
    wished = {
        "contact": fatma.pk, "about": "Heat pumps", "answers": "day", "days": ["1", "2"], "opens": "09:00",
        "closes": "16:00", "limit": "5", "stand_in": "", "aside": "Her boiler is of 2009",
    }  # fmt: skip
    client.post(address, wished)
    line = Line.objects.get()
    assert (line.days, line.opens, line.limit, line.answers) == ([1, 2], time(9), 5, "day")
    shown = client.get(reverse("conversations:line", args=[line.pk])).content.decode()
    assert "<svg" in shown
    assert queries.address_of(line) in shown
    assert reverse("conversations:line", args=[line.pk]) in client.get(reverse("conversations:lines")).content.decode()


def test_opened_by_another_colleague_it_is_theirs_at_the_same_address(henk, anneke, fatma):
    line = actions.open_line(by=henk, person=henk, contact=fatma, about="Heat pumps", shows_phone=True, stand_in=anneke)
    address = queries.address_of(line)
    again = actions.open_line(by=anneke, person=anneke, contact=fatma)
    assert (again.pk, again.person, again.before) == (line.pk, anneke, henk)
    assert (again.shows_phone, again.stand_in) == (False, None)  # not their telephone; nobody stands in for oneself
    assert queries.address_of(again) == address


def test_closed_it_gets_no_new_address(henk, fatma, visit):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    for _click in range(2):
        actions.close_line(by=henk, line=line)
    with pytest.raises(Refused) as refused:
        actions.new_link(by=henk, line=line)
    assert refused.value.code == "closed"
    assert AuditEntry.objects.filter(verb="conversations.close_line").count() == 1
    assert visit(henk).post(reverse("conversations:new_line_link", args=[line.pk])).status_code < 500


def test_who_stands_in_is_another_who_works_here(henk, anneke, ada, fatma):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    people.let_go(by=ada, person=anneke)
    anneke.refresh_from_db()
    for other in (henk, anneke):
        with pytest.raises(Refused) as refused:
            actions.change_line(by=henk, line=line, stand_in=other)
        assert (refused.value.code, refused.value.field) == ("stand_in", "stand_in")


def test_a_line_that_is_gone_is_not_found(henk, fatma):
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    Line.objects.all().delete()
    with pytest.raises(NotFound):
        actions.close_line(by=henk, line=line)


@pytest.mark.parametrize(
    ("given", "person", "stands_in"),
    [
        ({}, 1, False),
        ({"passed": {1}}, None, False),  # they gave it away themselves
        ({"away_until": FRIDAY, "line_stand_in": 2}, 2, True),
        ({"away_until": FRIDAY, "absence_stand_in": 3, "line_stand_in": 2}, 3, True),
        ({"away_until": FRIDAY, "line_stand_in": 2, "passed": {2}}, None, False),
        ({"waiting": 5, "line_stand_in": 2}, 2, True),
        ({"waiting": 5}, 1, False),
        ({"waiting": 5, "line_stand_in": 2, "passed": {2}}, 1, False),
    ],
)
def test_who_answers_on_a_line(given, person, stands_in):
    usual = {"owner": 1, "away_until": None, "absence_stand_in": None, "line_stand_in": None, "waiting": 0, "limit": 5}
    found = logic.who_answers(**{**usual, **given})
    assert (found.person, found.stands_in) == (person, stands_in)
    if person is None and "away_until" in given:
        assert (found.until, found.reasons[-1]) == (FRIDAY, ("away", 1))


@pytest.mark.parametrize(
    ("days", "day"),
    [([2], TUESDAY.date()), ([3], date(2026, 11, 25)), ([1], date(2026, 11, 30)), ([], None)],
)
def test_when_a_line_is_read_next(days, day):
    assert logic.next_open(TUESDAY, days, time(8)) == day
    late = TUESDAY.replace(hour=9)
    assert logic.next_open(late, [2], time(8)) == date(2026, 12, 1)
