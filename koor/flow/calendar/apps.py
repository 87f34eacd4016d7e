from django.apps import AppConfig


class Calendar(AppConfig):
    """Agreements and slots: who shows what, when."""

    name = "koor.flow.calendar"
    label = "calendar"
