"""npm oidc-provider, and how somebody signs in there with a browser."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.peers.node_server import NodeServer

CLIENT, SECRET = "koor", "a secret that only the two of them know"


class OidcServer(NodeServer):
    """A running provider. `people` maps a name at the provider to the claims that it makes about them."""

    peer = "oidc"

    def __init__(self, redirect: str, people: dict[str, dict[str, Any]], seconds: int = 3600) -> None:
        super().__init__({"redirect": redirect, "people": people, "seconds": seconds})

    @property
    def issuer(self) -> str:
        return self.url

    @property
    def place(self) -> str:
        """Its host and port, as KOOR_ALLOW_HOSTS names it."""
        return urlsplit(self.issuer).netloc

    def sign_in(self, address: str, name: str) -> str:
        """From the address that Koor sends a browser to, as this person; the address that one comes back to."""
        visitor = _Visitor()
        for _step in range(12):
            if address.startswith(self.asked["redirect"]):
                return address
            address = visitor.follow(address, name)
        raise RuntimeError("the provider does not send anybody back")


class _Visitor(urllib.request.HTTPRedirectHandler):
    """A browser that fills in the provider's own forms and looks at each redirect."""

    def __init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(self, cookies)

    def redirect_request(self, *_: Any) -> None:
        return None

    def follow(self, address: str, name: str) -> str:
        """One step: the next address."""
        location, page = self._ask(address)
        if location:
            return urljoin(address, location)
        form = re.search(r'<form[^>]*action="([^"]+)"', page)
        if form is None:
            raise RuntimeError(f"no form at {address}: {page[:500]}")
        fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
        typed = {"login": name, "password": "anything"} if 'name="login"' in page else {}
        location, page = self._ask(urljoin(address, form[1]), fields | typed)
        return urljoin(address, location)

    def _ask(self, address: str, data: dict[str, str] | None = None) -> tuple[str, str]:
        """Where it leads to, or the page."""
        body = urllib.parse.urlencode(data).encode() if data else None
        try:
            answer = self.browser.open(address, body, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.headers.get("Location", ""), answer.read().decode()
