from django.urls import path

from koor.ground.story import views

app_name = "story"
urlpatterns = [
    path("story/", views.page, name="page"),
    path("story/versions/", views.versions, name="versions"),
    path("story/versions/<int:number>/", views.version, name="version"),
    path("story/write/", views.write, name="write"),
    path("story/draft/", views.draft, name="draft"),
    path("story/draft/publish/", views.publish, name="publish"),
    path("story/carried/", views.carried, name="carried"),
]
