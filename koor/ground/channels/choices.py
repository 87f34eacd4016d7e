from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AccountState(TextChoices):
    ACTIVE = "active", _("In use")
    PAUSED = "paused", pgettext_lazy("account", "Paused")
    DISCONNECTED = "disconnected", _("Disconnected")


class Health(TextChoices):
    UNKNOWN = "unknown", _("Not looked at yet")
    WELL = "well", pgettext_lazy("account", "Works")
    TROUBLE = "trouble", _("Needs attention")


class May(TextChoices):
    """What a member may do with an account."""

    SEE = "see", pgettext_lazy("what a member may do", "See")
    DRAFT = "draft", pgettext_lazy("what a member may do", "Draft")
    PUBLISH = "publish", pgettext_lazy("what a member may do", "Publish")
    ANSWER = "answer", pgettext_lazy("what a member may do", "Answer")
