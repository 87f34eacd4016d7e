from django.apps import AppConfig


class Contacts(AppConfig):
    """People, organisations and projects outside, and who knows whom."""

    name = "koor.ground.contacts"
    label = "contacts"
