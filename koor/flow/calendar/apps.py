from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Calendar(AppConfig):
    """Agreements and slots: who shows what, when."""

    name = "koor.flow.calendar"
    label = "calendar"
    verbose_name = _("Calendar")
