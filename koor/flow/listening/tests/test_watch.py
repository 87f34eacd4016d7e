"""What is looked at, and of what an alarm is made."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from koor.flow.listening import actions
from koor.flow.listening.models import Burst, Count, Mention, Proposal, Query, Source
from koor.flow.listening.queries import bursts
from koor.flow.listening.queries.counting import PART, part_of
from koor.kernel import clock
from koor.kernel.access import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def query(noon: datetime) -> Callable[..., Query]:
    def make(name: str) -> Query:
        return Query.objects.create(name=name, expression=name, made_at=clock.now(), changed_at=clock.now())

    return make


@pytest.fixture
def long(said: Callable[..., Mention], noon: datetime) -> Mention:
    """The house has listened for twenty days."""
    made = said("hallo")
    Source.objects.update(made_at=clock.now() - timedelta(days=20))
    return made


def _count(kind: str, key: str, number: int, *, ago: int = 0, parts: int = 1) -> None:
    last = part_of(clock.now())
    rows = [Count(kind=kind, key=key, at=last - (ago + n) * PART, number=number) for n in range(parts)]
    Count.objects.bulk_create(rows)


def test_oh_ohs_and_what_goes_on_are_looked_at_however_much_else_there_is(
    long: Mention, query: Callable[..., Query]
) -> None:
    many = [query(f"q{n}") for n in range(23)]
    for one in many:
        _count("query", str(one.pk), 5, parts=600)
    rare = query("rare")
    _count("query", str(rare.pk), 9)
    _count("burns", "", 40)
    last = {"since": clock.now(), "at": clock.now(), "posts": 40, "people": 9, "usual": 1, "top": 40}
    told = [Burst.objects.create(kind="burns", key="", **last)]
    told += [Burst.objects.create(kind="query", key=str(one.pk), **last) for one in many]
    assert len(bursts.worth_a_look(bursts.full_streams(), bursts.known_bursts())) == 25
    Burst.objects.filter(kind="query").update(ended_at=clock.now())
    looked = dict(bursts.worth_a_look(bursts.full_streams(), bursts.known_bursts()))
    assert len(looked) == bursts.MOST + 1
    assert {("burns", ""), ("query", str(rare.pk))} <= looked.keys()
    actions.watch(by=SYSTEM)
    told[0].refresh_from_db()
    assert told[0].ended_at is None


def test_praise_makes_no_alarm(
    long: Mention, query: Callable[..., Query], bring_in: Callable[..., object], noon: datetime
) -> None:
    pump = query("pomp")
    _count("query", str(pump.pk), 1, ago=13, parts=4000)
    at = (clock.now() - timedelta(minutes=30)).isoformat()
    bring_in(
        *({"id": f"a{n}", "text": f"de pomp {n} {chr(97 + n % 26) * 5}", "author": f"A{n}", "created_at": at}
          for n in range(60))
    )  # fmt: skip
    ones = Mention.objects.filter(matches__query=pump).order_by("pk")
    Mention.objects.filter(pk__in=[one.pk for one in ones[9:]]).update(label="aha")
    assert actions.watch(by=SYSTEM) == []
    Mention.objects.filter(label="aha").update(label="")
    aha = {"label": "aha", "reasons": ["fijn"], "made_at": noon}
    Proposal.objects.bulk_create(Proposal(mention=one, sure=0.9, **aha) for one in ones[9:])
    assert actions.watch(by=SYSTEM) == []
    Proposal.objects.update(sure=0.36)  # so it is of what Koor knows nothing of
    assert [(one.kind, one.posts) for one in actions.watch(by=SYSTEM)] == [("query", 60)]


def test_a_topic_is_known_since_it_was_counted_first(
    long: Mention, bring_in: Callable[..., object], noon: datetime
) -> None:
    at = (clock.now() - timedelta(minutes=30)).isoformat()
    bring_in(
        *({"id": f"a{n}", "text": f"De warmtepomp en de radiator zijn koud {n}", "author": f"A{n}", "created_at": at}
          for n in range(9))
    )  # fmt: skip
    actions.sort_by_topic(by=SYSTEM)
    assert actions.watch(by=SYSTEM) == []
    _count("topic", "warmte", 1, ago=4000)
    assert [one.key for one in actions.watch(by=SYSTEM)] == ["warmte"]
