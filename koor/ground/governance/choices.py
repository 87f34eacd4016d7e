from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    """What a conversation or an account is for; decides who is responsible."""

    SERVICE = "service", _("Service")
    SALES = "sales", _("Sales")
    NEWS = "news", _("News")
    TIPS = "tips", _("Tips")
    WORK = "work", _("The work itself")
    JOBS = "jobs", _("Jobs")
    PRACTICE = "practice", _("Practice")
