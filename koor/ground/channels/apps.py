from django.apps import AppConfig


class Channels(AppConfig):
    """Accounts on platforms, each with a purpose and an owner."""

    name = "koor.ground.channels"
    label = "channels"
