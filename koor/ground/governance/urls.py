from django.urls import path

from koor.ground.governance.views import matters, personal

app_name = "governance"
urlpatterns = [
    path("manage/access/", matters.permissions, name="access"),
    path("manage/audit/", matters.trail, name="audit"),
    path("manage/audit/file/", matters.trail_as_file, name="audit_file"),
    path("responsibility/", matters.responsibility, name="responsibility"),
    path("responsibility/<slug:purpose>/", matters.agree, name="agree"),
    path("manage/personal/", personal.overview, name="personal"),
    path("personal/me/", personal.mine, name="personal_mine"),
    path("personal/exports/<int:id>/", personal.take_along, name="personal_export"),
    path("personal/<slug:kind>/<int:id>/", personal.one, name="personal_one"),
    path("manage/personal/terms/", personal.terms, name="personal_terms"),
    path("manage/personal/let-back/", personal.let_back, name="personal_let_back"),
    path("personal/<slug:kind>/<int:id>/erase/", personal.erase, name="personal_erase"),
    path("personal/<slug:kind>/<int:id>/hold/", personal.hold, name="personal_hold"),
    path("personal/<slug:kind>/<int:id>/export/", personal.export, name="personal_ask_export"),
]
