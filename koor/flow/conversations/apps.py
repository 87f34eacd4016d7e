from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Conversations(AppConfig):
    """One inbox; who answers depends."""

    name = "koor.flow.conversations"
    label = "conversations"
    verbose_name = _("Conversations")
