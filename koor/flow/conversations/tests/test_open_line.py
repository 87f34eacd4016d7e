"""A colleague opens a direct line: their choice, their hours, their limit."""

from datetime import time

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Line
from koor.ground.contacts import queries as contacts
from koor.ground.people.choices import Autonomy
from koor.kernel.access import Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db


def test_it_makes_them_the_direct_line(henk, fatma):
    line = actions.open_line(by=henk, person=henk, contact=fatma, about="Heat pumps")
    assert contacts.direct_line_of(fatma) == henk
    assert line.days == [1, 2, 3, 4, 5]
    assert (line.opens, line.closes, line.answers, line.shows_phone) == (time(8), time(17), "", False)
    assert queries.address_of(line).startswith("/line/line_")
    again = actions.open_line(by=henk, person=henk, contact=fatma)
    assert (again.pk, Line.objects.count(), line.links.count()) == (line.pk, 1, 1)


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
