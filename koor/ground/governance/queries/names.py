"""How the rooms of the house are called."""

from django.apps import apps


def room_name(room: str) -> str:
    """A room as people call it."""
    return str(apps.get_app_config(room).verbose_name) if room in apps.app_configs else room
