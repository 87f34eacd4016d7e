"""After the project: whose moment it is, with which reason, and what one tap does."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from koor.flow.hub import actions as hub
from koor.flow.publishing import actions as publishing
from koor.flow.relations import actions, queries
from koor.flow.relations.choices import Reason, RevisitState
from koor.flow.relations.logic import after
from koor.flow.relations.models import Revisit, Touch
from koor.ground.channels import actions as channels
from koor.ground.contacts import actions as contacts
from koor.kernel.access import SYSTEM, NotFound, Refused
from koor.kernel.models import Mail

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def school(karin, bram, henk):
    """Done twenty days ago, by Bram and Henk."""
    contacts.edit_contact(by=SYSTEM, contact=karin, email="karin@school.example")
    return contacts.add_project(
        by=SYSTEM,
        name="Warmtepomp voor De Esch",
        contact=karin,
        state="done",
        first_day=TODAY - timedelta(days=60),
        last_day=TODAY - timedelta(days=20),
        about="Vloerverwarming in acht lokalen",
        people=[bram, henk],
    )


@pytest.fixture
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example"


@pytest.fixture
def newsroom(house, marloes, noon):
    return channels.add_account(by=SYSTEM, connector="newsroom", name="News", owner=marloes, purpose="tips")


def up(account, maker, text, item=None):
    target = publishing.record_past_post(
        by=SYSTEM, maker=maker, account=account, text=text, published_at=account.made_at, item=item,
        remote_id=str(len(text)), title=text[:40],
    )  # fmt: skip
    return target.post


@pytest.mark.parametrize(
    ("days", "key"),
    [(13, None), (14, "weeks"), (73, "weeks"), (74, None), (182, "season"), (365, "year-1"), (365 * 3 + 5, "year-3")],
)
def test_a_moment_is_open_for_two_months(days, key):
    found = after.due(TODAY - timedelta(days=days), TODAY)
    assert (found.key if found else None) == key


def test_it_is_the_moment_of_who_knows_the_customer_best(school, bram, henk, rob, knows):
    assert [list(queries.after_projects(one)) for one in (bram, henk, rob)] == [[school], [], []]
    knows(henk, how="hielp haar")
    assert [list(queries.after_projects(one)) for one in (bram, henk)] == [[], [school]]
    knows(bram, direct_line=True)
    assert list(queries.after_projects(bram)) == [school]


def test_nobody_is_asked_who_was_in_touch_lately_or_wants_no_reminder(school, bram, karin, knows):
    knows(bram)
    actions.set_rhythm(by=bram, contact=karin, every_days=0)
    assert not queries.after_projects(bram).exists()
    actions.set_rhythm(by=bram, contact=karin, every_days=90)
    assert queries.after_projects(bram).exists()
    actions.note_touch(by=bram, contact=karin, kind="call", sentence="belde zelf")
    assert not queries.after_projects(bram).exists()


def test_without_anything_to_show_one_asks_how_it_is(school, bram):
    found = queries.proposal(bram, school.pk)
    assert found.reason == Reason.ASK
    assert "How is it doing?" in found.text
    assert "Karin" in found.text
    assert bram.name in found.text


def test_in_the_language_of_the_customer(school, bram, karin):
    contacts.edit_contact(by=SYSTEM, contact=karin, language="nl")
    assert "Dag Karin" in queries.proposal(bram, school.pk).text


def test_a_picture_of_their_own_project_comes_before_something_useful(school, bram, newsroom):
    up(newsroom, bram, "Zo werkt vloerverwarming met een warmtepomp in lokalen")
    found = queries.proposal(bram, school.pk)
    assert (found.reason, found.shown.title[:12]) == (Reason.USEFUL, "Zo werkt vlo")
    item = hub.add_text_item(by=bram, title="Klaar in De Esch", text="Klaar", project=school)
    up(newsroom, bram, "Het is klaar in De Esch", item)
    found = queries.proposal(bram, school.pk)
    assert found.reason == Reason.PHOTO
    assert found.shown.address in found.text


def test_one_tap_sends_it_once(school, bram, karin, mail_server):
    text = queries.proposal(bram, school.pk).text
    row = actions.write_after(by=bram, project=school, text=text)
    assert actions.write_after(by=bram, project=school, text=text) == row
    letter = Mail.objects.get()
    assert (letter.to, letter.reply_to, letter.subject) == ("karin@school.example", bram.email, school.name)
    assert Touch.objects.get(contact=karin, kind="mail").person == bram
    with pytest.raises(NotFound):
        queries.proposal(bram, school.pk)
    with pytest.raises(Refused):
        actions.undo_after(by=bram, revisit=row)


def test_passed_over_and_taken_back(school, bram):
    row = actions.pass_after(by=bram, project=school)
    assert not queries.after_projects(bram).exists()
    actions.undo_after(by=bram, revisit=row)
    never = actions.pass_after(by=bram, project=school, never=True)
    assert never.state == RevisitState.NEVER
    assert never.moment == after.NEVER


def test_the_pages(visit, school, bram, rob, newcomer, mail_server):
    page, one = reverse("relations:after"), reverse("relations:after_one", args=[school.pk])
    browser = visit(bram)
    assert "Karin Olthof" in browser.get(page).content.decode()
    assert "Send to Karin" in browser.get(one).content.decode()
    assert browser.post(one, {"text": " "}).status_code == 422
    assert browser.post(one, {"text": "Dag Karin"}).status_code == 302
    assert Revisit.objects.get().state == RevisitState.DONE
    assert visit(rob).get(one).status_code == 404
    assert visit(newcomer).get(page).status_code == 200
    assert visit(None).get(page).status_code == 302


def test_somebody_told_it_themselves(visit, school, bram, karin):
    browser = visit(bram)
    assert "Send to Karin" not in browser.get(reverse("relations:after_one", args=[school.pk])).content.decode()
    path = reverse("relations:after_told", args=[school.pk])
    assert browser.post(path, {"kind": "shout"}).status_code == 409
    assert browser.post(path, {"kind": "visit"}).status_code == 302
    assert Touch.objects.get(contact=karin, kind="visit").person == bram
    assert "Since it was done" in browser.get(reverse("contacts:project", args=[school.pk])).content.decode()


def test_as_many_projects_as_there_are_cost_the_same(visit, bram, django_assert_num_queries, karin):
    for n in range(3):
        _done(bram, n)
    browser = visit(bram)
    browser.get(reverse("relations:after"))
    with django_assert_num_queries(5):
        browser.get(reverse("relations:after"))
    for n in range(3, 9):
        _done(bram, n)
    with django_assert_num_queries(5):
        browser.get(reverse("relations:after"))


def _done(bram, n):
    who = contacts.add_contact(by=SYSTEM, name=f"Klant {n}")
    last = TODAY - timedelta(days=20)
    contacts.add_project(by=SYSTEM, name=f"Werk {n}", contact=who, state="done", last_day=last, people=[bram])


def test_a_letter_has_an_end(school, bram, mail_server):
    with pytest.raises(Refused) as refused:
        actions.write_after(by=bram, project=school, text="x" * 4_001)
    assert (refused.value.code, refused.value.field) == ("too_long", "text")
    assert not Mail.objects.exists()


def test_told_twice_is_told_once(school, bram, karin):
    rows = [actions.told_after(by=bram, project=school, kind="call", text="belde") for _ in range(2)]
    assert rows[0] == rows[1]
    assert Touch.objects.filter(contact=karin, kind="call").count() == 1


def test_passed_over_twice_is_passed_over_once(visit, school, bram, rob):
    path = reverse("relations:after_pass", args=[school.pk])
    browser = visit(bram)
    for _ in range(2):
        assert browser.post(path).status_code == 302
    row = Revisit.objects.get()
    assert row.state == RevisitState.PASSED
    undo = reverse("relations:after_undo", args=[row.pk])
    assert visit(rob).post(undo).status_code == 302
    assert Revisit.objects.exists()
    for _ in range(2):
        assert browser.post(undo).status_code == 302
    assert list(queries.after_projects(bram)) == [school]
    browser.post(path, {"never": "1"})
    assert Revisit.objects.get().moment == after.NEVER


def test_what_has_most_in_common_is_of_use():
    articles = [("one", {"vloer", "warm", "pomp"}), ("two", {"vloer", "warm"}), ("three", {"vloer"})]
    assert after.of_use({"vloer", "warm", "pomp"}, articles) == "one"
    assert after.of_use({"pomp"}, articles) is None
