from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class Kernel(AppConfig):
    """Tools without a domain word. At start every room's registrations are read."""

    name = "koor.kernel"
    label = "kernel"
    verbose_name = _("The house itself")

    def ready(self) -> None:
        from koor.kernel import events, files, knocks, notices, resumable, seals, upkeep  # noqa: F401 their tasks are known before the worker asks

        notices.be_known_by(settings.HOST)
        autodiscover_modules("access", "receivers", "panels", "tasks", "personal")
        from koor.kernel.personal import own_tables  # noqa: F401 the kernel's declarations, beside those of the rooms
