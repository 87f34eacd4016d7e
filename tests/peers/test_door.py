"""The door out against a server that is not ours: refused unless allowed, then read as it stands."""

from collections.abc import Callable

import pytest

from koor.kernel.http import Door, Refused
from tests.peers.oidc_server import OidcServer

pytestmark = pytest.mark.peers("oidc")


def test_a_server_in_the_house_is_called_only_when_allowed(
    oidc_server: Callable[..., OidcServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = oidc_server(redirect="http://testserver/", people={})
    address = f"{server.issuer}/.well-known/openid-configuration"
    with pytest.raises(Refused):
        Door().request("GET", address)
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", server.place)
    assert Door().request("GET", address).json()["issuer"] == server.issuer
