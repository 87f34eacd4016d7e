from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class People(AppConfig):
    """Colleagues: who they are, what they know, when they are away."""

    name = "koor.ground.people"
    label = "people"
    verbose_name = _("Colleagues")
