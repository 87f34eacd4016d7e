from django.apps import AppConfig


class Listening(AppConfig):
    """What is said outside, and what of it matters."""

    name = "koor.flow.listening"
    label = "listening"
