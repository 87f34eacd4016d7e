from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Contacts(AppConfig):
    """People, organisations and projects outside, and who knows whom."""

    name = "koor.ground.contacts"
    label = "contacts"
    verbose_name = _("People outside")
