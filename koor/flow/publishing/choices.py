from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """Where a post is on its way out, before its rows take over."""

    DRAFT = "draft", _("Draft")
    WITH_BUDDY = "with_buddy", _("With a buddy")
    RELEASED = "released", _("Released")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class State(TextChoices):
    """State of a row (one post, one account). The names of docs/decisions on delivery; shown everywhere."""

    SCHEDULED = "scheduled", _("Scheduled")
    CLAIMED = "claimed", _("About to go")
    SENDING = "sending", _("On its way")
    WAITING = "waiting", _("Waits for another try")
    UNKNOWN = "unknown", _("Unknown, we look back")
    RECONCILING = "reconciling", _("Looking back")
    PUBLISHED = "published", _("Is up")
    NEEDS_PERSON = "needs_person", _("Needs you")
    MISSED = "missed", _("Missed its moment")
    REJECTED = "rejected", _("Refused by the platform")
    CANCELLED = "cancelled", _("Cancelled")


FINAL = (State.PUBLISHED, State.MISSED, State.REJECTED, State.CANCELLED)


class Step(TextChoices):
    """What an attempt did on the network."""

    SEND = "send", _("Sent")
    LOOK = "look", _("Looked back")
