"""Events and trade fairs are occasions to show something: the page of occasions counts them too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.test import Client

from koor.flow.calendar.models import Campaign
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock

Visit = Callable[[Person | None], Client]


def event(name: str, day: date) -> Campaign:
    return Campaign.objects.create(name=name, kind="event", first_day=day, last_day=day)


def test_the_page_counts_what_is_on_today_and_not_what_is_later_or_off(
    noon: datetime, marloes: Person, visit: Visit
) -> None:
    today, curator = clock.today(house().zone), visit(marloes)
    assert "event or trade fair." not in curator.get("/occasions/").content.decode()
    soon = event("Open day", today + timedelta(days=20))
    event("Fair", today + timedelta(days=40))
    assert "1 event or trade fair." in curator.get("/occasions/").content.decode()
    curator.post(f"/occasions/from-campaign-{soon.pk}/switch/", {"on": "0"})
    assert "event or trade fair." not in curator.get("/occasions/").content.decode()
