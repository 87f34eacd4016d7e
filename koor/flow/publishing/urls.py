"""Addresses of publishing."""

from django.urls import path

from koor.flow.publishing.views import newsroom

app_name = "publishing"
urlpatterns = [
    path("newsroom/<slug:slug>/", newsroom.article, name="article"),
]
