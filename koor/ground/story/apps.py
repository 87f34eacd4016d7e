from django.apps import AppConfig


class Story(AppConfig):
    """The why of the organisation, in versions that colleagues read."""

    name = "koor.ground.story"
    label = "story"
