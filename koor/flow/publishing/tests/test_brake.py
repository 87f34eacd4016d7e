"""Far more than usual on one account: it is held until somebody looked, nothing is lost, and answers go on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Pause, Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people import actions as people
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry

Released = Callable[..., Target]
MANY = ["Acht lokalen hebben frisse lucht.", "De ketel van de sporthal is vervangen.", "Open dag op zaterdag.", "Wie?"]


@pytest.fixture
def two_at_most(noon: datetime, bram: Person) -> None:
    people.change_house(by=SYSTEM, house=house(), brake=2)


@pytest.fixture
def rows(two_at_most: None, released: Released, news: Account) -> list[Target]:
    return [released(text, news) for text in MANY]


def states(rows: list[Target]) -> list[str]:
    for row in rows:
        deliver(row.pk)
    return [again(row).state for row in rows]


@pytest.mark.django_db(transaction=True)
def test_the_rest_is_held_and_people_hear_of_it(rows: list[Target], news: Account, pieter: Person) -> None:
    assert states(rows) == ["published", "published", "needs_person", "needs_person"]
    assert {again(row).because for row in rows[2:]} == {"paused"}
    pause = Pause.objects.get()
    assert (pause.account, pause.by, pause.why) == (news, None, "More than 2 posts in ten minutes")
    assert AuditEntry.objects.filter(verb="publishing.brake").count() == 1
    page = Client()
    page.force_login(pieter)
    assert "Newsroom is held" in page.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_other_accounts_answers_and_the_next_hour_go_on(
    rows: list[Target], released: Released, on_mastodon: Account, news: Account, noon: datetime, bram: Person
) -> None:
    states(rows[:2])
    elsewhere = released("Ook elders.", on_mastodon)
    deliver(elsewhere.pk)
    assert again(elsewhere).state == "published"
    with clock.fixed(noon + timedelta(minutes=11)):
        assert states(rows[2:3]) == ["published"]
    assert not Pause.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_looked_and_opens_it_again_is_not_stopped_at_once(
    rows: list[Target], marloes: Person, noon: datetime
) -> None:
    states(rows)
    with clock.fixed(noon + timedelta(minutes=1)):
        actions.end_pause([rows[0].account], by=marloes)
        for row in rows[2:]:
            actions.release_held(by=marloes, target=row)
        assert states(rows[2:]) == ["published", "published"]


@pytest.mark.django_db(transaction=True)
def test_several_go_in_one_step_one_after_another(
    rows: list[Target], marloes: Person, henk: Person, noon: datetime, visit: Callable[[Person], Client]
) -> None:
    states(rows)
    held = [row.pk for row in rows[2:]]
    later = noon + timedelta(minutes=1)
    with clock.fixed(later):
        page = visit(marloes).get("/posts/held/?tick=1").content.decode()
        assert page.count(" checked>") == 2
        visit(henk).post("/posts/held/release/", {"row": held})
        assert {again(row).state for row in rows[2:]} == {"needs_person"}, "not his"
        told = [visit(marloes).post("/posts/held/release/", {"row": held}, follow=True) for _twice in range(2)]
        assert "2 posts go." in told[0].content.decode()
        assert [again(row).due_at for row in rows[2:]] == [later, later + timedelta(minutes=5)], "two in ten minutes"
        assert AuditEntry.objects.filter(verb="publishing.release_held").count() == 2
        assert states(rows[2:]) == ["published", "scheduled"]


@pytest.mark.django_db(transaction=True)
def test_after_it_was_opened_again_it_is_counted_from_there(
    rows: list[Target], released: Released, marloes: Person, news: Account, noon: datetime
) -> None:
    states(rows)
    with clock.fixed(noon + timedelta(minutes=1)):
        actions.end_pause([news], by=marloes)
        later = [released(text, news) for text in ("De lift doet het weer.", "Wij zoeken een leerling.", "Tot morgen.")]
    with clock.fixed(noon + timedelta(minutes=2)):
        assert states(later) == ["published", "published", "needs_person"]


@pytest.mark.parametrize("most", [0, -1, 10_001])
def test_between_one_and_many(bram: Person, most: int) -> None:
    with pytest.raises(Refused) as refused:
        people.change_house(by=SYSTEM, house=house(), brake=most)
    assert refused.value.field == "brake"
