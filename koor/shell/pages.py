"""Addresses of the shell's own pages."""

from django.urls import URLPattern, path

from koor.shell.views import door, house, search, today, welcome

app_name = "shell"
urlpatterns: list[URLPattern] = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("language/", door.language, name="language"),
    path("koor.webmanifest", door.manifest, name="manifest"),
    path("manage/organisation/", house.change_house, name="settings"),
    path("manage/organisation/logo/", house.logo, name="logo"),
    path("manage/mail/", house.mail, name="mail"),
    path("manage/mail/<int:pk>/again/", house.send_again, name="send_again"),
    path("manage/mail/<int:pk>/throw-away/", house.throw_away, name="throw_away"),
    path("welcome/", welcome.begin, name="begin"),
    path("welcome/done/", welcome.done, name="welcome_done"),
    path("welcome/<slug:step>/", welcome.take_step, name="welcome"),
]
