"""Campaigns, events and trade fairs."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koor.flow.calendar import access
from koor.flow.calendar.choices import CampaignKind
from koor.flow.calendar.models import Campaign
from koor.ground.people.access import Colleague
from koor.kernel import audit
from koor.kernel.access import Refused, require


def plan_campaign(
    *,
    by: Colleague,
    name: str,
    first_day: date,
    last_day: date,
    about: str = "",
    kind: str = CampaignKind.CAMPAIGN,
) -> Campaign:
    """Name a campaign, event or trade fair."""
    return _kept(by, "calendar.plan_campaign", Campaign(), name, first_day, last_day, about, kind)


def change_campaign(
    *, by: Colleague, campaign: Campaign, name: str, first_day: date, last_day: date, about: str = "", kind: str
) -> Campaign:
    """Another name, other days; what belongs to it stays."""
    return _kept(by, "calendar.change_campaign", campaign, name, first_day, last_day, about, kind)


def _kept(
    by: Colleague, verb: str, campaign: Campaign, name: str, first: date, last: date, about: str, kind: str
) -> Campaign:
    require(access.may_plan(by))
    if last < first:
        raise Refused(_("The last day lies before the first."), field="last_day")
    campaign.name, campaign.about, campaign.kind = name, about, kind
    campaign.first_day, campaign.last_day = first, last
    try:
        with transaction.atomic():
            campaign.save()
            audit.record(by=by, verb=verb, target=campaign)
    except IntegrityError as error:
        raise Refused(_("There is already a campaign with this name."), field="name") from error
    return campaign


@transaction.atomic
def remove_campaign(*, by: Colleague, campaign: Campaign) -> None:
    """It is no more; its places stay in the calendar."""
    require(access.may_plan(by))
    audit.record(by=by, verb="calendar.remove_campaign", target=campaign, places=campaign.slots.count())
    campaign.delete()
