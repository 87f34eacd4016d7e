"""What every visitor needs: another language, and the house as an app on the phone."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koor.flow.hub.media import allowed
from koor.ground.people import actions
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel import hrefs


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Another language: kept with the colleague, or for as long as a stranger's visit lasts."""
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        request.session["language"] = wanted
        if isinstance(request.user, Person):
            actions.edit_profile(by=request.user, person=request.user, language=wanted)
    return HttpResponseRedirect(hrefs.own(request.POST.get("next", ""), "/"))


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest: the house on the first screen of a phone."""
    content = {
        "id": "/",
        "name": "Koor",
        "short_name": "Koor",
        "description": _("Show your work, answer people, and see what it did."),
        "lang": translation.get_language(),
        "start_url": _opens_on(request),
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf7",
        "theme_color": "#fbfaf7",
        "icons": [
            {"src": static("shell/koor.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("shell/koor-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("shell/koor-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("shell/koor-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
        "shortcuts": _shortcuts(),
        "share_target": _share_target(),
    }
    return JsonResponse(content, content_type="application/manifest+json", headers={"Vary": "Cookie, Accept-Language"})


def _opens_on(request: HttpRequest) -> str:
    """The camera for who works in the field; Today, where others wait for them, for who leads or works backstage."""
    person = request.user
    in_the_field = isinstance(person, Person) and not (person.is_backstage or person.has_role(Role.CAPTAIN))
    return reverse("hub:capture") if in_the_field else "/"


def _share_target() -> dict[str, Any]:
    """Other apps share into Koor; the service worker takes it in, with and without signal."""
    files = [{"name": "photos", "accept": allowed.ACCEPT.split(",")}]
    params = {"title": "title", "text": "text", "url": "url", "files": files}
    return {
        "action": reverse("hub:share"),
        "method": "POST",
        "enctype": "multipart/form-data",
        "params": params,
    }


def _shortcuts() -> list[dict[str, str]]:
    shortcuts = []
    for url_name, name in (("hub:capture", _("Take a photo")), ("conversations:talk", _("Talk"))):
        try:
            shortcuts.append({"name": name, "url": reverse(url_name)})
        except NoReverseMatch:
            continue
    return shortcuts
