from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Academy(AppConfig):
    """Lessons, practice, and the autonomy that follows."""

    name = "koor.growth.academy"
    label = "academy"
    verbose_name = _("Lessons")
