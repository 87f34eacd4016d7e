from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountState(TextChoices):
    ACTIVE = "active", _("In use")
    PAUSED = "paused", _("Paused")
    DISCONNECTED = "disconnected", _("Disconnected")


class Health(TextChoices):
    UNKNOWN = "unknown", _("Not looked at yet")
    WELL = "well", _("Works")
    TROUBLE = "trouble", _("Needs attention")


class May(TextChoices):
    """What a member may do with an account."""

    SEE = "see", _("See")
    DRAFT = "draft", _("Draft")
    PUBLISH = "publish", _("Publish")
    ANSWER = "answer", _("Answer")
