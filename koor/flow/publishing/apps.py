from django.apps import AppConfig


class Publishing(AppConfig):
    """One idea, in each account's own words, posted once."""

    name = "koor.flow.publishing"
    label = "publishing"
