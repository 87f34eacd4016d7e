"""Counts of long ago are put together by the day; sums stay what they were."""

from collections.abc import Callable
from datetime import datetime, timedelta

from koor.flow.listening import actions, queries
from koor.flow.listening.models import Count
from koor.ground.people.models import Person


def test_sums_stay(noon: datetime, bring_in: Callable[..., actions.Tally], marloes: Person) -> None:
    def at(days: int, hours: int = 0) -> str:
        return (noon - timedelta(days=days, hours=hours)).isoformat()

    bring_in(*({"text": f"De pomp {n}", "created_at": at(40 + n % 2, n % 5)} for n in range(12)))
    bring_in({"id": "new", "text": "Nieuw", "created_at": at(1)})
    actions.fold_counts()
    before = queries.figures(marloes, queries.Filters()).counts
    rows = Count.objects.count()
    assert actions.fold_days() > 0
    assert Count.objects.count() < rows
    assert queries.figures(marloes, queries.Filters()).counts == before
    assert actions.fold_days() == 0
    assert set(Count.objects.filter(kind="all").values_list("number", flat=True)) == {1, 6}
    actions.recount()
    assert queries.figures(marloes, queries.Filters()).counts == before
