from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Listening(AppConfig):
    """What is said outside, and what of it matters."""

    name = "koor.flow.listening"
    label = "listening"
    verbose_name = _("Listening")
