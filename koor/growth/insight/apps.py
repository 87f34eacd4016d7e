from django.apps import AppConfig


class Insight(AppConfig):
    """What it did: value before figures."""

    name = "koor.growth.insight"
    label = "insight"
