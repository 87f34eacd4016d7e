from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Publishing(AppConfig):
    """One idea, in each account's own words, posted once."""

    name = "koor.flow.publishing"
    label = "publishing"
    verbose_name = _("Posts")
