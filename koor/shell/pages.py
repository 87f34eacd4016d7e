"""Addresses of the shell's own pages."""

from django.urls import URLPattern, path

from koor.shell import views

app_name = "shell"
urlpatterns: list[URLPattern] = [
    path("", views.today, name="today"),
]
