from django.urls import path

from koor.flow.relations.views import after, line

app_name = "relations"
urlpatterns = [
    path("relations/quiet/", line.quiet, name="quiet"),
    path("relations/quiet/house/", line.quiet_in_the_house, name="quiet_in_the_house"),
    path("relations/after/", after.after, name="after"),
    path("relations/after/<int:project>/", after.write, name="after_one"),
    path("relations/after/<int:project>/told/", after.told, name="after_told"),
    path("relations/after/<int:project>/pass/", after.pass_over, name="after_pass"),
    path("relations/after/done/<int:pk>/undo/", after.undo, name="after_undo"),
    path("relations/<int:contact>/touch/", line.note, name="note"),
    path("relations/<int:contact>/rhythm/", line.rhythm, name="rhythm"),
    path("relations/<int:contact>/later/", line.later, name="later"),
    path("relations/<int:contact>/story/", line.story, name="story"),
    path("relations/touches/<int:pk>/forget/", line.forget, name="forget"),
]
