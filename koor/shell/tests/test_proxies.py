"""X-Forwarded-*: believed from a named proxy, dropped from anyone else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from koor.shell.proxies import believe, client_of, networks

TRUSTED = networks(("10.0.0.1", "192.168.0.0/16", "::1"))


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.9, 203.0.113.7", "203.0.113.7"),  # the left one is what the client wrote
        ("203.0.113.7, 192.168.4.4", "203.0.113.7"),
        ("2001:db8::5", "2001:db8::5"),
        ("", "10.0.0.1"),
        ("nonsense", "10.0.0.1"),
        ("nonsense, 192.168.4.4", "192.168.4.4"),
    ],
)
def test_the_client_is_the_nearest_stranger(chain: str, client: str) -> None:
    assert client_of(chain, "10.0.0.1", TRUSTED) == client


def test_a_stranger_is_not_believed() -> None:
    meta: dict[str, Any] = {
        "REMOTE_ADDR": "203.0.113.7",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "koor.example",
        "HTTP_X_FORWARDED_FOR": "127.0.0.1",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_FORWARDED": "for=127.0.0.1",
    }
    believe(meta, TRUSTED)
    assert meta == {"REMOTE_ADDR": "203.0.113.7", "wsgi.url_scheme": "http", "HTTP_HOST": "koor.example"}


def test_a_named_proxy_is_believed() -> None:
    meta: dict[str, Any] = {
        "REMOTE_ADDR": "::ffff:10.0.0.1",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_X_FORWARDED_FOR": "203.0.113.7",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "koor.example",
    }
    believe(meta, TRUSTED)
    assert meta == {"REMOTE_ADDR": "203.0.113.7", "wsgi.url_scheme": "https", "HTTP_HOST": "koor.example"}


@pytest.mark.django_db
def test_a_page_behind_a_proxy_is_secure(settings: Any) -> None:
    settings.KOOR_TRUSTED_PROXIES = ["127.0.0.1"]
    answer = Client().get("/health/", headers={"X-Forwarded-Proto": "https"})
    assert answer.wsgi_request.is_secure()
    settings.KOOR_TRUSTED_PROXIES = []
    assert not Client().get("/health/", headers={"X-Forwarded-Proto": "https"}).wsgi_request.is_secure()
