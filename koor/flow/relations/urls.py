from django.urls import path

from koor.flow.relations import views

app_name = "relations"
urlpatterns = [
    path("relations/quiet/", views.quiet, name="quiet"),
    path("relations/quiet/house/", views.quiet_in_the_house, name="quiet_in_the_house"),
    path("relations/<int:contact>/touch/", views.note, name="note"),
    path("relations/<int:contact>/rhythm/", views.rhythm, name="rhythm"),
    path("relations/<int:contact>/later/", views.later, name="later"),
    path("relations/<int:contact>/story/", views.story, name="story"),
    path("relations/touches/<int:pk>/forget/", views.forget, name="forget"),
]
