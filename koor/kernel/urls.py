"""Addresses of the kernel: files only."""

from django.urls import path

from koor.kernel import views

app_name = "kernel"
urlpatterns = [path("files/<str:handle>/<str:name>", views.file, name="file")]
