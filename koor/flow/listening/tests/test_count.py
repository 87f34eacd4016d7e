"""How many there are of what: counted by the database in the transaction that changes it, and always as if anew."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from koor.flow.listening import actions, queries
from koor.flow.listening.models import Count, Match, Mention, Proposal, Source
from koor.flow.listening.tests.conftest import number_of
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock

pytestmark = pytest.mark.django_db
Said = Callable[..., Mention]


def counts() -> dict[tuple[str, str, datetime], int]:
    found: Counter[tuple[str, str, datetime]] = Counter()
    for row in Count.objects.all():
        found[row.kind, row.key, row.at] += row.number
    return {key: number for key, number in found.items() if number}


@pytest.fixture(autouse=True)
def _as_if_anew(db: None) -> object:
    """Whatever a test did, counting anew gives the same numbers."""
    yield
    before = counts()
    actions.recount()
    assert counts() == before


def test_what_comes_in_is_counted_in_its_five_minutes(bring_in: Callable[..., object]) -> None:
    bring_in(*({"id": f"p{n}", "text": "stuk", "created_at": f"2026-11-20T09:{n:02}:59Z"} for n in range(12)))
    source = str(Source.objects.get().pk)
    assert queries.numbers_of("all") == {"": 12}
    assert queries.numbers_of("source") == {source: 12}
    assert queries.numbers_of("label") == {"": 12}
    since = datetime.fromisoformat("2026-11-20T09:00:00Z")
    assert queries.series(("all", ""), since, 4) == [5, 5, 2, 0]
    assert number_of("all", since=since + timedelta(minutes=5)) == 7


def test_marks_matches_and_thoughts_follow(said: Said, pieter: Person, noon: datetime) -> None:
    mention = said("De pomp is stuk")
    query = actions.add_query(by=pieter, name="Pomp", expression="pomp")
    assert number_of("query", str(query.pk)) == 1
    Proposal.objects.create(mention=mention, label="ohoh", sure=0.8, reasons=["stuk"], made_at=noon)
    assert number_of("burns") == 1
    actions.mark(by=pieter, mention_id=mention.pk, label="ohoh")
    assert (number_of("burns"), number_of("label", "ohoh"), number_of("label")) == (1, 1, 0)
    actions.mark(by=pieter, mention_id=mention.pk, label="noise")
    assert number_of("burns") == 0
    Proposal.objects.update(label="aha")
    actions.mark(by=pieter, mention_id=mention.pk, label="")
    assert (number_of("burns"), number_of("label")) == (0, 1)
    Proposal.objects.update(label="ohoh", reasons=[])
    assert number_of("burns") == 0
    actions.edit_query(by=pieter, query=query, name="Pomp", expression="ketel")
    assert number_of("query", str(query.pk)) == 0


def test_what_is_erased_counts_no_more(said: Said, pieter: Person, noon: datetime) -> None:
    mention = said("De pomp is stuk")
    actions.add_query(by=pieter, name="Pomp", expression="pomp")
    Proposal.objects.create(mention=mention, label="ohoh", sure=0.8, reasons=["stuk"], made_at=noon)
    mention.delete()
    assert counts() == {}


def test_ours_and_what_was_said_to_a_colleague_alone_stay_out(said: Said, pieter: Person, noon: datetime) -> None:
    own = said("Wij zijn open")
    Mention.objects.filter(pk=own.pk).update(ours=True)
    account = Account.objects.create(connector="mastodon", name="P", personal=True, owner=pieter, made_at=noon)
    source = Source.objects.create(name="P", kind="account", account=account, made_at=noon)
    said_at = {"said_at": noon, "stored_at": noon, "source": source, "author": "Els", "text": "Dag"}
    Mention.objects.create(external_id="a", kind="direct", **said_at)
    assert counts() == {}
    Mention.objects.create(external_id="b", kind="reply", **said_at)
    assert number_of("all") == 1


def test_rows_are_put_together(said: Said, noon: datetime) -> None:
    for _time in range(3):
        said("stuk")
    before = counts()
    assert Count.objects.count() == 9
    assert actions.fold_counts() == 9
    assert (Count.objects.count(), counts()) == (3, before)
    assert actions.fold_counts() == 0
    said("stuk")
    assert actions.fold_counts() == 3
    assert Count.objects.count() == 3
    Mention.objects.all().delete()
    actions.fold_counts()
    assert Count.objects.count() == 0


def test_what_rises_is_found_by_one_question(
    said: Said, pieter: Person, django_assert_num_queries: Callable[..., object]
) -> None:
    query = actions.add_query(by=pieter, name="Pomp", expression="pomp")
    for number in range(9):
        at = (clock.now() - timedelta(minutes=number)).isoformat()
        actions.mark(by=pieter, mention_id=said("Pomp stuk", created_at=at).pk, label="ohoh" if number else "")
    with django_assert_num_queries(1):
        found = queries.rising(clock.now() - timedelta(hours=1), 8)
    assert found == [(("query", str(query.pk)), 9), (("burns", ""), 8)]
    assert Match.objects.count() == 9


def test_the_picture_is_by_hour_day_or_week(
    bring_in: Callable[..., actions.Tally], marloes: Person, noon: datetime, visit: Callable[[Person], Client]
) -> None:
    before = timedelta(hours=23, minutes=57)  # in the last 24 hours, and before the first hour of the picture
    ago = (timedelta(minutes=1), timedelta(hours=3), before, timedelta(days=3), timedelta(weeks=5))
    bring_in(*({"text": f"De pomp {n}", "created_at": (noon - one).isoformat()} for n, one in enumerate(ago)))
    query = actions.add_query(by=marloes, name="Pompen", expression="pomp")
    for filters in (queries.Filters(), queries.Filters(query=query.pk), queries.Filters(words="pomp")):
        drawn = {span: queries.figures(marloes, filters, span).days for span in queries.SPANS}
        assert {span: (len(days), sum(day.total for day in days)) for span, days in drawn.items()} == {
            "days": (14, 4), "hours": (24, 2), "weeks": (12, 5),
        }  # fmt: skip
        assert drawn["hours"][-1].start <= noon < drawn["hours"][-1].start + timedelta(hours=1)
        assert drawn["weeks"][-1].start.weekday() == 0
    page = visit(marloes).get(f"/listen/?query={query.pk}&span=hours").content.decode()
    assert "Mentions per hour" in page
    assert f"?query={query.pk}&amp;span=weeks" in page
    assert "Mentions per day" in visit(marloes).get("/listen/?span=nonsense").content.decode()
