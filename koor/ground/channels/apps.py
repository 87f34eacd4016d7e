from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Channels(AppConfig):
    """Accounts on platforms, each with a purpose and an owner."""

    name = "koor.ground.channels"
    label = "channels"
    verbose_name = _("Channels")
