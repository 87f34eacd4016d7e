from django.urls import path

from koor.ground.governance import views

app_name = "governance"
urlpatterns = [
    path("manage/access/", views.permissions, name="access"),
    path("manage/audit/", views.trail, name="audit"),
    path("manage/audit/file/", views.trail_as_file, name="audit_file"),
    path("responsibility/", views.responsibility, name="responsibility"),
    path("responsibility/<slug:purpose>/", views.agree, name="agree"),
]
