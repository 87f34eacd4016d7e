"""The server's answers against the published description of the interface, where that is at hand.

The description is abraham/mastodon-openapi (4.7.0, 2026-08-19), made from the documentation; it is not in this
repository. Put its address in KOOR_TEST_SPECS (a folder with mastodon-openapi.json) to run these tests.
"""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from koor.kernel.http import Door
from tests.mastodon_server import MastodonServer, routes
from tests.mastodon_server.conftest import Caller

SPECIFICATION = Path(os.environ.get("KOOR_TEST_SPECS", "")) / "mastodon-openapi.json"
pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason=f"{SPECIFICATION} is not there (KOOR_TEST_SPECS)")


@functools.cache
def specification() -> dict[str, Any]:
    return json.loads(SPECIFICATION.read_text())


def check(route: str, status: int, body: Any) -> None:
    """Raises when the body is not what the description says for this route and status."""
    method, path = route.split(" ")
    answers = specification()["paths"][path][method.lower()]["responses"]
    assert str(status) in answers, f"{route} is not described as answering {status}"
    content = answers[str(status)].get("content")
    if content:
        schema = {**content["application/json"]["schema"], "components": specification()["components"]}
        jsonschema_rs.validator_for(schema).validate(body)


@pytest.fixture
def filled(mastodon: MastodonServer, call: Caller) -> str:
    """A server with one of everything; gives the id of a status."""
    picture = call("POST", "/api/v2/media", files={"file": ("a.png", b"png", "image/png")}, data={"description": "x"})
    text = "Hallo @els@social.example, zie https://reurslag.example/een/heel/lang/adres #warmtepomp"
    mastodon.inject("post", text="Even voorstellen")
    status = call("POST", "/api/v1/statuses", json={"status": text, "media_ids": [picture.json()["id"]]}).json()
    call("POST", "/api/v1/statuses", json={"status": "?", "poll": {"options": ["a", "b"], "expires_in": 3600}})
    for kind in ("reply", "favourite", "reblog", "follow", "direct"):
        mastodon.inject(kind, text="@reurslag dank", to=status["id"] if kind not in ("follow", "direct") else "")
    return str(status["id"])


@pytest.mark.parametrize(
    ("route", "address"),
    [
        ("GET /api/v2/instance", ""),
        ("GET /api/v1/accounts/verify_credentials", ""),
        ("GET /api/v1/apps/verify_credentials", ""),
        ("GET /api/v1/accounts/{id}/statuses", "/api/v1/accounts/ME/statuses"),
        ("GET /api/v1/accounts/lookup", "/api/v1/accounts/lookup?acct=kees"),
        ("GET /api/v1/statuses/{id}", "/api/v1/statuses/STATUS"),
        ("GET /api/v1/statuses/{id}/context", "/api/v1/statuses/STATUS/context"),
        ("GET /api/v1/statuses/{id}/source", "/api/v1/statuses/STATUS/source"),
        ("GET /api/v1/statuses/{id}/history", "/api/v1/statuses/STATUS/history"),
        ("POST /api/v1/statuses/{id}/favourite", "/api/v1/statuses/STATUS/favourite"),
        ("POST /api/v1/statuses/{id}/reblog", "/api/v1/statuses/STATUS/reblog"),
        ("PUT /api/v1/statuses/{id}", "/api/v1/statuses/STATUS"),
        ("DELETE /api/v1/statuses/{id}", "/api/v1/statuses/STATUS"),
        ("GET /api/v1/notifications", ""),
        ("GET /api/v1/conversations", ""),
        ("GET /api/v1/timelines/home", ""),
        ("GET /api/v1/timelines/public", ""),
        ("GET /api/v1/timelines/tag/{hashtag}", "/api/v1/timelines/tag/warmtepomp"),
        ("GET /api/v2/search", "/api/v2/search?q=warmtepomp"),
        ("GET /api/v1/statuses/{id}", "/api/v1/statuses/12"),
        ("POST /api/v1/statuses", ""),
        ("POST /api/v2/media", ""),
    ],
)
def test_answers_as_described(mastodon: MastodonServer, call: Caller, filled: str, route: str, address: str) -> None:
    me = mastodon.world.account("reurslag").id
    method, path = route.split(" ")
    json_body = {"status": "Nieuwe tekst"} if (method, path) == ("PUT", "/api/v1/statuses/{id}") else None
    answer = call(method, (address or path).replace("STATUS", filled).replace("ME", me), json=json_body)
    check(route, answer.status, answer.json())


def test_the_lists_are_not_empty(mastodon: MastodonServer, call: Caller, filled: str) -> None:
    assert {n["type"] for n in call("GET", "/api/v1/notifications").json()} == {
        *("mention", "favourite", "reblog", "follow")
    }
    assert call("GET", "/api/v1/conversations").json()[0]["last_status"]["visibility"] == "direct"


def test_every_route_is_described() -> None:
    described = {
        f"{method.upper()} {path.replace('{hashtag}', ':tag').replace('{id}', ':id')}"
        for path, methods in specification()["paths"].items()
        for method in methods
    }
    ours = {route.name for route, _ in routes.ROUTES}
    assert ours - described == {"GET /files/:id"}


def test_without_a_token(mastodon: MastodonServer) -> None:
    door = Door(allow=frozenset({(mastodon.host, mastodon.port)}))
    for route in ("GET /api/v1/notifications", "POST /api/v1/statuses"):
        method, path = route.split(" ")
        answer = door.request(method, mastodon.url + path)
        assert answer.status == 401
        check(route, answer.status, answer.json())
