from django.apps import AppConfig


class Conversations(AppConfig):
    """One inbox; who answers depends."""

    name = "koor.flow.conversations"
    label = "conversations"
