"""npm oidc-provider, and how somebody signs in there with a browser."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from tools import peers

CLIENT, SECRET = "koor", "a secret that only the two of them know"


class OidcServer:
    """A running provider. `people` maps a name at the provider to the claims that it makes about them."""

    def __init__(self, redirect: str, people: dict[str, dict[str, Any]]) -> None:
        self.asked = {"redirect": redirect, "people": people}
        self.issuer = ""

    def __enter__(self) -> Self:
        if not peers.is_there("oidc"):
            raise RuntimeError("the peer oidc is not installed: make peers")
        self._process = subprocess.Popen(
            [str(peers.node()), "server.mjs"],
            cwd=peers.place("oidc"),
            env={"PATH": os.defpath, "KOOR_PEER": json.dumps(self.asked)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("READY "):
                self.issuer = line.split()[1]
                return self
        raise RuntimeError("the provider did not start")

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

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
