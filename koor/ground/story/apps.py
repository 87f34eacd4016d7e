from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Story(AppConfig):
    """The why of the organisation, in versions that colleagues read."""

    name = "koor.ground.story"
    label = "story"
    verbose_name = _("Our story")
