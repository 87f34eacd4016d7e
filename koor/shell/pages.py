"""Addresses of the shell's own pages."""

from django.urls import URLPattern, path

from koor.shell import health, views

app_name = "shell"
urlpatterns: list[URLPattern] = [
    path("", views.today, name="today"),
    path("health/", health.show_health, name="health"),
]
