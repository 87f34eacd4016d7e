from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Kernel(AppConfig):
    """Tools without a domain word. At start every room's registrations are read."""

    name = "koor.kernel"
    label = "kernel"

    def ready(self) -> None:
        autodiscover_modules("access", "receivers", "panels", "tasks", "personal")
