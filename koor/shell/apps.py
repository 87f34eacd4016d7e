from django.apps import AppConfig


class Shell(AppConfig):
    """The front door: addresses, frames, home, search, command line."""

    name = "koor.shell"
    label = "shell"
