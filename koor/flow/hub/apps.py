from django.apps import AppConfig


class Hub(AppConfig):
    """The work itself: captures, the library, ideas and questions to colleagues."""

    name = "koor.flow.hub"
    label = "hub"
