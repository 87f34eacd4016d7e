"""While a colleague is away or after they left, nobody outside is without a face."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Conversation
from koor.ground.contacts import actions as contacts
from koor.ground.contacts import queries as contacts_queries
from koor.ground.contacts.models import Project
from koor.ground.people import actions as people
from koor.ground.people.models import Absence
from koor.kernel import audit, clock
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.panels import todos_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(henk, fatma):
    return actions.open_line(by=henk, person=henk, contact=fatma)


def away(person, stand_in=None, first=0, days=3, sentence=""):
    day = clock.now().date() + timedelta(days=first)
    return Absence.objects.create(
        person=person, first_day=day, last_day=day + timedelta(days=days), stand_in=stand_in, sentence=sentence
    )


def left(person):
    person.is_active, person.left_at = False, clock.now()
    person.save()


def titles(person):
    return [str(one.title) for one in todos_of(person)]


def test_the_stand_in_of_the_line_takes_over_what_waits(line, henk, anneke):
    actions.write_on_line(link=line.links.get(), text="Upstairs it is cold.")
    actions.change_line(by=henk, line=line, stand_in=anneke)
    away(henk)
    actions.cover_absences(by=SYSTEM)
    one = Conversation.objects.get()
    assert (one.assignee, one.ground) == (anneke, "stand_in")


def test_the_stand_in_reads_a_sentence_of_the_colleague(line, henk, anneke):
    actions.change_line(by=henk, line=line, aside="Her gate is locked.")
    away(henk, anneke, sentence="Begin with the third group.")
    actions.write_on_line(link=line.links.get(), text="Upstairs it is cold.")
    one = queries.conversation(anneke, Conversation.objects.get().pk)
    thread = queries.thread(anneke, one)
    told = queries.summary(anneke, one, thread.messages, thread.on_behalf_of)
    assert thread.on_behalf_of == henk
    assert set(told.aside.split(". ")) >= {"Her gate is locked"} or "Her gate is locked." in told.aside
    assert "Begin with the third group." in told.aside


def test_it_stays_with_who_took_over_from_the_stand_in(line, henk, anneke, bram, visit):
    link = line.links.get()
    away(henk, anneke)
    actions.write_on_line(link=link, text="Upstairs it is cold.")
    left(anneke)
    actions.hand_over_from(by=SYSTEM, person_id=anneke.pk, to_id=bram.pk)
    actions.write_on_line(link=link, text="Still cold.")
    assert Conversation.objects.get().assignee == bram
    page = visit(None).get(queries.address_of(line), headers={"accept-language": "en"}).content.decode()
    assert "Bram has your message" in page


def test_cover_is_asked_weeks_ahead(line, henk, anneke):
    absence = away(henk, first=21)
    assert any(one.startswith("You are away from") for one in titles(henk))
    actions.change_line(by=henk, line=line, stand_in=anneke)
    assert not any(one.startswith("You are away from") for one in titles(henk))
    actions.change_line(by=henk, line=line, stand_in=None)
    absence.stand_in = anneke
    absence.save()
    assert not any(one.startswith("You are away from") for one in titles(henk))


def test_a_stand_in_who_is_away_then_or_left_is_none(line, henk, anneke, bram, marloes):
    absence = away(henk, anneke, first=21)
    asks = "You are away from Tuesday 15 December"
    assert asks not in titles(henk)
    hers = away(anneke, henk, first=23)
    assert asks in titles(henk)
    hers.stand_in = bram
    hers.save()
    assert asks not in titles(henk)  # Bram is there for both
    actions.change_line(by=henk, line=line, stand_in=anneke)
    hers.delete()
    absence.stand_in = None
    absence.save()
    assert asks not in titles(henk)
    left(anneke)
    assert asks in titles(henk)
    absence.first_day = clock.now().date()
    absence.save()
    assert "Henk Oonk is away" in titles(marloes)


def test_the_page_names_who_answers_then(line, henk, anneke, bram, visit):
    actions.change_line(by=henk, line=line, stand_in=anneke)
    absence, page = away(henk, bram, first=7), visit(None)

    def seen():
        return page.get(queries.address_of(line), headers={"accept-language": "en"}).content.decode()

    assert "Bram Wolters stands in then." in seen()
    absence.stand_in = None
    absence.save()
    assert "Anneke Boschker stands in then." in seen()
    absence.delete()
    actions.change_line(by=henk, line=line, shows_mail=True)
    assert "When Henk is away, Anneke Boschker stands in" in seen()
    assert henk.email in seen()
    now = away(henk)
    assert henk.email not in seen()  # whoever is away is not called there
    now.delete()
    left(anneke)
    assert "stands in" not in seen()


def test_the_page_of_a_project_goes_on_at_its_address(henk, anneke, bram, rob, marloes, ada, visit):
    school = Project.objects.create(name="School in Ruurlo")
    door, page = actions.open_line(by=henk, person=henk, project=school), visit(None)
    address = queries.address_of(door)

    def leaves(person, to_id=None):
        left(person)
        actions.pass_project_lines_on(by=SYSTEM, person_id=person.pk, to_id=to_id)
        door.refresh_from_db()
        return door.person

    school.people.add(bram)
    leaving = visit(ada).get(reverse("people:let_go", args=[henk.pk])).content.decode()
    assert "School in Ruurlo" in leaving
    assert leaves(henk) == bram
    assert leaves(bram, anneke.pk) == anneke
    assert "You are there for School in Ruurlo now" in titles(anneke)
    actions.change_line(by=anneke, line=door, answers="day")
    assert "You are there for School in Ruurlo now" not in titles(anneke)
    passed_on = AuditEntry.objects.filter(verb="conversations.pass_line_on")
    assert audit.sentence(passed_on.latest("pk")).endswith("went to another colleague")
    assert leaves(anneke) is None
    assert audit.sentence(passed_on.latest("pk")).endswith("left, and it has nobody yet")
    assert "Nobody answers any more at School in Ruurlo" in titles(marloes)
    asked = visit(marloes).get(reverse("conversations:line", args=[door.pk])).content.decode()
    assert "The colleague of this page left" in asked
    assert reverse("conversations:close_line", args=[door.pk]) in asked
    shown = page.get(address, headers={"accept-language": "en"}).content.decode()
    assert "Please call us" in shown
    assert 'id="write"' not in shown
    door.stand_in = anneke  # who left as well
    door.save()
    assert actions.open_line(by=rob, person=rob, project=school) == door
    assert page.post(address, {"text": "It leaks", "name": "Juf Ans"}).status_code == 302
    assert Conversation.objects.get().assignee == rob


def test_who_has_a_page_of_their_own_for_it_answers_at_the_other_one_too(henk, bram, visit):
    school = Project.objects.create(name="School in Ruurlo")
    school.people.add(bram)
    door, _own = (actions.open_line(by=one, person=one, project=school) for one in (henk, bram))

    def passed_on():
        actions.pass_project_lines_on(by=SYSTEM, person_id=henk.pk, to_id=None)
        door.refresh_from_db()
        return door.person, door.stand_in

    assert passed_on() == (henk, None)  # let in again before this was heard
    left(henk)
    assert passed_on() == (None, bram)
    assert visit(None).post(queries.address_of(door), {"text": "It leaks", "name": "Juf Ans"}).status_code == 302
    assert Conversation.objects.get().assignee == bram


def test_the_curator_hears_of_a_line_that_nobody_answers(line, henk, marloes, bram):
    away(henk)
    assert "Henk Oonk is away" in titles(marloes)
    assert "Henk Oonk is away" not in titles(bram)


def test_who_left_without_a_successor_leaves_a_known_face(line, henk, anneke, fatma, visit):
    contacts.introduce(by=SYSTEM, person=anneke, contact=fatma)
    address = queries.address_of(line)
    left(henk)
    contacts.hand_over(by=SYSTEM, person_id=henk.pk, to_id=None)
    actions.follow_direct_line(by=SYSTEM, contact_id=fatma.pk, person_id=None)
    assert actions.find_new_face(by=SYSTEM, contact_id=fatma.pk) == anneke
    actions.follow_direct_line(by=SYSTEM, contact_id=fatma.pk, person_id=anneke.pk)
    assert contacts_queries.direct_line_of(fatma) == anneke
    page = visit(None).get(address, headers={"accept-language": "en"}).content.decode()
    assert "You knew Henk Oonk. From now on Anneke is there for you" in page
    assert "You are there for Fatma Kaya now" in titles(anneke)


def test_with_nobody_who_knows_them_the_curator_chooses(henk, fatma, marloes, visit):
    """Before the page of a project that nobody answers, which stood there earlier."""
    door = actions.open_line(by=henk, person=henk, project=Project.objects.create(name="School in Ruurlo"))
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    address = queries.address_of(line)
    left(henk)
    contacts.hand_over(by=SYSTEM, person_id=henk.pk, to_id=None)
    assert actions.find_new_face(by=SYSTEM, contact_id=fatma.pk) is None
    actions.follow_direct_line(by=SYSTEM, contact_id=fatma.pk, person_id=None)
    actions.pass_project_lines_on(by=SYSTEM, person_id=henk.pk, to_id=None)
    door.refresh_from_db()
    assert door.person is None
    assert "Fatma Kaya has nobody of their own any more" in titles(marloes)
    choose = reverse("contacts:introduce", args=[fatma.pk])
    listed = visit(marloes).get(reverse("conversations:lines")).content.decode()
    assert choose in listed
    assert reverse("conversations:line", args=[door.pk]) in listed
    assert choose in visit(marloes).get(reverse("conversations:line", args=[line.pk])).content.decode()
    stranger = visit(None)
    page = stranger.get(address, headers={"accept-language": "en"}).content.decode()
    assert "We are choosing who is there for you" in page
    assert stranger.post(address, {"text": "Is somebody there?"}).status_code == 302
    assert Conversation.objects.get().waiting_since


def test_who_is_let_back_is_offered_what_nobody_took_over(henk, fatma, bram, anneke, marloes, ada, visit):
    """Never given back silently; whoever has it meanwhile keeps it."""
    project = Project.objects.create(name="School in Ruurlo")
    door = actions.open_line(by=henk, person=henk, project=project)
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    address = queries.address_of(line)
    left(henk)
    contacts.hand_over(by=SYSTEM, person_id=henk.pk, to_id=None)
    actions.follow_direct_line(by=SYSTEM, contact_id=fatma.pk, person_id=None)
    actions.pass_project_lines_on(by=SYSTEM, person_id=henk.pk, to_id=None)
    assert not queries.to_take_up().exists()
    people.let_back(by=ada, person=henk)
    henk.refresh_from_db()
    line.refresh_from_db()
    assert line.person is None
    assert "Fatma Kaya: shall it be you again?" in titles(henk)
    listed = visit(henk).get(reverse("conversations:lines")).content.decode()
    again, rather_not = (reverse(f"conversations:{name}", args=[line.pk]) for name in ("take_up_line", "leave_line"))
    assert again in listed
    assert again in visit(henk).get("/").content.decode()
    assert visit(bram).post(again).status_code == 404
    assert "Henk works here again: give it back" in visit(marloes).get(reverse("conversations:lines")).content.decode()
    for _twice in range(2):
        assert visit(marloes).post(again).status_code == 302
    line.refresh_from_db()
    assert (line.person, contacts_queries.direct_line_of(fatma)) == (henk, henk)
    assert "Henk" in visit(None).get(address).content.decode()
    assert AuditEntry.objects.filter(verb="conversations.take_line_up").count() == 1
    with pytest.raises(Refused, match="already"):
        actions.leave_line(by=henk, line=line)
    door_again = reverse("conversations:take_up_line", args=[door.pk])
    people.change_autonomy(by=ada, person=henk, autonomy="practise")
    assert not queries.offered_back(henk).exists()
    with pytest.raises(Refused, match="on their own"):
        actions.take_up_line(by=marloes, line=door)
    people.change_autonomy(by=ada, person=henk, autonomy="own")
    actions.open_line(by=anneke, person=anneke, project=project)
    for deed in (actions.take_up_line, actions.leave_line):
        with pytest.raises(Refused, match="already"):
            deed(by=henk, line=door)
    door.refresh_from_db()
    assert door.before == henk
    assert visit(henk).get(rather_not).status_code == 405
    assert visit(bram).post(door_again).status_code == 404


def test_rather_not_leaves_it_to_the_curator(line, henk, fatma, marloes, ada, visit):
    left(henk)
    contacts.hand_over(by=SYSTEM, person_id=henk.pk, to_id=None)
    actions.follow_direct_line(by=SYSTEM, contact_id=fatma.pk, person_id=None)
    people.let_back(by=ada, person=henk)
    henk.refresh_from_db()
    assert visit(henk).post(reverse("conversations:leave_line", args=[line.pk])).status_code == 302
    assert not queries.to_take_up().exists()
    with pytest.raises(Refused, match="not offered"):
        actions.take_up_line(by=marloes, line=line)
    assert "Fatma Kaya has nobody of their own any more" in titles(marloes)


def test_ending_a_line_is_not_leaving(henk, fatma, anneke):
    contacts.introduce(by=SYSTEM, person=henk, contact=fatma, direct_line=True)
    contacts.introduce(by=SYSTEM, person=anneke, contact=fatma)
    contacts.introduce(by=SYSTEM, person=henk, contact=fatma, direct_line=False)
    assert actions.find_new_face(by=SYSTEM, contact_id=fatma.pk) is None


def test_a_line_is_theirs_to_close_while_they_work_here(line, henk, fatma):
    """Somebody whose own person they are no longer keeps the page, until who opened it closes it."""
    contacts.introduce(by=SYSTEM, person=henk, contact=fatma, direct_line=False)
    actions.follow_direct_line(by=SYSTEM, contact_id=fatma.pk, person_id=None)
    line.refresh_from_db()
    assert (line.person, line.closed_at) == (henk, None)
    actions.follow_direct_line(by=SYSTEM, contact_id=fatma.pk, person_id=henk.pk)
    actions.follow_direct_line(by=SYSTEM, contact_id=999_999_999, person_id=henk.pk)
    assert not AuditEntry.objects.filter(verb="conversations.pass_line_on").exists()


def test_who_passed_a_line_on_while_working_here_is_not_offered_it_back(line, henk, anneke, fatma):
    contacts.introduce(by=SYSTEM, person=anneke, contact=fatma, direct_line=True)
    actions.follow_direct_line(by=SYSTEM, contact_id=fatma.pk, person_id=anneke.pk)
    left(anneke)
    line.refresh_from_db()
    assert (line.before, line.person) == (henk, anneke)
    assert not queries.offered_back(henk).exists()


def test_who_practises_is_nobodys_new_face(line, henk, anneke, newcomer, fatma):
    for one in (newcomer, anneke):
        contacts.introduce(by=SYSTEM, person=one, contact=fatma)
    left(henk)
    contacts.hand_over(by=SYSTEM, person_id=henk.pk, to_id=None)
    assert actions.find_new_face(by=SYSTEM, contact_id=fatma.pk) == anneke
    assert actions.find_new_face(by=SYSTEM, contact_id=999_999_999) is None
