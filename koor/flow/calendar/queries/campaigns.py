"""Campaigns, events and trade fairs, with what belongs to them."""

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from koor.flow.calendar.choices import CampaignKind
from koor.flow.calendar.models import Campaign
from koor.flow.calendar.queries.period import Placed, absent_between, placed, slots
from koor.ground.people.models import Person
from koor.ground.people.queries import today
from koor.kernel.access import NotFound

SHOWN_AHEAD = 21  # days before an event that colleagues are asked to show something


def campaigns(person: Person, first: date, last: date) -> list[Campaign]:
    """Campaigns that touch these days, with how many slots stand and how many are ready."""
    rows = Campaign.objects.filter(Q(first_day__lte=last), Q(last_day__gte=first))
    there = Q(slots__dropped_at=None, slots__isnull=False)
    counted = rows.annotate(
        places=Count("slots", filter=there), ready=Count("slots", filter=there & Q(slots__filled=True))
    )
    return list(counted.order_by("first_day", "pk")[:200])


def to_show_for(ahead: int = SHOWN_AHEAD) -> QuerySet[Campaign]:
    """Events and trade fairs that are on or come within so many days: a reason to show something."""
    day = today()
    near = Campaign.objects.filter(kind__in=[CampaignKind.EVENT, CampaignKind.FAIR], last_day__gte=day)
    return near.filter(first_day__lte=day + timedelta(days=ahead)).order_by("first_day", "pk")


def campaign(person: Person, pk: int) -> Campaign:
    found = Campaign.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def placed_of_campaign(person: Person, campaign: Campaign) -> list[Placed]:
    """Its places in order, wherever they stand."""
    rows = list(slots().filter(campaign=campaign).order_by("day", "time", "id")[:300])
    return placed(rows, list(absent_between(rows[0].day, rows[-1].day)) if rows else [])
