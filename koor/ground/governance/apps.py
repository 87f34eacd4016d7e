from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Governance(AppConfig):
    """Who may do what, who is responsible, and what happened."""

    name = "koor.ground.governance"
    label = "governance"
    verbose_name = _("Who may what")
