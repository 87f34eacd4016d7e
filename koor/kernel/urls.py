"""Addresses of the kernel: files, out and in."""

from django.urls import path

from koor.kernel import tus, views

app_name = "kernel"
urlpatterns = [
    path("files/<str:handle>/<str:name>", views.file, name="file"),
    path("lent/<str:ticket>/<str:name>", views.lent_file, name="lent"),
    path("uploads/", tus.uploads, name="uploads"),
    path("uploads/<str:handle>/", tus.upload, name="upload"),
]
