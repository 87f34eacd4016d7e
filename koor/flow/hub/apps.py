from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Hub(AppConfig):
    """The work itself: captures, the library, ideas and questions to colleagues."""

    name = "koor.flow.hub"
    label = "hub"
    verbose_name = _("Library")
