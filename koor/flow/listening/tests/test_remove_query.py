"""A query is removed: what it met waits a month, in which all of it can come back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from koor.flow.listening import actions, queries
from koor.flow.listening.models import Match, Query, View
from koor.flow.listening.tests.conftest import number_of
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
BringIn = Callable[..., actions.Tally]
Visit = Callable[[Person | None], Client]


@pytest.fixture
def pump(bring_in: BringIn, marloes: Person, noon: datetime) -> Query:
    bring_in({"text": "De pomp is stuk"}, {"text": "Iets anders"})
    made = actions.add_query(by=marloes, name="Pompen", expression="pomp")
    actions.keep_view(by=marloes, name="Mijn pompen", filters=queries.Filters(query=made.pk))
    actions.keep_view(by=marloes, name="Andere", filters=queries.Filters(words=f"query={made.pk}"))
    return made


def test_it_goes_and_comes_back_as_it_was(pump: Query, bring_in: BringIn, marloes: Person, visit: Visit) -> None:
    browser, page = visit(marloes), f"/listen/queries/{pump.pk}/"
    told = browser.get(f"{page}remove/").content.decode()
    assert "What was said stays in the stream" in told
    assert "Mijn pompen" in told
    assert "Andere" not in told
    gone = browser.post(f"{page}remove/", follow=True).content.decode()
    assert "“Pompen” is gone. For 30 days it can come back." in gone
    assert "1 removed query can still come back" in gone
    assert browser.get(page).status_code == 404
    bring_in({"id": "later", "text": "Weer een pomp"})
    assert Match.objects.count() == 1, "it does not listen any more"
    stream = browser.get(f"/listen/?query={pump.pk}").content.decode()
    assert "This query was removed." in stream
    assert "De pomp is stuk" in stream
    assert browser.post(f"{page}restore/").status_code == 302
    assert Match.objects.count() == 2, "what came in meanwhile is looked back at"
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}restore/").status_code == 404
    verbs = AuditEntry.objects.filter(verb__in=["listening.remove_query", "listening.restore_query"])
    assert verbs.count() == 2


def test_its_name_is_free_and_then_it_waits_for_another(pump: Query, marloes: Person, visit: Visit) -> None:
    actions.pause_query(by=marloes, query=pump)
    actions.remove_query(by=marloes, query=pump)
    other = actions.add_query(by=marloes, name="Pompen", expression="ketel")
    said = visit(marloes).post(f"/listen/queries/{pump.pk}/restore/", follow=True).content.decode()
    assert "There is a query called “Pompen” already." in said
    with pytest.raises(Refused):
        actions.restore_query(by=marloes, query=pump)
    actions.remove_query(by=marloes, query=other)
    assert not actions.restore_query(by=marloes, query=pump).active, "paused, as it was"


def test_after_a_month_what_it_met_is_forgotten_and_its_name_stays(
    pump: Query, marloes: Person, anneke: Person, visit: Visit, noon: datetime
) -> None:
    with pytest.raises(Forbidden):
        actions.remove_query(by=anneke, query=pump)
    actions.remove_query(by=marloes, query=pump)
    assert actions.forget_removed_queries(by=SYSTEM) == 0
    with clock.fixed(noon + timedelta(days=31)):
        assert actions.forget_removed_queries(by=SYSTEM) == 1
        assert actions.forget_removed_queries(by=SYSTEM) == 0
        assert visit(marloes).post(f"/listen/queries/{pump.pk}/restore/").status_code == 404
    assert not Match.objects.exists()
    assert list(View.objects.values_list("name", flat=True)) == ["Andere"]
    assert Query.objects.get().name == "Pompen"
    assert number_of("query", str(pump.pk)) == 0


def test_many_queries_stand_on_pages_and_are_found_by_words(marloes: Person, visit: Visit, noon: datetime) -> None:
    for n in range(35):
        Query.objects.create(name=f"Merk {n:02}", expression=f"merk{n}", made_at=noon, changed_at=noon)
    browser = visit(marloes)
    first = browser.get("/listen/queries/").content.decode()
    assert "35 queries listen." in first
    assert ("Merk 29" in first, "Merk 30" in first) == (True, False)
    assert "Merk 34" in browser.get("/listen/queries/?page=2").content.decode()
    found = browser.get("/listen/queries/?q=merk34").content.decode()
    assert ("Merk 34" in found, "Merk 33" in found) == (True, False)
    assert "No query has these words." in browser.get("/listen/queries/?q=zonder").content.decode()
    assert len(browser.get("/listen/").context["beside"]) == 30
