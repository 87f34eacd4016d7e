"""Addresses of the shell's own pages."""

from django.urls import URLPattern, path

from koor.shell import health
from koor.shell.views import door, search, today

app_name = "shell"
urlpatterns: list[URLPattern] = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("language/", door.language, name="language"),
    path("koor.webmanifest", door.manifest, name="manifest"),
    path("health/", health.show_health, name="health"),
]
