"""Who is really at the door: `X-Forwarded-*` counts only from the proxies in KOOR_TRUSTED_PROXIES.

From anyone else these headers are dropped, so that nothing further in can be fooled by them (rate limits, links)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


@lru_cache
def networks(named: tuple[str, ...]) -> tuple[Network, ...]:
    """Addresses and networks as they stand in KOOR_TRUSTED_PROXIES. Raises ValueError."""
    return tuple(ipaddress.ip_network(one, strict=False) for one in named)


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        ip = ipaddress.ip_address(address.strip())
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in network for network in trusted if network.version == ip.version)


def client_of(chain: str, peer: str, trusted: Sequence[Network]) -> str:
    """The nearest address that is no proxy of ours: read from the right, for the left is what the client wrote."""
    client = peer
    for hop in reversed([part.strip() for part in chain.split(",") if part.strip()]):
        try:
            client = str(ipaddress.ip_address(hop))
        except ValueError:
            return client
        if not is_trusted(client, trusted):
            return client
    return client


def believe(meta: dict[str, Any], trusted: Sequence[Network]) -> None:
    """Rewrite a WSGI environment by what a trusted proxy says, and drop the headers in any case."""
    peer = str(meta.get("REMOTE_ADDR", ""))
    said = {name: str(meta.pop(name, "")) for name in HEADERS}
    if not is_trusted(peer, trusted):
        return
    meta["REMOTE_ADDR"] = client_of(said["HTTP_X_FORWARDED_FOR"], peer, trusted)
    scheme = said["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip().lower()
    if scheme in {"http", "https"}:
        meta["wsgi.url_scheme"] = scheme
    if host := said["HTTP_X_FORWARDED_HOST"].rpartition(",")[2].strip():
        meta["HTTP_HOST"] = host


def forwarded(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; must stand before all that asks who comes, by which scheme or to which name."""

    def middleware(request: HttpRequest) -> HttpResponse:
        believe(request.META, networks(tuple(settings.KOOR_TRUSTED_PROXIES)))
        return get_response(request)

    return middleware
