"""Signing in with the organisation's own OpenID provider: allauth walks the steps, the people room says who it is.

Three things are ours: the provider comes from the database instead of settings; every call to it leaves by the guarded
door; and nobody comes in but by `people.actions.come_in`.
"""

import logging
from collections.abc import Callable
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from koor.ground.people import actions, queries
from koor.ground.people.actions.provider import CONTEXT, NAME
from koor.ground.people.logic.provider import document_address, read_claims
from koor.ground.people.models import Provider
from koor.kernel import secrets
from koor.kernel.access import SYSTEM, NotFound, Refused
from koor.kernel.http import Door, NotSent, Unclear

log = logging.getLogger(__name__)
SECONDS = 15.0  # for one call to the provider, while somebody waits
MOST_BYTES = 1_000_000
SHUT = (  # pages of allauth on which one would say oneself who one is: with other accounts, addresses, codes by letter
    "3rdparty/",
    "3rdparty/<path:rest>",
    "social/<path:rest>",
    "email/",
    "confirm-email/",
    "confirm-email/<path:rest>",
    "login/code/<path:rest>",
)


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What allauth asks of a house about providers."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """The one provider as allauth knows it, made for this request and saved nowhere."""
        found = queries.provider()
        if found is None or provider not in (None, NAME, "openid_connect"):
            return []
        app = _app(found)
        return [app] if app and client_id in (None, app.client_id) else []

    def get_requests_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # no proxy and no .netrc beside the door
        session.max_redirects = 0  # the door follows what is safe to follow
        session.mount("https://", GuardedDoor())
        session.mount("http://", GuardedDoor())
        return session

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """Nothing: the colleague is looked up, not made of what a provider says."""
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Who it is, or a page that says why not. allauth goes on with second steps and the session."""
        papers = sociallogin.account.extra_data
        claims = read_claims(papers.get("id_token") or {}, papers.get("userinfo") or {})
        if claims is None or sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(sorry(request))
        try:
            person = actions.come_in(by=SYSTEM, claims=claims)
        except Refused as refused:
            raise ImmediateHttpResponse(sorry(request, str(refused), status=403)) from refused
        sociallogin.user = person
        sociallogin.account.user = person
        if sociallogin.account.pk:  # what else the provider told is not kept
            sociallogin.account.extra_data = {}
            sociallogin.account.save(update_fields=["extra_data"])

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **_k: Any
    ) -> None:
        if exception is not None:
            _note(exception)
        raise ImmediateHttpResponse(sorry(request))


def _app(provider: Provider) -> SocialApp | None:
    """None when the secret does not open here; the page of the administrator says so."""
    try:
        secret = secrets.unseal(provider.secret, CONTEXT).decode()
    except secrets.CannotOpen:
        return None
    return SocialApp(
        provider="openid_connect",
        provider_id=NAME,
        name=provider.label,
        client_id=provider.client_id,
        secret=secret,
        settings={
            "server_url": document_address(provider.issuer),
            "oauth_pkce_enabled": True,
            "openid_configuration_overrides": {"issuer": provider.issuer},  # whose word is taken, and nobody else's
        },
    )


class GuardedDoor(BaseAdapter):  # type: ignore[misc]
    """Lets `requests` out by the house's own door only: addresses checked, everything within limits."""

    def send(self, request: requests.PreparedRequest, *_a: Any, **_k: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        assert body is None or isinstance(body, bytes)
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() != "content-length"}
        try:
            answer = Door(max_bytes=MOST_BYTES).request(
                str(request.method), str(request.url), headers=headers, content=body, timeout=SECONDS
            )
        except (NotSent, Unclear) as error:
            raise requests.ConnectionError(str(error), request=request) from error
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status, answer.url, request
        response.headers = CaseInsensitiveDict(answer.headers)
        response._content, response.encoding = answer.content, "utf-8"
        return response

    def close(self) -> None:
        """The door keeps nothing open."""


def sorry(request: HttpRequest, why: str = "", status: int = 401) -> HttpResponse:
    return render(request, "account/not_let_in.html", {"why": why}, status=status)


def _note(error: Exception) -> None:
    """For the operator: what the provider answered may say why."""
    log.warning("the organisation's own provider: %s: %s", type(error).__name__, str(error)[:300])


def _asking(view: Callable[..., HttpResponse], request: HttpRequest) -> HttpResponse:
    """A step of allauth; a provider that does not answer, or answers nonsense, gives a page and not an error."""
    try:
        return view(request, NAME)
    except (requests.RequestException, OAuth2Error, KeyError, TypeError, ValueError, AttributeError) as error:
        _note(error)
        why = _("Your organisation's provider does not answer as it should. Try again in a minute.")
        return sorry(request, why, status=502)


@login_not_required
def go(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    return _asking(views.login, request)


@login_not_required
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    return _asking(views.callback, request)


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """In the place of allauth's own pages about accounts and addresses: who is who is not one's own choice."""
    raise NotFound
