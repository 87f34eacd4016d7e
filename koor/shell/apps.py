from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Shell(AppConfig):
    """The front door: addresses, frames, home, search, command line."""

    name = "koor.shell"
    label = "shell"
    verbose_name = _("The house")
