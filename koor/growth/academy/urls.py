from django.urls import path

from koor.growth.academy import views

app_name = "academy"
urlpatterns = [
    path("lessons/", views.lessons, name="lessons"),
    path("lessons/write/", views.write, name="write"),
    path("lessons/groups/", views.followed, name="followed"),
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("lessons/<slug:slug>/edit/", views.write, name="edit"),
]
