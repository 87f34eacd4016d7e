"""Root addresses. Each room brings its own `urls.py`; the shell's own pages are in `pages.py`."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from koor.ground.people.actions.provider import NAME
from koor.shell import own_provider
from koor.shell.api import api

rooms = [room for room in settings.ROOMS if room != "koor.shell" and find_spec(f"{room}.urls")]
urlpatterns: list[URLPattern | URLResolver] = [
    *(path(f"sign-in/{shut}", own_provider.nothing_here) for shut in own_provider.SHUT),  # before allauth's own
    path(f"sign-in/oidc/{NAME}/login/", own_provider.go),
    path(f"sign-in/oidc/{NAME}/login/callback/", own_provider.back),
    path("sign-in/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("", include("koor.shell.pages")),
    *(path("", include(f"{room}.urls")) for room in rooms),
]
handler400 = "koor.shell.errors.bad_request"
handler403 = "koor.shell.errors.forbidden"
handler404 = "koor.shell.errors.not_found"
handler500 = "koor.shell.errors.server_error"
handler429 = "koor.shell.errors.too_often"  # asked for by the sign-in pages
