from django.apps import AppConfig


class Academy(AppConfig):
    """Lessons, practice, and the autonomy that follows."""

    name = "koor.growth.academy"
    label = "academy"
