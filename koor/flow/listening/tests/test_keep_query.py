"""Saved queries are kept, changed and paused; and they look back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from koor.flow.listening import actions, queries, tasks
from koor.flow.listening.actions import asking, changing
from koor.flow.listening.models import Match, Mention, Query
from koor.ground.people.models import House, Person
from koor.kernel import clock, locks
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.panels import todos_of

BringIn = Callable[..., actions.Tally]
Visit = Callable[[Person | None], Client]


def met(query: Query) -> set[str]:
    return set(Match.objects.filter(query=query).values_list("mention__external_id", flat=True))


def test_a_new_query_meets_the_last_thirty_days(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": "pomp stuk"}, {"text": "fiets stuk"}, {"text": "oude pomp"})
    Mention.objects.filter(external_id="p3").update(stored_at=noon - timedelta(days=31))
    query = actions.add_query(by=marloes, name=" Onze  pomp ", expression=" pomp ")
    assert met(query) == {"p1"}
    assert (query.name, query.expression, query.by) == ("Onze pomp", "pomp", marloes)
    query.refresh_from_db()
    assert query.looked_back_at == noon
    assert AuditEntry.objects.get(verb="listening.add_query").target_name == "Onze pomp"


def test_the_post_may_be_old_when_it_came_in_now(noon: datetime, bring_in: BringIn) -> None:
    bring_in({"text": "pomp", "created_at": "2015-02-24T11:35:52Z"})
    assert met(actions.add_query(by=SYSTEM, name="pomp", expression="pomp")) == {"p1"}


@pytest.mark.parametrize(
    ("name", "expression", "field"),
    [
        ("", "pomp", "name"),
        ("x" * 81, "pomp", "name"),
        ("POMP", "pomp", "name"),
        ("nieuw", "storing AND OR koud", "expression"),
        ("nieuw", "NOT pomp", "expression"),
        ("nieuw", "", "expression"),
        ("nieuw", "x" * 10_001, "expression"),
    ],
)
def test_what_can_not_be(house: House, name: str, expression: str, field: str) -> None:
    actions.add_query(by=SYSTEM, name="pomp", expression="pomp")
    with pytest.raises(Refused) as refused:
        actions.add_query(by=SYSTEM, name=name, expression=expression)
    assert refused.value.field == field
    assert Query.objects.count() == 1


def test_the_message_points_at_the_place(house: House) -> None:
    with pytest.raises(Refused) as refused:
        actions.add_query(by=SYSTEM, name="fout", expression="storing AND OR koud")
    sentence, line, carets = str(refused.value).split("\n")
    assert sentence.startswith("Position 13:")
    assert line[carets.index("^") :].startswith("OR koud")


def test_another_expression_finds_anew(bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": "pomp"}, {"text": "ketel"})
    query = actions.add_query(by=marloes, name="warm", expression="pomp")
    query = actions.edit_query(by=marloes, query=query, name="Warm", expression="ketel")
    assert met(query) == {"p2"}
    bring_in({"id": "later", "text": "ketel"})
    assert met(query) == {"p2", "later"}


def test_another_name_changes_nothing_else(bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": "pomp"})
    query = actions.add_query(by=marloes, name="warm", expression="pomp")
    before = list(Match.objects.values_list("pk", flat=True))
    actions.edit_query(by=marloes, query=query, name="warmte", expression="pomp")
    actions.edit_query(by=marloes, query=query, name="warmte", expression="pomp")
    assert list(Match.objects.values_list("pk", flat=True)) == before
    assert AuditEntry.objects.filter(verb="listening.edit_query").count() == 1


def test_a_pause_is_looked_back_at(bring_in: BringIn, marloes: Person) -> None:
    query = actions.add_query(by=marloes, name="warm", expression="pomp")
    actions.pause_query(by=marloes, query=query)
    actions.pause_query(by=marloes, query=query)
    bring_in({"text": "pomp"})
    assert met(query) == set()
    actions.edit_query(by=marloes, query=query, name="warm", expression="pomp*")
    assert met(query) == set()
    actions.resume_query(by=marloes, query=query)
    assert met(query) == {"p1"}
    assert AuditEntry.objects.filter(verb="listening.pause_query").count() == 1


@pytest.mark.django_db(transaction=True)
def test_with_much_to_look_back_at_the_worker_does_it(
    bring_in: BringIn, marloes: Person, monkeypatch: pytest.MonkeyPatch, run_jobs: Callable[[], None]
) -> None:
    monkeypatch.setattr(asking, "AT_ONCE", 4)
    monkeypatch.setattr(asking, "CHUNK", 2)
    bring_in(*({"text": f"pomp {n}"} for n in range(5)))
    query = actions.add_query(by=marloes, name="warm", expression="pomp")
    assert (met(query), query.looked_back_at) == (set(), None)
    run_jobs()
    assert len(met(query)) == 5
    query.refresh_from_db()
    assert query.looked_back_at is not None


def test_looking_back_twice_or_at_what_is_gone_is_harmless(bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": "pomp"})
    query = actions.add_query(by=marloes, name="warm", expression="pomp")
    tasks.look_back.func(query=query.pk)
    tasks.look_back.func(query=10_000)
    assert len(met(query)) == 1


def test_a_look_back_stops_when_the_expression_changed_meanwhile(bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": "pomp"}, {"text": "ketel"})
    query = actions.add_query(by=marloes, name="warm", expression="pomp")
    stale = Query.objects.get(pk=query.pk)
    actions.edit_query(by=marloes, query=query, name="warm", expression="ketel")
    asking._look_back_at(stale, 100)
    assert met(query) == {"p2"}


def test_what_our_accounts_say_is_not_looked_back_at(bring_in: BringIn) -> None:
    bring_in({"text": "pomp"})
    Mention.objects.update(ours=True)
    assert met(actions.add_query(by=SYSTEM, name="warm", expression="pomp")) == set()


def test_a_query_that_contradicts_itself_is_kept_and_meets_nothing(bring_in: BringIn) -> None:
    bring_in({"text": "pomp"})
    assert met(actions.add_query(by=SYSTEM, name="niets", expression="pomp NOT pomp")) == set()


def test_one_that_can_not_be_read_any_more_is_told(bring_in: BringIn, marloes: Person, visit: Visit) -> None:
    kept = actions.add_query(by=SYSTEM, name="Storing", expression="storing OR spam")
    Query.objects.filter(pk=kept.pk).update(expression="storing OR -#spam")
    actions.add_query(by=SYSTEM, name="Naam", expression='els-marie OR "a -b"')
    page = visit(marloes).get("/listen/queries/").content.decode()
    assert "1 query listens. 1 can't be read any more and hears nothing." in page.replace("&#x27;", "'")
    assert page.count("can't be read<span") + page.count("can&#x27;t be read<span") == 1
    assert [one.url for one in todos_of(marloes) if "Storing" in one.title] == [f"/listen/queries/{kept.pk}/"]
    for older in ("->heet", "-'t huis", "prijs -€5", "-/-100", "!=x", '"koud"-heet', "koud (-heet OR warm)"):
        Query.objects.filter(pk=kept.pk).update(expression=older)
        assert any("Storing" in one.title for one in todos_of(marloes)), older
    page = visit(marloes).get(f"/listen/queries/{kept.pk}/").content.decode()
    assert "any more, so it hears nothing: below stands why." in page
    assert 'class="pointer"' in page
    assert "Not saved yet" not in page
    sent = {"name": kept.name, "expression": "storing OR (spam"}
    page = visit(marloes).post(f"/listen/queries/{kept.pk}/", sent).content.decode()
    assert "be read yet." in page
    assert "Not saved yet. What you filled in is still here." in page


def test_who_may(house: House, pieter: Person, bram: Person) -> None:
    query = actions.add_query(by=pieter, name="warm", expression="pomp")
    for refused in (
        lambda: actions.add_query(by=bram, name="x", expression="y"),
        lambda: actions.edit_query(by=bram, query=query, name="x", expression="y"),
        lambda: actions.pause_query(by=bram, query=query),
        lambda: actions.resume_query(by=bram, query=query),
    ):
        with pytest.raises(Forbidden):
            refused()


@pytest.mark.django_db(transaction=True)
def test_a_query_waits_for_those_who_store(bring_in: BringIn) -> None:
    """Otherwise a mention could fall between the live matching and the look back."""
    import threading

    from django.db import connection

    from koor.flow.listening.actions.storing import lock_queries

    steps: list[str] = []

    def keep() -> None:
        try:
            actions.add_query(by=SYSTEM, name="warm", expression="pomp")
            steps.append("kept")
        finally:
            connection.close()

    with transaction.atomic():
        lock_queries()
        other = threading.Thread(target=keep)
        other.start()
        other.join(0.4)
        steps.append("stored")
    other.join(10)
    assert steps == ["stored", "kept"]
    assert queries.matcher().match("pomp")


def test_an_expression_is_read_before_others_have_to_wait(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = actions.add_query(by=SYSTEM, name="warm", expression="pomp")
    steps: list[str] = []
    read, lock = asking.read_query, asking.lock_queries
    monkeypatch.setattr(asking, "read_query", lambda given: steps.append("read") or read(given))
    monkeypatch.setattr(asking, "lock_queries", lambda **how: steps.append("lock") or lock(**how))
    actions.add_query(by=SYSTEM, name="koud", expression="storing")
    actions.edit_query(by=SYSTEM, query=kept, name="warm", expression="pompen")
    assert steps == ["read", "lock"] * 2


def test_a_clock_that_goes_back_hides_no_change(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    first = actions.add_query(by=marloes, name="a", expression="pomp")
    with clock.fixed(noon + timedelta(hours=1)):
        actions.add_query(by=marloes, name="b", expression="ketel")
        queries.matcher()
    actions.edit_query(by=marloes, query=first, name="a", expression="fiets")
    bring_in({"text": "fiets stuk"})
    assert met(first) == {"p1"}


@pytest.mark.django_db(transaction=True)
def test_looking_back_keeps_changes_waiting(
    noon: datetime, bring_in: BringIn, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it reads keeps its words until what met it is written."""
    held: list[int] = []
    read = queries.mentions_to_look_back

    def looked(since: datetime, after: int, most: int) -> object:
        with connection.cursor() as cursor:
            asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid=%s"
            cursor.execute(asked, [locks.number_of(changing.LOCK) % 2**32])  # its lower half
            held.append(cursor.fetchone()[0])
        return read(since, after, most)

    bring_in({"text": "pomp stuk"})
    query = actions.add_query(by=marloes, name="a", expression="pomp")
    monkeypatch.setattr(queries, "mentions_to_look_back", looked)
    asking.look_back(query.pk)
    assert held == [1, 1]
