from django.apps import AppConfig


class Connectors(AppConfig):
    """One folder a platform. An app only for its translations and icons."""

    name = "koor.connectors"
    label = "connectors"
