from django.apps import AppConfig


class People(AppConfig):
    """Colleagues: who they are, what they know, when they are away."""

    name = "koor.ground.people"
    label = "people"
