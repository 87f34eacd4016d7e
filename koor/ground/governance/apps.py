from django.apps import AppConfig


class Governance(AppConfig):
    """Who may do what, who is responsible, and what happened."""

    name = "koor.ground.governance"
    label = "governance"
