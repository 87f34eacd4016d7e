from django.urls import path

from koor.growth.academy import views

app_name = "academy"
urlpatterns = [
    path("lessons/", views.lessons, name="lessons"),
    path("lessons/write/", views.write, name="write"),
    path("lessons/practice/", views.practice, name="practice"),
    path("lessons/step/", views.take_step, name="take_step"),
    path("lessons/groups/", views.followed, name="followed"),
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("lessons/<slug:slug>/drop/", views.drop, name="drop"),
    path("lessons/<slug:slug>/edit/", views.write, name="edit"),
]
