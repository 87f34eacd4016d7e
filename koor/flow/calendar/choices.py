from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Content(TextChoices):
    """What kind of content is promised or planned."""

    WORK = "work", _("Photo of the work")
    EXPLAIN = "explain", _("Explanation")
    CUSTOMER = "customer", _("Customer story")
    COLUMN = "column", _("Column")
    QUESTION = "question", _("Question of the week")
    NEWS = "news", _("News")
    OTHER = "other", _("Other")


class Rhythm(TextChoices):
    DAILY = "daily", _("every working day")
    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every other week")
    MONTHLY = "monthly", _("every month")


class AgreementState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    ENDED = "ended", _("Ended")


class ChangeKind(TextChoices):
    MADE = "made", pgettext_lazy("agreement", "made")
    CHANGED = "changed", pgettext_lazy("agreement", "changed")
    ENDED = "ended", pgettext_lazy("agreement", "ended")


class ChangeState(TextChoices):
    WAITING = "waiting", pgettext_lazy("agreement", "waits for an answer")
    AGREED = "agreed", pgettext_lazy("agreement", "agreed")
    DECLINED = "declined", pgettext_lazy("agreement", "rather not")
    WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "taken back")


class CampaignKind(TextChoices):
    CAMPAIGN = "campaign", _("Campaign")
    EVENT = "event", _("Event")
    FAIR = "fair", _("Trade fair")


class Region(TextChoices):
    """Where schools have their holidays together, in the Netherlands."""

    NORTH = "north", pgettext_lazy("school holidays", "North")
    MIDDLE = "middle", pgettext_lazy("school holidays", "Middle")
    SOUTH = "south", pgettext_lazy("school holidays", "South")


class Unready(TextChoices):
    """Why what was laid out on a place waits as a draft: what publishing refused it for."""

    ALT = "alt", _("Not ready: say what the picture shows")
    CONSENT = "consent", _("Not ready: not everybody in it agrees to this place")
    LIMITS = "limits", _("Not ready: it does not fit its channel")
    NOWHERE = "nowhere", _("Not ready: choose where it goes")
    BUDDY = "buddy", _("Not ready: ask a colleague to read it")
    OTHER = "other", _("Not ready: it waits as a draft")
