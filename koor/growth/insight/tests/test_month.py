"""What it did: for groups of five or more, opening to what it counts; one's own month for oneself."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from koor.flow.conversations.models import Conversation, Message, Repeat
from koor.flow.hub.models import Capture
from koor.flow.publishing.models import ClickDay, Post, RowLink, Target
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.growth.insight import queries
from koor.kernel import clock
from koor.kernel.access import NotFound
from koor.kernel.panels import todos_of

Visit = Callable[[Person | None], Client]


@pytest.fixture
def busy(noon: datetime, bram: Person, person: Callable[..., Person]) -> list[Person]:
    """Six colleagues; two showed something, one posted, one answered Els. One answers in an exercise."""
    house = [bram, *(person(f"I{n} Installer") for n in range(5))]
    account = Account.objects.create(connector="newsroom", name="News", owner=bram, made_at=noon)
    for n, maker in enumerate(house[:2]):
        Capture.objects.create(client_id=f"00000000-0000-4000-8000-00000000000{n}", by=maker, received_at=noon)
    post = Post.objects.create(by=bram, text="Fresh air", made_at=noon, changed_at=noon, stage="released")
    Target.objects.create(post=post, account=account, text="Fresh air", state="published", published_at=noon, slug="f")
    els = Contact.objects.create(name="Els Wiggers", made_at=noon)
    talk = Conversation.objects.create(contact=els, last_at=noon, made_at=noon)
    Message.objects.create(
        conversation=talk, direction="out", person=house[2], contact=els, text="Yes", at=noon, stored_at=noon,
        waited=timedelta(minutes=12),
    )  # fmt: skip
    invented = Contact.objects.create(name="Rie Somers", made_at=noon, invented=True)
    exercise = Conversation.objects.create(contact=invented, purpose="practice", last_at=noon, made_at=noon)
    Message.objects.create(
        conversation=exercise, direction="out", person=house[4], contact=invented, text="We come", at=noon,
        stored_at=noon, waited=timedelta(minutes=2),
    )  # fmt: skip
    return house


def test_a_month_in_figures(busy: list[Person], noon: datetime, marloes: Person) -> None:
    found = queries.month(marloes, noon.date().replace(day=1))
    assert (found.posts, found.answers.number, found.helped, found.took_part) == (1, 1, 1, 3)
    assert [part.took_part for part in found.parts] == [3]
    assert found.makers == 0  # one maker is nobody's business


def test_the_weeks_stop_at_the_present_one(busy: list[Person], noon: datetime, marloes: Person) -> None:
    """Weeks to come would stand as weeks in which nobody did anything."""
    (part,) = queries.month(marloes, noon.date().replace(day=1)).parts
    assert (len(part.weeks), part.weeks[-1]) == (12, 3)


def test_figures_open_to_what_they_count(busy: list[Person], marloes: Person, visit: Visit) -> None:
    browser = visit(marloes)
    page = browser.get("/insight/").content.decode()
    assert "/insight/2026/11/posts/" in page
    assert "Fresh air" in browser.get("/insight/2026/11/posts/").content.decode()
    assert "Els Wiggers" in browser.get("/insight/2026/11/helped/").content.decode()
    assert "/insight/2026/11/posts/?on=newsroom" in page
    assert "Fresh air" in browser.get("/insight/2026/11/posts/?on=newsroom").content.decode()
    assert "Fresh air" not in browser.get("/insight/2026/11/posts/?on=paper").content.decode()
    assert "/insight/2026/11/answers/?within=quarter" in page
    for within, there in (("", True), ("?within=quarter", True), ("?within=hour", False), ("?within=nonsense", True)):
        answers = browser.get(f"/insight/2026/11/answers/{within}").content.decode()
        assert ("Els Wiggers" in answers) is there
        assert busy[2].name not in answers  # who answered is told nowhere


def test_no_sentence_begins_with_nothing(busy: list[Person], marloes: Person, visit: Visit) -> None:
    page = visit(marloes).get("/insight/").content.decode()
    assert "All of it in the name of the house." in page
    assert "0 of them" not in page


def test_platforms_have_their_name_in_the_language_of_the_reader(
    busy: list[Person], noon: datetime, marloes: Person
) -> None:
    with override("nl"):
        found = queries.month(marloes, noon.date().replace(day=1))
    assert found.by_platform == [("newsroom", "Nieuwsruimte", 1)]


def test_the_picture_says_what_it_means(busy: list[Person], marloes: Person, visit: Visit) -> None:
    page = visit(marloes).get("/insight/picture/").content.decode()
    assert "Half of the 1 answers came within 12 minutes." in page


def test_an_empty_month_says_so(noon: datetime, marloes: Person, visit: Visit) -> None:
    assert "Nothing yet that can be counted" in visit(marloes).get("/insight/2026/10/").content.decode()
    assert "Too little happened" in visit(marloes).get("/insight/picture/2026/10/").content.decode()
    assert "is counted here, for you" in visit(marloes).get("/me/").content.decode()


@pytest.mark.parametrize("address", ["/insight/2026/12/", "/insight/2026/13/", "/insight/1999/1/", "/insight/2027/1/"])
def test_months_that_are_not_there_are_not_found(address: str, noon: datetime, marloes: Person, visit: Visit) -> None:
    assert visit(marloes).get(address).status_code == 404


def test_ones_own_month_is_ones_own(busy: list[Person], noon: datetime, bram: Person, marloes: Person) -> None:
    first = noon.date().replace(day=1)
    own = queries.own_month(bram, first)
    assert (own.shown, own.posts, own.answers) == (1, 1, 0)
    assert queries.own_month(marloes, first).posts == 0


PAGES = [
    "/insight/",
    "/insight/2026/11/posts/",
    "/insight/2026/11/answers/",
    "/insight/2026/11/helped/",
    "/insight/picture/",
]


@pytest.mark.parametrize("address", PAGES)
def test_strangers_sign_in_and_newcomers_see_nothing(
    address: str, noon: datetime, newcomer: Person, visit: Visit
) -> None:
    assert visit(None).get(address).status_code == 302
    assert visit(newcomer).get(address).status_code == 404
    with pytest.raises(NotFound):
        queries.require_sight(newcomer)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_month_takes_the_same_number_of_queries(
    rows: int, busy: list[Person], noon: datetime, marloes: Person, visit: Visit, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        Capture.objects.create(client_id=f"10000000-0000-4000-8000-{n:012d}", by=busy[n % 6], received_at=noon)
    browser = visit(marloes)
    browser.get("/insight/")
    with django_assert_num_queries(5):
        browser.get("/insight/")


def test_the_captain_gets_the_picture_in_the_first_days_of_a_month(hanna: Person, bram: Person) -> None:
    with clock.fixed(datetime.fromisoformat("2026-12-02T09:00:00+00:00")):
        assert [todo.rank for todo in todos_of(hanna) if todo.rank == 55] == [55]
        assert not [todo for todo in todos_of(bram) if todo.rank == 55]
    with clock.fixed(datetime.fromisoformat("2026-12-09T09:00:00+00:00")):
        assert not [todo for todo in todos_of(hanna) if todo.rank == 55]


def test_today_tells_what_the_last_contribution_did(
    busy: list[Person], bram: Person, henk: Person, visit: Visit
) -> None:
    page = visit(bram).get("/").content.decode()
    assert "What your last post did" in page
    assert "It is up on News" in page
    assert "What your last post did" not in visit(henk).get("/").content.decode()


def test_the_captain_has_the_month_under_today(busy: list[Person], hanna: Person, bram: Person, visit: Visit) -> None:
    assert "We showed our work 1 time" in visit(hanna).get("/").content.decode()
    assert "The house in November" not in visit(bram).get("/").content.decode()


def test_how_often_somebody_explained_again(busy: list[Person], noon: datetime, marloes: Person, visit: Visit) -> None:
    """Of five conversations and more; a figure of fewer is about somebody."""
    first = noon.date().replace(day=1)
    talks = [Conversation.objects.create(last_at=noon, made_at=noon) for _n in range(5)]
    for talk in talks[:4]:
        Message.objects.create(conversation=talk, direction="in", text="Cold", at=noon, stored_at=noon)
    assert queries.month(marloes, first).told is None
    Message.objects.create(conversation=talks[4], direction="in", text="Cold", at=noon, stored_at=noon)
    assert "In none of 5 conversations" in visit(marloes).get("/insight/").content.decode()
    Repeat.objects.create(conversation=talks[0], kind="asked", subject="address", at=noon)
    Repeat.objects.create(conversation=talks[0], kind="asked", subject="phone", at=noon)
    found = queries.month(marloes, first).told
    assert found is not None
    assert (found.conversations, found.repeated) == (5, 1)
    assert "In 1 of 5 conversations" in visit(marloes).get("/insight/").content.decode()


def test_how_often_links_were_followed(busy: list[Person], noon: datetime, marloes: Person, visit: Visit) -> None:
    """The house's own always; what colleagues posted in their own name only when they are five or more."""

    def followed(n: int, by: Person, *, personal: bool, day: date, number: int) -> None:
        account = Account.objects.create(
            connector="mastodon", name=f"M{number}", owner=by, personal=personal, made_at=noon
        )
        post = Post.objects.create(by=by, text="Link", made_at=noon, changed_at=noon, stage="released")
        row = Target.objects.create(post=post, account=account, text="Link", state="published", published_at=noon)
        link = RowLink.objects.create(target=row, code=f"c{number}", url="https://x.example/", short=True)
        ClickDay.objects.create(link=link, day=day, n=n)

    day, first = noon.date(), noon.date().replace(day=1)
    assert "followed" not in visit(marloes).get("/insight/").content.decode()
    none = visit(marloes).get(reverse("insight:followed", args=[first.year, first.month])).content.decode()
    assert "None on the accounts of the house." in none
    followed(7, busy[0], personal=False, day=day, number=0)
    followed(100, busy[0], personal=False, day=first - timedelta(days=1), number=1)
    for number, one in enumerate(busy[:4], 2):
        followed(10, one, personal=True, day=day, number=number)
    assert queries.month(marloes, first).followed == 7
    followed(10, busy[4], personal=True, day=day, number=9)
    assert queries.month(marloes, first).followed == 57
    assert "Their links were followed 57 times." in visit(marloes).get("/insight/").content.decode()
    page = visit(marloes).get(reverse("insight:followed", args=[first.year, first.month])).content.decode()
    assert "M0 · https://x.example/" in page
    assert not any(f"M{number} ·" in page for number in range(1, 10))  # another month's, and colleagues' own


def test_fewer_than_five_are_not_counted_and_weeks_have_a_date(
    busy: list[Person], marloes: Person, visit: Visit
) -> None:
    browser = visit(marloes)
    assert '<th scope="col">23 ' in browser.get("/insight/").content.decode()  # the Monday of this week
    assert "As it is now" in browser.get("/insight/2026/10/").content.decode()
    Person.objects.exclude(pk=marloes.pk).update(is_active=False)
    assert "With fewer than five colleagues we count nobody" in browser.get("/insight/").content.decode()
