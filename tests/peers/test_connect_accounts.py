"""Connecting an account and renewing its tokens, against a real provider whose refresh tokens count once."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client

from koor.ground.channels import actions, logic, queries
from koor.ground.channels.actions import renewing
from koor.ground.channels.contract import Because, Health, OAuth, Place, Session
from koor.ground.channels.models import Account, Connecting, Grant
from koor.ground.channels.tests.platform import manifest
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from tests.peers.oidc_server import CLIENT, SECRET, OidcServer

pytestmark = [pytest.mark.peers("oidc"), pytest.mark.django_db(transaction=True)]


def me(session: Session) -> tuple[Place, ...] | Health:
    token = {"Authorization": f"Bearer {session.secrets['access_token']}"}
    answer = session.http.request("GET", f"{session.settings['server']}/me", headers=token)
    found = logic.json_of(answer)
    if answer.status != 200 or not isinstance(found, dict):
        return Health(False, "No.", because=Because.AUTH)
    return (Place(found["sub"], found["sub"], personal=True, settings={"server": session.settings["server"]}),)


@pytest.fixture
def server(oidc_server: Callable[..., OidcServer], monkeypatch: pytest.MonkeyPatch) -> OidcServer:
    """As a platform: the access token lives eight seconds."""
    people = {"els": {"email": "els@school.example"}}
    found = oidc_server(redirect=queries.way_back("choir"), people=people, seconds=8)
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", found.place)
    oauth = OAuth(
        authorise=f"{found.issuer}/auth", token=f"{found.issuer}/token", scopes=("openid", "offline_access"),
        basic=True, issuer=found.issuer, extra={"prompt": "consent"},
    )  # fmt: skip
    choir = queries.Connector("choir", manifest(oauth), connect=SimpleNamespace(places=me))
    monkeypatch.setitem(queries.connectors(), "choir", choir)
    actions.register_application(by=SYSTEM, connector="choir", client_id=CLIENT, client_secret=SECRET)
    row = queries.application("choir")
    assert row
    row.settings = {"server": found.issuer}
    row.save()
    return found


def connected(server: OidcServer, rob: Person) -> Account:
    """All the way: the button, the provider's own pages, back, and the choice."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(rob)
    off = client.post("/accounts/add/choir/go/")
    address = server.sign_in(off.context["address"], "els")
    chosen = client.get("/accounts/add/choir/back/", dict(parse_qsl(urlsplit(address).query)))
    assert chosen.status_code == 302, chosen.content.decode()
    client.post(chosen["Location"], {"places": ["els"], "purpose": "work"})
    assert client.get(address).status_code == 400  # the way back counts once
    return Account.objects.get()


def test_there_and_back_and_renewed_once_by_twenty(server: OidcServer, house: object, rob: Person) -> None:
    account = connected(server, rob)
    assert (account.name, account.owner, Connecting.objects.count()) == ("els", rob, 0)
    before = queries.tokens_of(Grant.objects.get())
    time.sleep(4)  # it lives eight seconds
    found: list[str] = []

    def post() -> None:
        try:
            session = queries.session_for(Account.objects.get())
            found.append(session.secrets.get("access_token", ""))
            assert isinstance(me(session), tuple)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    after = queries.tokens_of(Grant.objects.get())
    assert after.refresh != before.refresh
    assert set(found) == {after.access}
    assert len(found) == 20
    assert Grant.objects.get().refused_at is None


def test_withdrawn_there(server: OidcServer, house: object, rob: Person) -> None:
    """A token that was used already ends everything at a real provider; the owner hears it."""
    account = connected(server, rob)
    old = queries.tokens_of(Grant.objects.get())
    time.sleep(4)
    queries.session_for(account)
    renewing.keep_tokens(Grant.objects.get(), old)
    Grant.objects.update(renewed_at=clock.now() - timedelta(hours=1))
    assert queries.session_for(account).http.request("GET", f"{server.issuer}/me").status == 401
    account.refresh_from_db()
    assert "Connect it again" in account.health_note
