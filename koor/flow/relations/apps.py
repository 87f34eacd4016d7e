from django.apps import AppConfig


class Relations(AppConfig):
    """Every touch with a contact on one line."""

    name = "koor.flow.relations"
    label = "relations"
