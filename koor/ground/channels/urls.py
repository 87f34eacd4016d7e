from django.urls import path

from koor.ground.channels.views import accounts as views
from koor.ground.channels.views import connecting

app_name = "channels"
urlpatterns = [
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/add/", views.choose, name="choose"),
    path("accounts/add/<slug:key>/", views.add, name="add"),
    path("accounts/add/<slug:key>/go/", connecting.go, name="go"),
    path("accounts/add/<slug:key>/back/", connecting.back, name="back"),
    path("accounts/places/<int:pk>/", connecting.places, name="places"),
    path("accounts/<int:pk>/", views.account, name="account"),
    path("accounts/<int:pk>/again/", connecting.again, name="again"),
    path("accounts/<int:pk>/edit/", views.edit, name="edit"),
    path("accounts/<int:pk>/secrets/", views.secrets, name="secrets"),
    path("accounts/<int:pk>/members/", views.member, name="member"),
    path("accounts/<int:pk>/pause/", views.pause, name="pause"),
    path("accounts/<int:pk>/resume/", views.resume, name="resume"),
    path("accounts/<int:pk>/look/", views.look, name="look"),
    path("accounts/<int:pk>/connect/", views.connect, name="connect"),
    path("accounts/<int:pk>/disconnect/", views.disconnect, name="disconnect"),
    path("platforms/", views.platforms, name="platforms"),
    path("platforms/<slug:key>/", views.platform, name="platform"),
    path("platforms/<slug:key>/application/", connecting.application, name="application"),
    path("platforms/<slug:key>/application/forget/", connecting.forget, name="forget_application"),
    path("platforms/<slug:key>/<slug:part>/", views.covered, name="covered"),
]
