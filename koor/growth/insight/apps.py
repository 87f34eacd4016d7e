from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Insight(AppConfig):
    """What it did: value before figures."""

    name = "koor.growth.insight"
    label = "insight"
    verbose_name = _("What it did")
