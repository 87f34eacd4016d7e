from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Relations(AppConfig):
    """Every touch with a contact on one line."""

    name = "koor.flow.relations"
    label = "relations"
    verbose_name = _("Relations")
